"""Reading files: the batch below, and the command above it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from community.vision import batch, pictures
from community.vision.engines import EngineUnavailable, load
from community.vision.plates import PlateKind, PlateRead, Roi


class Fixed:
    """An engine that sees one plate in every frame."""

    name = "fixed"

    def read(
        self, frame: np.ndarray, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        return [
            PlateRead("苏A12345", PlateKind.BLUE, "blue", 0.9, (10, 20, 30, 10), (0.9,) * 7, "")
        ]

    def read_crop(self, crop: np.ndarray) -> PlateRead | None:
        return self.read(crop)[0]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Fixed:
    from community.management.commands import read_plates

    monkeypatch.setattr(read_plates, "load", lambda *_names, **_options: Fixed())
    return Fixed()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "below"
    below.mkdir()
    frame = np.full((400, 2560, 3), 90, np.uint8)
    (below / "car.jpg").write_bytes(pictures.encode_jpeg(frame, 80))
    (tmp_path / "fake.jpg").write_text("I am a text")
    (tmp_path / "notes.txt").write_text("not looked at")
    return tmp_path


def run(*arguments: Any) -> tuple[int, list[dict[str, Any]]]:
    out, code = io.StringIO(), 0
    try:
        call_command("read_plates", *map(str, arguments), "--json", stdout=out)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_line_per_picture_and_the_bad_one_says_why(engine: Fixed, folder: Path) -> None:
    code, (good, bad) = run(folder)
    assert code == 1
    assert good["file"].endswith("car.jpg")
    plate = {"text": "苏A12345", "kind": "blue", "colour": "blue", "confidence": 0.9}
    assert good["plates"] == [{**plate, "box": [20, 40, 60, 20]}]  # in pixels of the file
    assert good["ms"] >= 0
    assert (bad["error"], set(bad)) == ("not_a_picture", {"file", "error", "message"})


def test_a_missing_file_does_not_stop_the_others(engine: Fixed, folder: Path) -> None:
    code, lines = run(folder / "gone.jpg", folder / "below/car.jpg")
    assert code == 1
    assert [line.get("error") for line in lines] == ["missing", None]


def test_all_well_ends_well(engine: Fixed, folder: Path) -> None:
    code, lines = run(folder / "below")
    assert (code, len(lines)) == (0, 1)


def test_without_json_people_can_read_it(engine: Fixed, folder: Path) -> None:
    out = io.StringIO()
    call_command("read_plates", str(folder / "below"), stdout=out)
    assert "苏A12345" in out.getvalue()
    assert "{" not in out.getvalue()


def test_nothing_to_read_is_said(engine: Fixed, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("read_plates", str(tmp_path))


def test_a_video_is_sampled(engine: Fixed, tmp_path: Path) -> None:
    path = tmp_path / "lane.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for _ in range(20):
        writer.write(np.full((120, 160, 3), 99, np.uint8))
    writer.release()
    lines = list(batch.read_source(engine, batch.Source(path)))
    assert [(line["frame"], line["at_s"]) for line in lines] == [
        (n, n / 10) for n in (0, 5, 10, 15)
    ]


def test_a_file_that_is_no_video_is_said(engine: Fixed, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"nothing moves here")
    (line,) = batch.read_source(engine, batch.Source(path))
    assert line["error"] == "not_a_video"


def test_every_error_has_its_words() -> None:
    from community.management.commands.read_plates import MESSAGES

    assert set(MESSAGES) == set(batch.MESSAGES)


def test_an_unknown_engine_is_unavailable_not_a_crash() -> None:
    with pytest.raises(EngineUnavailable, match="nosuch"):
        load("nosuch")
