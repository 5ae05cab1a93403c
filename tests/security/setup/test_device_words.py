"""Names of drivers, for people."""

from __future__ import annotations

import pytest

from community.devices import registry
from community.models import Device
from security import listening, sources
from security.setup import device_words

NAMES = {*registry.names(), *sources.DRIVERS, *listening.DRIVERS, "viid"}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_driver_shows_its_bare_name(name):
    assert device_words.what(Device(driver=name)) != name
