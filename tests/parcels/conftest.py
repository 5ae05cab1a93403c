import pytest

from tests.parcels.lockers import Stand, stand


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place(db) -> Stand:
    return stand()
