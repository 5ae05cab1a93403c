"""A child process that goes on from here, with everything that is imported already.

Starting Python and Django anew costs seconds of processor time for each process; a fork costs
milliseconds and shares the memory. The parent must have one thread and no database connection.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_S = 0.02
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Ask the kernel for SIGTERM when the starting thread of ``parent`` ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have died before the request.
    if os.getppid() != parent:
        os._exit(1)


def name_process(name: str) -> None:
    """What `ps -o comm` and `top` show of this process: 15 characters at most."""
    _libc.prctl(PR_SET_NAME, name.encode()[:15])


class Forked:
    """The part of ``subprocess.Popen`` that a process tree needs, for a function."""

    def __init__(self, work: Callable[[], object], log: Path, close: Iterable[int] = ()) -> None:
        """``close``: file descriptors of the parent that the child must not keep open."""
        self.returncode: int | None = None
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _become(work, log, list(close), parent)
        # Both sides do it, so that whoever is first, the group exists for the other.
        with contextlib.suppress(OSError):
            os.setpgid(self.pid, self.pid)

    def poll(self) -> int | None:
        if self.returncode is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(LOOK_S)
        assert self.returncode is not None  # noqa: S101 - for the type checker
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _become(work: Callable[[], object], log: Path, close: list[int], parent: int) -> None:
    """The child's whole life; never returns, whatever ``work`` does."""
    code = 1
    try:
        _stand_alone(log, close, parent)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        # Without the exit handlers that the parent registered for itself.
        os._exit(code)


def _stand_alone(log: Path, close: list[int], parent: int) -> None:
    os.setpgid(0, 0)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    die_with(parent)
    for descriptor in close:
        os.close(descriptor)
    with open(os.devnull, "rb") as nothing, log.open("ab") as output:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
