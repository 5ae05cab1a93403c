"""Devices asked side by side: one that hangs costs its own answer, and is not asked again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from community.devices.rounds import ask_all

pytestmark = pytest.mark.pure


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    end = threading.Event()
    yield end
    end.set()


def test_who_hangs_delays_nobody_and_is_told_last(hanging):
    told = list(ask_all("a", {1: hanging.wait, 2: lambda: "here", 3: lambda: "there"}, 0.2))
    assert sorted(told[:2]) == [(2, "here"), (3, "there")]
    assert told[2:] == [(1, None)]


def test_who_still_hangs_is_not_asked_again_but_may_be_asked_something_else(hanging):
    asked: list[str] = []

    def question() -> str:
        asked.append("asked")
        hanging.wait()
        return "late"

    assert list(ask_all("b", {1: question}, 0.05)) == [(1, None)]
    assert list(ask_all("b", {1: question}, 5)) == [(1, None)]
    assert list(ask_all("c", {1: lambda: "now"}, 5)) == [(1, "now")]
    assert asked == ["asked"]
    hanging.set()
    for thread in threading.enumerate():
        if thread.name == "b-1":
            thread.join(5)
    assert list(ask_all("b", {1: lambda: "again"}, 5)) == [(1, "again")]


def test_who_breaks_is_told_as_silent():
    def broken() -> str:
        raise RuntimeError("no such board")

    assert sorted(ask_all("d", {1: broken, 2: lambda: "here"}, 5)) == [(1, None), (2, "here")]
