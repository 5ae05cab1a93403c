"""Platforms stand on this machine in tests, and pictures in a folder of the test's own."""

from __future__ import annotations

import pytest

from tests.security.gates import gate
from tests.security.upper.house import entered
from tests.security.upper.platform import listening


@pytest.fixture(autouse=True)
def _here(settings, tmp_path):
    settings.DEVICE_LOOPBACK = True
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lane():
    return gate()


@pytest.fixture
def platform():
    with listening() as one:
        yield one


@pytest.fixture
def row(lane, platform):
    return entered(lane, platform)
