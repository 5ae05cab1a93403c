"""What a web process loads before it is asked for it."""

from __future__ import annotations

import gc
import sys

import pytest

from community import warm_up
from security import ingest

pytestmark = pytest.mark.pure


def test_the_plate_engine_is_loaded_before_the_first_picture(monkeypatch, settings):
    monkeypatch.setattr(ingest, "_loaded", {})
    thread = warm_up.begin(["security.ingest.warm_up"], 0)
    assert thread
    thread.join(60)
    assert settings.PLATE_ENGINE in ingest._loaded


def test_a_fault_does_not_keep_the_next_from_being_loaded(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(ingest, "warm_up", lambda: done.append("engine"))
    thread = warm_up.begin(["security.nowhere.at_all", "security.ingest.warm_up"], 0)
    assert thread
    thread.join(30)
    assert done == ["engine"]


def test_what_is_loaded_is_not_looked_through_again():
    warm_up.settle()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()
    assert gc.get_threshold() == warm_up.ROUNDS


def test_the_first_page_loads_no_modules():
    warm_up.addresses()
    assert "parcels.pages.courier" in sys.modules


def test_nothing_to_load_makes_no_thread():
    assert warm_up.begin([], 0) is None
