"""A child process that never outlives the test run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers.nursery import Forked, nursery

ROOT = Path(__file__).resolve().parents[2]


def spare_port() -> int:
    """A TCP port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A command in a process group of its own, its output in a file, started at once.

    The kernel kills it when the thread that started it ends, so also after kill -9 of pytest.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.command = [*map(str, command)]
        self.log_path = log
        self.env = {**os.environ, **(env or {})}
        self.user = user
        self.popen = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes] | Forked:
        if self._is_python and (found := nursery(self.env)):
            return found.start(self.command[1:], self.log_path)
        with self.log_path.open("ab") as output:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *self.command],
                cwd=ROOT if self.user is None else "/",
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )

    @property
    def _is_python(self) -> bool:
        """Whether a nursery can do it: a server or a command of ours, by this Python.

        A deed that a test runs and lets end has an interpreter of its own, threads and all.
        """
        program, *rest = self.command
        ours = rest[:2] == ["-m", "uvicorn"] or rest[:1] == ["manage.py"]
        return self.user is None and program == sys.executable and ours

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], seconds: float = 60) -> None:
        """Return once `is_ready()`; fail with the log if the process ends or time runs out."""
        end = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running or time.monotonic() > end:
                state = "is not ready" if self.is_running else f"ended with {self.popen.returncode}"
                raise AssertionError(f"{self.command} {state}; its last words:\n{self.log[-4000:]}")
            time.sleep(0.02)

    def send(self, number: int) -> None:
        """Send a signal to the process and its children."""
        if self.is_running:
            os.killpg(self.pid, number)

    def pause(self) -> None:
        """Stall it as a machine under load would: nothing runs, connections stay open."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9, children included."""
        self.send(signal.SIGKILL)
        self.popen.wait(10)

    def stop(self, seconds: float = 10, number: int = signal.SIGTERM) -> int:
        """Ask it to end, insist after `seconds`; its exit status."""
        self.resume()
        self.send(number)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.popen.wait()

    def start_again(self) -> None:
        """Start the same command anew after it ended."""
        if self.is_running:
            raise RuntimeError("stop or kill it first")
        self.popen = self._spawn()


def python_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, *map(str, arguments)]
