"""A camera worker that hangs, in the real processes: noticed, told once, ended, started anew."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from community.models import Event
from tests.community import factories
from tests.servers.process import Process

pytestmark = [
    pytest.mark.journey,
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.django_db(transaction=True),
]


def children(pid: int) -> list[int]:
    """The workers of a supervisor, by the name that they give themselves."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            stat = (path / "stat").read_text()
        except OSError:
            continue
        name, parent = stat[stat.index("(") + 1 : stat.rindex(")")], stat.rpartition(")")[2].split()
        if int(parent[1]) == pid and name.startswith("linli-eyes") and parent[0] != "Z":
            found.append(int(path.name))
    return found


def wait_for(is_so: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.2)


def test_a_stopped_worker_is_replaced(
    start_command: Callable[..., Process], settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    cv2.imwrite(str(tmp_path / "empty.jpg"), np.full((240, 320, 3), 90, np.uint8))
    compound = factories.compound()
    folder = {"path": str(tmp_path / "empty.jpg"), "loop": True, "seconds_per_picture": 1}
    camera = factories.device(compound, "camera", "folder", settings=folder)
    lane = factories.lane(compound, camera=camera)
    still = tmp_path / "stills" / f"{lane.pk}.jpg"
    watching = start_command(
        *("watch_cameras", "--all"),
        LINLI_VAR=str(tmp_path),
        LINLI_KEYRING=str(settings.KEYRING_PATH),
        DJANGO_SETTINGS_MODULE="community.settings.embedded",
    )
    wait_for(still.exists)
    (worker,) = children(watching.pid)

    # A second camera joins the same worker.
    other = factories.device(compound, "camera", "folder", settings=folder)
    second = factories.lane(compound, camera=other)
    wait_for((tmp_path / "stills" / f"{second.pk}.jpg").exists)
    assert children(watching.pid) == [worker]

    os.kill(worker, signal.SIGSTOP)
    wait_for(lambda: worker not in children(watching.pid))
    wait_for(lambda: children(watching.pid))
    still.unlink()
    wait_for(still.exists)
    told = Event.objects.filter(compound=compound, kind="camera.failed").order_by("sequence")
    assert [event.payload["device"] for event in told] == [camera.pk, other.pk]
    assert {event.payload["code"] for event in told} == {"worker_hung"}

    # Ctrl-C: all of it ends, with a worker that hangs once more.
    (worker,) = children(watching.pid)
    os.kill(worker, signal.SIGSTOP)
    os.kill(watching.pid, signal.SIGINT)
    assert watching.popen.wait(20) == 0
    wait_for(lambda: not Path(f"/proc/{worker}").exists(), 10)
