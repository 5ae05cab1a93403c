"""A process of its own at the gate: ``python -m tests.journeys.gate_child WHAT …``."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import django


def push(lane_ids: str, plate: str, key: str, go: str) -> None:
    """Hand over one reading of a car at each lane, as soon as the file ``go`` exists."""
    from community.models import Lane
    from security.operations import handle_reading
    from tests.security.gates import reading

    lanes = [Lane.objects.get(pk=number) for number in lane_ids.split(",")]
    Path(f"{go}.{os.getpid()}").touch()
    while not Path(go).exists():
        time.sleep(0.0005)
    for lane in lanes:
        handle_reading(reading(lane, plate, key=f"{key}-{lane.pk}"))


def press_open(passage_id: str, user_id: str, go: str) -> None:
    """A guard presses; ends with 3 where another was quicker."""
    from community.models import User
    from security.models import Passage
    from security.operations import AlreadyDecided, open_by_hand

    passage, guard = Passage.objects.get(pk=passage_id), User.objects.get(pk=user_id)
    Path(f"{go}.{os.getpid()}").touch()
    while not Path(go).exists():
        time.sleep(0.0005)
    try:
        open_by_hand(lane=passage.lane, passage=passage, user=guard, reason="delivery")
    except AlreadyDecided:
        sys.exit(3)


def die_after_commit(lane_id: str, plate: str, key: str) -> None:
    """Decide, and be killed before the command is taken to the barrier."""
    from community.devices.operations import couriers

    couriers.hand_over = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    push(lane_id, plate, key, "/dev/null")


if __name__ == "__main__":
    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
