"""Sources: the newest frame, at the right pace, and clear faults."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from community.models import Device
from security.demo_clips import film
from security.sources import Frame, Source, SourceFault, open_source
from security.sources.addresses import stream_address
from security.sources.stills import frame_path, replace_file


def source(driver: str, **settings: object) -> Source:
    return open_source(Device(pk=7, kind="camera", driver=driver, settings=settings))


def picture(shade: int = 90, size: tuple[int, int] = (48, 64)) -> np.ndarray:
    return np.full((*size, 3), shade, np.uint8)


def jpeg(shade: int = 90) -> bytes:
    return cv2.imencode(".jpg", picture(shade))[1].tobytes()


def fault_of(opened: Source) -> str:
    with pytest.raises(SourceFault) as caught:
        for _ in opened.frames():
            pass
    return caught.value.code


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Ten frames, each brighter than the one before."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (64, 48))
    for number in range(10):
        writer.write(picture(20 * number + 10))
    writer.release()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "photographs"
    path.mkdir()
    for number in range(3):
        (path / f"{number}.jpg").write_bytes(jpeg(60 * number + 40))
    return path


# ── the newest frame ──────────────────────────────────────────────────────────────────────────


class Counting(Source):
    """Gives frames 0, 1, 2… as fast as `pace` lets it."""

    def __init__(self, count: int, pace: Callable[[int], None]) -> None:
        super().__init__()
        self.count, self.pace = count, pace

    def _read(self) -> Iterator[tuple[np.ndarray, int | None, str]]:
        for number in range(self.count):
            self.pace(number)
            yield picture(), None, str(number)


def test_the_newest_frame_wins_over_those_nobody_had_time_for() -> None:
    done = threading.Event()
    opened = Counting(50, lambda number: done.set() if number == 49 else None)
    opened.start()
    assert done.wait(5)
    opened._thread.join(5)
    taken = opened.take()
    assert isinstance(taken, Frame)
    assert (taken.name, taken.number) == ("49", 49)
    assert opened.take() is None
    assert opened.over


def test_a_source_that_falls_silent_is_at_fault() -> None:
    hold = threading.Event()
    opened = Counting(2, lambda number: None if number == 0 else hold.wait(5) and None)
    opened.silence_s = 0.2
    opened.start()
    assert opened.take(2) is not None
    time.sleep(0.3)
    with pytest.raises(SourceFault, match="no_frames"):
        opened.take()
    hold.set()
    opened.close()


def test_a_decoder_that_breaks_is_that_sources_fault() -> None:
    def broken(_: int) -> None:
        raise RuntimeError("surprise")

    assert fault_of(Counting(1, broken)) == "no_frames"


def test_closing_ends_it_soon() -> None:
    opened = Counting(10**6, lambda _: time.sleep(0.01))
    opened.start()
    began = time.monotonic()
    opened.close()
    assert time.monotonic() - began < 2
    assert opened.over
    assert not opened._thread.is_alive()


# ── films ─────────────────────────────────────────────────────────────────────────────────────


def test_a_film_plays_at_its_pace_and_ends(clip: Path) -> None:
    began = time.monotonic()
    frames = list(source("video", path=str(clip), fps=20, loop=False).frames())
    assert time.monotonic() - began >= 0.4
    assert [frame.number for frame in frames] == sorted(frame.number for frame in frames)
    assert frames[-1].number == 9
    assert frames[0].image.mean() < frames[-1].image.mean()
    assert all(frame.at.tzinfo and frame.scene is None for frame in frames)


def test_a_film_that_loops_goes_on(clip: Path) -> None:
    opened = source("video", path=str(clip), fps=60, loop=True)
    numbers = [frame.number for frame, _ in zip(opened.frames(), range(25), strict=False)]
    assert numbers[-1] >= 20


def test_a_film_whose_pace_is_nonsense_keeps_its_own(clip: Path) -> None:
    assert list(source("video", path=str(clip), fps="fast", loop=False).frames())


@pytest.mark.parametrize("lane", list(film.listed()))
def test_the_demo_clips_can_be_decoded(lane: str) -> None:
    opened = source("video", path=f"demo/{film.listed()[lane]['clip']}", fps=60)
    frame = next(opened.frames())
    assert frame.image.shape == (540, 960, 3)


def test_a_demo_path_stays_in_the_demo_folder() -> None:
    assert fault_of(source("video", path="demo/../../manage.py")) == "not_found"


def test_a_missing_film_and_a_file_that_is_none_say_so(tmp_path: Path) -> None:
    text = tmp_path / "clip.mp4"
    text.write_text("no film")
    assert fault_of(source("video", path=str(tmp_path / "gone.mp4"))) == "not_found"
    assert fault_of(source("video", path=str(text))) == "not_a_picture"


def test_a_film_with_too_many_pixels_is_refused(clip: Path, settings) -> None:
    settings.PICTURE_MAX_PIXELS = 100
    assert fault_of(source("video", path=str(clip))) == "not_a_picture"


# ── folders of photographs ────────────────────────────────────────────────────────────────────


def test_each_photograph_is_a_scene_and_none_is_lost(folder: Path) -> None:
    opened = source("folder", path=str(folder), seconds_per_picture=0)
    seen = []
    for frame in opened.frames():
        time.sleep(0.05)
        seen.append((frame.scene, frame.name))
    assert seen == [(0, "0.jpg"), (1, "1.jpg"), (2, "2.jpg")]


def test_what_is_no_photograph_is_passed_over_and_named(folder: Path) -> None:
    (folder / "1.jpg").write_text("text named .jpg")
    (folder / "notes.txt").write_text("not looked at")
    opened = source("folder", path=str(folder), seconds_per_picture=0)
    assert [frame.name for frame in opened.frames()] == ["0.jpg", "2.jpg"]
    assert [file.name for file in opened.unreadable] == ["1.jpg"]


def test_a_huge_photograph_is_not_decoded(folder: Path, settings) -> None:
    settings.PICTURE_MAX_BYTES = len(jpeg()) - 50
    (folder / "1.jpg").write_bytes(jpeg() + b"\0" * 5000)
    opened = source("folder", path=str(folder), seconds_per_picture=0)
    assert fault_of(opened) == "not_a_picture"


def test_an_empty_folder_and_a_missing_one_say_so(tmp_path: Path) -> None:
    assert fault_of(source("folder", path=str(tmp_path / "gone"))) == "not_found"
    assert fault_of(source("folder", path=str(tmp_path))) == "no_frames"


def test_one_photograph_is_enough(folder: Path) -> None:
    opened = source("folder", path=str(folder / "1.jpg"), seconds_per_picture=0)
    assert [frame.name for frame in opened.frames()] == ["1.jpg"]


# ── a phone ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def phone(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    replace_file(frame_path(7), jpeg(40))
    return frame_path(7)


def test_each_frame_of_a_phone_is_seen_once(phone: Path) -> None:
    frames = source("browser").frames()
    assert next(frames).image.mean() == pytest.approx(40, abs=3)
    replace_file(phone, jpeg(200))
    assert next(frames).image.mean() == pytest.approx(200, abs=3)
    frames.close()


def test_a_phone_that_stopped_is_at_fault(phone: Path) -> None:
    old = time.time() - 6
    os.utime(phone, (old, old))
    assert fault_of(source("browser")) == "no_frames"


def test_a_phone_that_never_came_is_at_fault(phone: Path) -> None:
    phone.unlink()
    assert fault_of(source("browser")) == "no_frames"


def test_a_frame_that_is_no_picture_is_at_fault(phone: Path) -> None:
    replace_file(phone, b"text")
    assert fault_of(source("browser")) == "not_a_picture"


def test_replacing_a_file_leaves_no_draft_behind(phone: Path) -> None:
    replace_file(phone, jpeg(10))
    assert [file.name for file in phone.parent.iterdir()] == ["7.jpg"]


# ── streams ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "http://127.0.0.1/stream",
        "rtsp://169.254.169.254/latest/meta-data",
        "rtsp://[fe80::1]/1",
        "rtsp://[::ffff:169.254.169.254]/1",
        "rtsp://0.0.0.0/1",
        "rtsp://100.100.100.200/1",
        "rtsp://224.0.0.1/1",
        "rtsp://",
        "rtsp://127.0.0.1/1",
        "rtsp://[::1]/1",
        "rtsp://127.0.0.1:99999/1",
        "rtsp://127.0.0.1/a b",
        "",
        None,
    ],
)
def test_an_address_where_no_camera_lives_is_refused(url: object) -> None:
    with pytest.raises(SourceFault) as caught:
        stream_address(url, {})
    assert caught.value.code == "refused_address"


def test_credentials_are_put_into_the_address_only_at_the_end(settings) -> None:
    settings.DEVICE_LOOPBACK = True
    url = stream_address(
        "rtsp://127.0.0.1/Streaming/Channels/101?a=1", {"username": "ad@min", "password": "p/w:1"}
    )
    assert url == "rtsp://ad%40min:p%2Fw%3A1@127.0.0.1:554/Streaming/Channels/101?a=1"
    assert stream_address("rtsp://127.0.0.1:8554/x", {}) == "rtsp://127.0.0.1:8554/x"


def test_a_camera_that_does_not_answer_is_unreachable_and_its_password_stays_unsaid(
    capfd, settings
) -> None:
    settings.DEVICE_LOOPBACK = True
    device = Device(pk=7, kind="camera", driver="rtsp", settings={"url": "rtsp://127.0.0.1:9/1"})
    device.credentials = {"username": "admin", "password": "very-secret"}
    with pytest.raises(SourceFault) as caught:
        next(open_source(device).frames())
    assert caught.value.code == "unreachable"
    said = capfd.readouterr()
    assert "very-secret" not in said.out + said.err + repr(caught.value)


def test_an_unknown_driver_says_so() -> None:
    with pytest.raises(SourceFault, match="driver_unknown"):
        source("telepathy")
