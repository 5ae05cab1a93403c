"""The embedded mode's processes: started together, started again within a budget, ended together.

Three things see to it that nothing outlives the parent: an orderly stop ends every group; the
kernel sends SIGTERM to each direct child when the parent dies; and the warden, a process of its
own that hears the parent's end of a pipe close, ends the groups with the children's children.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from community import warden
from community.forked import Forked, die_with

LOG_BYTES = 4 * 1024 * 1024
#: A command line, or a function to run in a fork of this process.
Command = Sequence[str] | Callable[[], object]
Process = subprocess.Popen[bytes] | Forked


@dataclass(frozen=True)
class Ended:
    """A child ended by itself: its exit code (negative: the signal), and when it starts again."""

    name: str
    code: int
    again_in_s: float
    budget_spent: bool


@dataclass(frozen=True)
class Budget:
    """At most ``starts`` within ``window_s``; after that one try per ``rest_s``."""

    starts: int = 5
    window_s: float = 120.0
    rest_s: float = 60.0
    first_wait_s: float = 0.5

    def wait_s(self, recent: int) -> float:
        """Seconds before the next start, after ``recent`` starts within the window."""
        if recent >= self.starts:
            return self.rest_s
        return self.first_wait_s * 2 ** (recent - 1)


@dataclass
class Child:
    name: str
    command: Command
    log: Path
    starts: deque[float] = field(default_factory=deque)
    process: Process | None = None
    #: When it is to start: with the next look, if it was added to a running tree.
    start_at: float = 0.0
    sockets: Sequence[int] = ()


class Tree:
    """Named commands, kept running until ``stop``. To be used from one thread."""

    def __init__(
        self,
        commands: Mapping[str, Command],
        log_dir: Path,
        *,
        environment: Mapping[str, str] | None = None,
        budget: Budget | None = None,
        sockets: Mapping[str, Sequence[int]] | None = None,
        before_fork: Callable[[], object] = lambda: None,
    ) -> None:
        """``sockets``: open file descriptors that only this child inherits, by its name.

        ``before_fork`` closes what parent and child cannot share.
        """
        self.children = [
            # Not before ``start``.
            Child(name, command, log_dir / f"{name}.log", start_at=math.inf)
            for name, command in commands.items()
        ]
        for child in self.children:
            child.sockets = (sockets or {}).get(child.name, ())
        self.before_fork = before_fork
        self.environment = {**os.environ, **(environment or {})}
        self.budget = budget or Budget()
        self._warden: subprocess.Popen[str] | None = None

    def start(self, *names: str) -> None:
        """Start the named children, or all that were not started yet."""
        if self._warden is None:
            script = [sys.executable, "-I", "-S", warden.__file__]
            self._warden = subprocess.Popen(  # noqa: S603
                script, stdin=subprocess.PIPE, text=True, bufsize=1, start_new_session=True
            )
        for child in self.children:
            if (not names or child.name in names) and math.isinf(child.start_at):
                self._start(child)

    def poll(self, now: Callable[[], float] = time.monotonic) -> list[Ended]:
        """See to ended children: tell of each once, start again those whose wait is over."""
        ended = []
        for child in self.children:
            _trim(child.log)
            if child.process is not None and child.process.poll() is not None:
                ended.append(self._bury(child, now()))
            elif child.process is None and now() >= child.start_at:
                self._start(child)
        return ended

    def stop(self, seconds: float = 4.0) -> None:
        """End every child with its own children; what is left after ``seconds`` is killed."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            assert child.process is not None  # noqa: S101 - for the type checker
            child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + seconds
        for child in running:
            _wait(child.process, until)
        # A child that ended well has ended its own; the rest of its group is cleared here.
        warden.end(self._groups(running), grace_s=max(0.0, until - time.monotonic()))
        for child in running:
            self._forget(child)
        self._dismiss_warden()

    def kill(self, child: Child) -> None:
        """End a child that no longer hears; the next look tells of it and starts it again."""
        if child.process is not None and child.process.poll() is None:
            # Its group too: what it started would hold on to what the next one needs.
            os.killpg(child.process.pid, signal.SIGKILL)

    def remove(self, child: Child, seconds: float = 4.0) -> None:
        """End one child with its own children and keep it no longer."""
        self.children.remove(child)
        if child.process is None:
            return
        child.process.send_signal(signal.SIGTERM)
        _wait(child.process, time.monotonic() + seconds)
        warden.end([child.process.pid], grace_s=0.0)
        self._forget(child)

    def _groups(self, children: Sequence[Child]) -> list[int]:
        return [child.process.pid for child in children if child.process is not None]

    def _start(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        if callable(child.command):
            self.before_fork()
            child.process = Forked(child.command, child.log, close=self._not_for(child))
        else:
            child.process = self._spawn(child, child.command)
        child.start_at = time.monotonic()
        child.starts.append(child.start_at)
        self._tell_warden("+", child.process.pid)

    def _not_for(self, child: Child) -> list[int]:
        """What a fork must close: the others' sockets, and the pipe that tells of our death."""
        files = {one for other in self.children for one in other.sockets} - set(child.sockets)
        if self._warden is not None and self._warden.stdin is not None:
            files.add(self._warden.stdin.fileno())
        return sorted(files)

    def _spawn(self, child: Child, command: Sequence[str]) -> subprocess.Popen[bytes]:
        parent = os.getpid()
        with child.log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=child.sockets,
                process_group=0,
                # Safe here: the parent has one thread.
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509
            )

    def _bury(self, child: Child, now: float) -> Ended:
        process = child.process
        assert process is not None  # noqa: S101 - for the type checker
        # Its children must not go on beside the ones that the next start brings.
        warden.end([process.pid], grace_s=1.0)
        self._forget(child)
        while child.starts and child.starts[0] < now - self.budget.window_s:
            child.starts.popleft()
        recent = max(1, len(child.starts))
        wait = self.budget.wait_s(recent)
        child.start_at = now + wait
        return Ended(child.name, process.wait(), wait, recent >= self.budget.starts)

    def _forget(self, child: Child) -> None:
        if child.process is not None:
            child.process.wait()
            self._tell_warden("-", child.process.pid)
            child.process = None

    def _tell_warden(self, sign: str, group: int) -> None:
        if self._warden is None or self._warden.stdin is None:
            return
        try:
            self._warden.stdin.write(f"{sign}{group}\n")
        except BrokenPipeError:
            self._warden = None

    def _dismiss_warden(self) -> None:
        if self._warden is not None and self._warden.stdin is not None:
            self._warden.stdin.close()
            self._warden.wait(5)


def _wait(process: Process | None, until: float) -> None:
    try:
        if process is not None:
            process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        pass


def _trim(log: Path) -> None:
    """Move a log that grew too long aside; writers append, so the file itself stays."""
    try:
        if log.stat().st_size > LOG_BYTES:
            log.with_suffix(".log.1").write_bytes(log.read_bytes())
            os.truncate(log, 0)
    except FileNotFoundError:
        pass


def last_words(log: Path, lines: int = 6) -> list[str]:
    """The last lines of a child's log, for a message about its end."""
    try:
        text = log.read_bytes()[-4096:].decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-lines:]
