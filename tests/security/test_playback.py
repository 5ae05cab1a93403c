"""Photographs played to a gate from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import cv2
import pytest
from django.core.management import CommandError, call_command

from community.devices.simulated import openings
from community.models import Lane
from security.management.commands import watch_cameras
from security.models import Passage
from tests.security.gates import OTHER, PLATE, gate
from tests.security.stamped import StampEngine, stamped

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lane(settings, tmp_path: Path, monkeypatch) -> Lane:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path / "var"
    monkeypatch.setattr(watch_cameras, "load_engine", StampEngine)
    return gate()


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    for number, text in enumerate([PLATE, OTHER, None]):
        cv2.imwrite(str(folder / f"{number}.png"), stamped(text))
    (folder / "9.jpg").write_text("no picture")
    return folder


def play(lane: Lane | str, source: Path | None, *more: str) -> list[str]:
    said = StringIO()
    name = lane if isinstance(lane, str) else lane.name
    where = ["--source", str(source)] if source else []
    call_command("watch_cameras", "--lane", name, *where, *more, stdout=said)
    return said.getvalue().splitlines()


def test_each_photograph_is_a_passage_with_its_line(lane: Lane, photographs: Path) -> None:
    said = play(lane, photographs, "--once", "--seconds", "0")
    outcomes = Passage.objects.order_by("id").values_list("plate", "outcome")
    assert list(outcomes) == [(PLATE, "allow"), (OTHER, "ask"), ("", "fail")]
    assert len(openings(lane.barrier_id)) == 1
    assert PLATE in said[0]
    assert "0.png" in said[0]
    assert "3" in said[3]
    assert "9.jpg" in said[4]


@pytest.mark.parametrize("name", ["nowhere", "999999"])
def test_an_unknown_lane_is_said_with_those_that_are(lane: Lane, photographs, name: str) -> None:
    with pytest.raises(CommandError, match=lane.name):
        play(name, photographs)


def test_a_missing_source_is_said(lane: Lane, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing is at"):
        play(lane, tmp_path / "gone")
    with pytest.raises(CommandError, match="--source"):
        play(lane, None)


def test_without_an_engine_nothing_is_played(lane: Lane, photographs, monkeypatch) -> None:
    monkeypatch.setattr(watch_cameras, "load_engine", lambda: None)
    with pytest.raises(CommandError, match="engine"):
        play(lane, photographs, "--once")
    assert not Passage.objects.exists()
