"""Lock boards of the 8A family behind a gateway, byte for byte, on a real socket.

They keep their own doors, answer like the real thing, and misbehave as told by ``mode``:

jam, drop (act, say nothing), deaf (say yes, do nothing), late, twice, noise, other (answer for
another lock), checksum (a wrong one), split (byte by byte), echo (the bus repeats the order first),
mute (no answer to orders at all), vanish (hang up in the middle), dead (no answer to anything).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SHORT, APART = 0x11, 0x00
Frame = tuple[int, int, int, int]


def sealed(*data: int) -> bytes:
    check = 0
    for one in data:
        check ^= one
    return bytes((*data, check))


@dataclass
class LockBoards:
    """``with LockBoards() as boards: …``; ``port`` is the gateway's."""

    boards: tuple[int, ...] = (1, 2)
    locks: int = 8
    locked_short: bool = True
    status_bytes: int = 3
    high_first: bool = False
    mode: str = "obey"
    delay_s: float = 0.0
    frames: list[bytes] = field(default_factory=list)
    opened: list[tuple[int, int]] = field(default_factory=list)
    standing: set[tuple[int, int]] = field(default_factory=set)
    #: What a door says whatever the truth; boards that are without power.
    lies: dict[tuple[int, int], bool] = field(default_factory=dict)
    dark: set[int] = field(default_factory=set)
    #: How long a frame and its answer take on the bus.
    bus_s: float = 0.0
    visits: int = 0
    most_at_once: int = 0

    def __enter__(self) -> LockBoards:
        self._stopped = threading.Event()
        self._guard = threading.Lock()
        self._now = 0
        self._lines: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def vanish(self) -> None:
        """The gateway loses its power."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", self.port))
        self._thread.join()
        self._listener.close()
        for line in list(self._lines):
            line.close()

    def shut(self, board: int, lock: int) -> None:
        self.standing.discard((board, lock))

    def _listen(self) -> None:
        while not self._stopped.is_set():
            line, _ = self._listener.accept()
            if self._stopped.is_set():
                line.close()
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with self._guard:
            self.visits += 1
            self._lines.add(line)
        data = b""
        try:
            while chunk := line.recv(64):
                data += chunk
                while len(data) >= 5:
                    frame, data = data[:5], data[5:]
                    self.frames.append(frame)
                    self._take(frame, line)
        except OSError:
            pass
        finally:
            line.close()

    def _take(self, frame: bytes, line: socket.socket) -> None:
        with self._guard:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            time.sleep(self.bus_s)
        finally:
            # Before the answer: whoever has it may send the next frame at once.
            with self._guard:
                self._now -= 1
        self._obey(frame, line)

    def _obey(self, frame: bytes, line: socket.socket) -> None:
        head, board, lock, what, _ = frame
        is_whole = sealed(*frame[:4]) == frame
        if not is_whole or board not in self.boards or board in self.dark or self.mode == "dead":
            return
        if (head, what) == (0x8A, 0x11):
            self._open(frame, board, lock, line)
        elif (head, what) == (0x80, 0x33) and lock == 0:
            self._send(self._whole(board), frame, line.sendall)
        elif (head, what) == (0x80, 0x33) and lock <= self.locks:
            said = self.lies.get((board, lock), (board, lock) in self.standing)
            self._send(sealed(0x80, board, lock, self._status(said)), frame, line.sendall)

    def _open(self, frame: bytes, board: int, lock: int, line: socket.socket) -> None:
        wanted = range(1, self.locks + 1) if lock == 0 else [lock]
        if self.mode not in ("jam", "deaf"):
            for one in wanted:
                self.opened.append((board, one))
                self.standing.add((board, one))
        if self.mode == "vanish":
            line.close()
        elif self.mode not in ("drop", "mute"):
            status = self._status(self.mode != "jam")
            self._send(sealed(0x8A, board, lock, status), frame, line.sendall)

    def _status(self, is_open: bool) -> int:
        return APART if is_open == self.locked_short else SHORT

    def _whole(self, board: int) -> bytes:
        rows = [0] * self.status_bytes
        for lock in range(1, self.status_bytes * 8 + 1):
            if self._status((board, lock) in self.standing) == SHORT:
                rows[(lock - 1) // 8] |= 1 << (lock - 1) % 8
        return sealed(0x80, board, *(rows[::-1] if self.high_first else rows), 0x33)

    def _send(self, answer: bytes, order: bytes, send: Callable[[bytes], None]) -> None:
        if self.mode == "late":
            time.sleep(self.delay_s)
        for chunk, pause_s in self._spoilt(answer, order):
            send(chunk)
            time.sleep(pause_s)

    def _spoilt(self, answer: bytes, order: bytes) -> list[tuple[bytes, float]]:
        """What goes over the line in place of an answer, and the pause after each piece."""
        head, board, lock, status = answer[:4]
        ways: dict[str, list[tuple[bytes, float]]] = {
            "noise": [(b"\x00\xff\x8a\x80\x01" + answer + b"\x8a", 0.0)],
            "twice": [(answer + answer, 0.0)],
            "other": [(sealed(head, board, lock % self.locks + 1, status), 0.0)],
            "checksum": [(answer[:-1] + bytes((answer[-1] ^ 0x40,)), 0.0)],
            "split": [(bytes((one,)), 0.005) for one in answer],
            "echo": [(order, 0.03), (answer, 0.0)],
        }
        return ways.get(self.mode, [(answer, 0.0)])
