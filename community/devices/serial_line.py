"""A bus behind a serial-to-TCP gateway: one visit at a time, one frame asked at a time.

The bus has no addresses for answers: whoever speaks while another waits takes the other's answer.
So a gateway is held by one visit at a time, in all processes of this machine, by a lock on a file.
What comes late belongs to nobody: after a time-out the line is listened to until it is quiet.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent

Found = TypeVar("Found")

CONNECT_S = 2.0
#: So long one waits for whoever is at the gateway; a visit lasts less.
TURN_S = 4.0
LOOK_S = 0.005
#: After a time-out the bus counts as quiet when nothing came for so long, and is given up after.
QUIET_S, NOISY_S = 0.3, 1.5
#: So long after a time-out the next visit still waits for quiet.
LATE_S = 5.0
LONGEST = 4096


class SerialLine:
    """``with SerialLine(host, port) as line: line.ask(…)``.

    Entering raises ``DeviceFault``: ``unreachable``, ``address_refused``, ``busy`` (somebody else
    held the gateway all the time).
    """

    def __init__(self, host: str, port: int, send_before: datetime | None = None) -> None:
        self.host, self.port, self.send_before = host, port, send_before
        self._lock = -1
        self._socket: socket.socket | None = None

    def __enter__(self) -> SerialLine:
        self._lock = _take_turn(f"{self.host}:{self.port}")
        try:
            self._socket = self._connect()
            self._listen_off(QUIET_S if _is_late(self._lock) else 0.0)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()
        os.close(self._lock)  # and with it the lock goes

    def ask(
        self,
        frame: bytes,
        understood: Callable[[bytes], Found | None],
        *,
        answer_s: float,
        more_s: Callable[[Found], float] = lambda _: 0.0,
    ) -> Found:
        """Send a frame once, and wait until what came is understood.

        ``more_s``: how much longer to listen for a later word, once something is understood.
        Raises ``DeviceFault``: ``unreachable``, ``expired`` (nothing was sent); or
        ``DeviceSilent``: ``no_answer``, ``answer_not_understood``.
        """
        self._listen_off(0.0)
        if self.send_before and self.send_before <= timezone.now():
            raise DeviceFault("expired")
        self._send(frame)
        data, found, end = b"", None, time.monotonic() + answer_s
        while (left := end - time.monotonic()) > 0 and (chunk := self._receive(left)):
            data = (data + chunk)[-LONGEST:]
            word = understood(data)
            if word is not None and found is None:
                end = min(end, time.monotonic() + more_s(word))
            found = word if word is not None else found
        if found is None:
            _note_late(self._lock)
            self._listen_off(QUIET_S)
            raise DeviceSilent("answer_not_understood" if data else "no_answer")
        return found

    @property
    def _wire(self) -> socket.socket:
        if self._socket is None:
            raise RuntimeError("the line was not entered")
        return self._socket

    def _connect(self) -> socket.socket:
        end = time.monotonic() + CONNECT_S
        for address in addresses.resolve(self.host, self.port):
            try:
                left = max(0.1, end - time.monotonic())
                found = socket.create_connection((address, self.port), left)
            except OSError:
                continue
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
        raise DeviceFault("unreachable")

    def _send(self, frame: bytes) -> None:
        try:
            self._wire.settimeout(CONNECT_S)
            self._wire.sendall(frame)
        except OSError as error:
            raise DeviceSilent("no_answer") from error

    def _receive(self, seconds: float) -> bytes:
        """What comes within so many seconds; nothing when the time is over or the line gone."""
        try:
            self._wire.settimeout(max(0.0, seconds))
            return self._wire.recv(1024)
        except OSError:  # a time-out, or the line is gone
            return b""

    def _listen_off(self, quiet_s: float) -> None:
        """Throw away what comes until nothing has come for ``quiet_s``."""
        end = time.monotonic() + NOISY_S
        while self._receive(quiet_s) and time.monotonic() < end:
            pass


def _take_turn(gateway: str) -> int:
    """The gateway's file, locked. Raises ``DeviceFault("busy")``."""
    name = sha256(gateway.encode()).hexdigest()[:24]
    path = Path(settings.VAR_DIR) / "gateways" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock, end = os.open(path, os.O_RDWR | os.O_CREAT, 0o644), time.monotonic() + TURN_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < end:
                time.sleep(LOOK_S)
                continue
            os.close(lock)
            raise DeviceFault("busy") from None
        return lock


def _note_late(lock: int) -> None:
    """An answer is still to come, perhaps: the next visit, in whatever process, shall know."""
    os.utime(lock)
    os.pwrite(lock, b"late", 0)


def _is_late(lock: int) -> bool:
    """Whether a visit just before this one got no answer; told once."""
    is_late = bool(os.pread(lock, 4, 0)) and time.time() - os.fstat(lock).st_mtime < LATE_S
    os.ftruncate(lock, 0)
    return is_late
