"""What the web servers of big makers' devices have in common: digest, and accounts that lock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.community.devices.relay import Relay, Request, written

#: Its clock goes before ours by so much, in seconds.
CLOCK_AHEAD_S = 90


@dataclass
class Maker(Relay):
    """``handle`` gives status line and body; ``pulses`` are the openings as the device made them.

    ``locks_after``: wrong passwords until the account is locked. ``stale``: so many nonces go
    stale before they are used.
    """

    auth: str = "digest"
    algorithm: str = "MD5"
    locks_after: int = 5
    stale: int = 0
    wrong: int = 0
    pulses: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_locked(self) -> bool:
        return self.wrong >= self.locks_after

    def questions(self) -> list[Request]:
        return [request for request in self.requests if self.is_question(request)]

    def commands(self) -> list[Request]:
        return [request for request in self.requests if not self.is_question(request)]

    def is_question(self, request: Request) -> bool:
        raise NotImplementedError

    def handle(self, request: Request) -> tuple[str, str]:
        raise NotImplementedError

    def locked_words(self) -> str:
        return ""

    def _answer(self, request: Request, send: Callable[[bytes], None]) -> None:
        has_tried = "authorization" in request.headers
        if has_tried and self.stale:
            self.stale -= 1
            send(self._unauthorised().replace(b"Digest ", b"Digest stale=true, ", 1))
            return
        if self.auth != "none" and (self.is_locked or not self._knows(request)):
            self.wrong += has_tried
            words = self.locked_words() if self.is_locked else ""
            head = self._unauthorised().decode().replace("Content-Length: 0\r\n", "")
            head = head.removesuffix("\r\n\r\n")
            send(f"{head}\r\nContent-Length: {len(words)}\r\n\r\n{words}".encode())
            return
        is_question = self.is_question(request)
        status, body = self.handle(request)
        time.sleep(self.status_delay_s if is_question else self.delay_s)
        self.deliver(send, written(status, body))
