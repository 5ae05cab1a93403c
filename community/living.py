"""Whether a process that was named once still lives: what it held in memory is gone with it."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_MOST = 160


def identity(pid: int | None = None) -> str:
    """``machine:boot:namespace:pid:start`` of a process on this machine; empty where unknown.

    A process id is given out again, its start within one boot is not.
    """
    number = os.getpid() if pid is None else pid
    started = _started(number)
    here = _here()
    return f"{here}:{number}:{started}"[:_MOST] if here and started else ""


def is_gone(named: str) -> bool:
    """Whether it is certain that the process lives no more; False for whatever cannot be seen here,
    such as a process of another machine or container."""
    parts = named.split(":")
    here = _here().split(":")
    if len(parts) != 5 or len(here) != 3 or parts[0] != here[0]:
        return False
    if parts[1] != here[1]:
        return True  # the machine was started anew since
    if parts[2] != here[2] or not parts[3].isdigit():
        return False
    return _started(int(parts[3])) != parts[4]


@cache
def _here() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        space = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return ""
    machine = platform.node().replace(":", "-")[:60]
    return f"{machine}:{boot}:{space}"


def _started(pid: int) -> str:
    """The kernel's start time of a process; empty where there is none, or only its remains."""
    try:
        told = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # The name in the second field may hold spaces and brackets.
    fields = told.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
