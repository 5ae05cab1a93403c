"""A folder of one's own for simulated devices, and relays to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from community.models import Compound, Device, Lane
from tests.community import factories
from tests.community.devices.relay import Relay


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.DEVICE_LOOPBACK = True


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as board:
        yield board


@pytest.fixture
def compound(transactional_db: None) -> Compound:
    return factories.compound()


@pytest.fixture
def barrier(compound: Compound) -> Device:
    return factories.device(compound, "barrier", "simulated")


@pytest.fixture
def lane(compound: Compound, barrier: Device) -> Lane:
    return factories.lane(compound, barrier=barrier)
