"""Looks through cameras that lie, hang, or are none."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from community.vision.plates import PlateKind
from community.vision.render import scenes
from security.setup import looks
from security.sources import SourceFault
from security.sources.addresses import allowed_path
from security.tasks import sweep_looks

LANE = 7


@pytest.fixture(autouse=True)
def _nobody_looks() -> Iterator[None]:
    """A look of an earlier test has told its result and may still be ending."""
    yield
    for process in looks._running.values():
        process.kill()
        process.wait(10)
    looks._running.clear()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.CAMERA_FOLDER = tmp_path / "cameras"
    (tmp_path / "cameras").mkdir()
    return tmp_path / "cameras"


def seen(driver: str, options: dict, credentials: dict | None = None, **more) -> looks.Look:
    """The end of a look."""
    token = looks.start(LANE, driver=driver, options=options, credentials=credentials or {}, **more)
    until = time.monotonic() + 60
    while (found := looks.find(LANE, token)).waits:
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def test_a_picture_is_seen(folder: Path) -> None:
    cv2.imwrite(str(folder / "a.jpg"), np.full((240, 320, 3), 90, np.uint8))
    found = seen("folder", {"path": "."})
    assert (found.code, found.width, found.height) == ("", 320, 240)
    assert looks.picture(LANE, found.token).startswith(b"\xff\xd8")
    with pytest.raises(LookupError):
        looks.find(LANE + 1, found.token)


def test_a_plate_is_read_with_its_box(folder: Path) -> None:
    rng = np.random.default_rng(3)
    frame, box = scenes.scene("皖A52M78", PlateKind.BLUE, rng, (960, 540))
    cv2.imwrite(str(folder / "a.jpg"), frame)
    found = seen("folder", {"path": "a.jpg"}, roi=[0.1, 0.1, 0.8, 0.85])
    assert found.read["text"] == "皖A52M78"
    assert found.read["confidence"] > 0.8
    assert found.read["box"] == pytest.approx(list(box), abs=12)


@pytest.mark.parametrize("size", [(9000, 9000), None], ids=["huge", "corrupt"])
def test_a_huge_picture_and_a_corrupt_one_are_none(folder: Path, size) -> None:
    if size:
        cv2.imwrite(str(folder / "a.png"), np.zeros(size, np.uint8))
    else:
        whole = cv2.imencode(".jpg", np.random.default_rng(1).integers(0, 255, (200, 300, 3)))[1]
        (folder / "a.jpg").write_bytes(whole.tobytes()[:900])
    assert seen("folder", {"path": "."}).code == "not_a_picture"


def test_a_place_outside_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "out").symlink_to("/etc")
    for path in (
        "/etc",
        "/etc/passwd",
        "../keys",
        "out/passwd",
        "demo/../../community",
        "",
        "a\0b",
    ):
        with pytest.raises(SourceFault, match="refused_path"):
            allowed_path(path)
    assert allowed_path("demo/south_in.mp4") == "demo/south_in.mp4"
    assert allowed_path("north") == str((folder / "north").resolve())
    # The process that looks asks once more: settings may have been written by another road.
    assert seen("folder", {"path": "/etc"}).code == "refused_path"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://169.254.169.254/", "rtsp://127.0.0.1/1", "rtsp://[::1]/1"]
)
def test_an_address_where_no_camera_lives_is_refused(url: str) -> None:
    assert seen("rtsp", {"url": url}).code == "refused_address"


def test_a_camera_that_hangs_is_given_up_and_leaves_no_process(settings, monkeypatch) -> None:
    settings.DEVICE_LOOPBACK = True
    monkeypatch.setattr(looks, "LOOK_S", 4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"rtsp://127.0.0.1:{silent.getsockname()[1]}/1"
        secret = {"username": "admin", "password": "very-secret"}
        token = looks.start(LANE, driver="rtsp", options={"url": url}, credentials=secret)
        process = looks._running[token]
        shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        shown += Path(f"/proc/{process.pid}/environ").read_bytes()
        assert b"very-secret" not in shown
        until = time.monotonic() + 30
        while (found := looks.find(LANE, token)).waits:
            assert time.monotonic() < until
            time.sleep(0.1)
    assert found.code == "no_answer"
    assert process.wait(10) == -signal.SIGALRM
    kept = b"".join(
        file.read_bytes() for file in Path(settings.VAR_DIR).rglob("*") if file.is_file()
    )
    assert b"very-secret" not in kept


def test_a_look_that_was_killed_is_told_at_once() -> None:
    token = looks.start(LANE, driver="folder", options={"path": "."}, credentials={})
    os.kill(looks._running[token].pid, signal.SIGKILL)
    looks._running[token].wait(10)
    assert looks.find(LANE, token).code == "no_answer"


def test_only_so_many_look_at_once(monkeypatch) -> None:
    monkeypatch.setattr(looks, "MOST", 1)
    token = looks.start(LANE, driver="browser", options={}, credentials={}, key=5)
    with pytest.raises(looks.Busy):
        looks.start(LANE, driver="browser", options={}, credentials={}, key=5)
    looks._running[token].kill()
    looks._running[token].wait(10)


def test_pictures_of_an_hour_ago_are_erased(folder: Path) -> None:
    cv2.imwrite(str(folder / "a.jpg"), np.full((24, 32, 3), 90, np.uint8))
    old = seen("folder", {"path": "."}).token
    new = seen("folder", {"path": "."}).token
    place = folder.parent / "setup" / f"{LANE}-{old}"
    os.utime(place, (1, time.time() - looks.KEPT_S - 5))
    assert sweep_looks() == 1
    assert not place.exists()
    assert looks.picture(LANE, new)


def test_a_token_is_no_path(settings) -> None:
    for token in ("../../keys", "", "0" * 23, "x" * 24):
        with pytest.raises(LookupError):
            looks.find(LANE, token)
    folder = Path(settings.VAR_DIR) / "setup" / f"{LANE}-{'a' * 24}"
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(json.dumps({"unknown": 1}))
    with pytest.raises(LookupError):
        looks.find(LANE, "a" * 24)
