"""A process that has Linli loaded already and forks whoever is wanted: a start in 0.1 s, not 3.

`Nursery` is the tests' side. The module itself, run with ``-m``, is the process: it reads one JSON
line per wish and answers with one. What it forks is a process like any other, with its own group,
files and signals, which the kernel kills when the nursery goes, as it does the nursery with pytest.
"""

from __future__ import annotations

import ctypes
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
#: Says which test runs and how it is run: nothing that a started process should know.
OWN = {"PYTEST_CURRENT_TEST", "DJANGO_ALLOW_ASYNC_UNSAFE"}


class Nursery:
    """Starts processes with one environment; `start` gives what looks like a `Popen`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", __name__]
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def ask(self, **wish: Any) -> Any:
        with self._lock:
            if self._process.stdin is None or self._process.stdout is None:
                raise RuntimeError("the nursery has no pipes")
            self._process.stdin.write(json.dumps(wish) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def start(self, arguments: Sequence[str], log: Path) -> Forked:
        return Forked(self, self.ask(start=list(arguments), log=str(log)))


class Forked:
    """The part of `subprocess.Popen` that the tests use, of a process that another one forked."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if end is not None and timeout is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return status


_nurseries: dict[frozenset[tuple[str, str]], Nursery | None] = {}


def nursery(environment: Mapping[str, str]) -> Nursery | None:
    """The nursery of this environment; none before it is wanted a second time."""
    known = {name: value for name, value in environment.items() if name not in OWN}
    key = frozenset(known.items())
    if key not in _nurseries:
        _nurseries[key] = None
    elif _nurseries[key] is None:
        _nurseries[key] = Nursery(known)
    return _nurseries[key]


# The process itself.


def load() -> None:
    """Import what Linli's processes import; no thread and no connection may come of it.

    `community.asgi` itself is left to whoever serves: it begins to warm up.
    """
    import django
    from django.db import connections
    from django.urls import get_resolver

    django.setup()
    for name in ("uvicorn", "channels.routing", "community.consumers", "security.ingest"):
        import_module(name)
    get_resolver().url_patterns  # noqa: B018 (the views are imported when they are asked for)
    connections.close_all()
    if threading.active_count() > 1:
        raise RuntimeError(f"no process is forked beside threads: {threading.enumerate()}")


def fork(log: str) -> int:
    """In the nursery the number of the new process; in that one, 0."""
    nursery_pid = os.getpid()
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)
        return pid
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery_pid:
        os._exit(1)
    os.setpgid(0, 0)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(output)
    os.close(nothing)
    return 0


def become(arguments: list[str]) -> None:
    """Run what `python ARGUMENTS…` would run."""
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


def poll(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def main() -> None:
    load()
    wishes, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    while line := wishes.readline():
        wish = json.loads(line)
        if "poll" in wish:
            answer = poll(wish["poll"])
        else:
            answer = fork(wish["log"])
            if answer == 0:
                # Its pipes are not closed in Python's way, which would flush them.
                os.close(wishes.fileno())
                os.close(answers.fileno())
                become(wish["start"])
                return
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
