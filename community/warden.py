"""Ends process groups whose parent was killed. Run as a script, it needs nothing but Python.

It reads ``+<group>`` and ``-<group>`` lines from its standard input. When that input ends, the
parent is gone: groups still on the list are asked to end, and after a grace period they are killed.
A direct child is told by the kernel too; this reaches the children's children.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_S = 3.0


def is_alive(group: int) -> bool:
    """Whether a process group has a member that still runs (a zombie does not)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return any(_runs(pid, group) for pid in os.listdir("/proc") if pid.isdigit())  # noqa: PTH208


def _runs(pid: str, group: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - pathlib costs 20 ms at start
            # The name in brackets may hold blanks; state, parent and group follow it.
            state, _parent, its_group = file.read().rpartition(")")[2].split()[:3]
    except OSError:
        return False
    return int(its_group) == group and state not in "ZX"


def end(groups: Iterable[int], grace_s: float = GRACE_S) -> None:
    """Ask every group to end, wait for it, then kill what is left."""
    left = {group for group in groups if _send(group, signal.SIGTERM)}
    until = time.monotonic() + grace_s
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = {group for group in left if is_alive(group)}
    for group in left:
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        (groups.add if line[0] == "+" else groups.discard)(group)
    end(groups)


if __name__ == "__main__":
    main()
