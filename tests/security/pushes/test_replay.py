"""The bench's mixed replay, shorter, over two web processes: repeats meet the other process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import pushes
from bench.gate import invented, register
from tests.community import factories
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
COUNT = 160


def test_of_all_makers_pushes_none_opens_wrongly_is_lost_or_doubled(
    start_linli: Callable[..., LinliServer], settings: Any, tmp_path: Path
):
    compound = factories.compound()
    plates = invented(COUNT)
    register(compound, plates)
    # As installed: orders are carried by threads, and both processes share the folder of letters.
    installed = {
        "DJANGO_SETTINGS_MODULE": "tests.servers.threaded",
        "LINLI_VAR": str(tmp_path),
        "LINLI_KEYRING": str(settings.KEYRING_PATH),
    }
    webs = [start_linli(**installed) for _ in range(2)]
    found = pushes.Replay(compound, [web.port for web in webs], plates, COUNT).run()
    assert found["replayed"] >= COUNT
    assert found["wrong_open"] == 0
    assert (found["lost"], found["doubled"], found["not_stored"]) == (0, 0, 0)
    # What may open does, or nothing was tried.
    assert found["opened"] > 0
    assert set(found["replayed_stories"]) >= {"live", "late", "offline", "unregistered"}
