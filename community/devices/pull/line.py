"""One connection to a camera that tells without end: opened with digest, read until it breaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from community.devices import digest
from community.devices.base import DeviceFault
from community.devices.exchange import Streamed, stream
from community.devices.pull import FORMATS, Event, Options
from community.devices.pull.endless import Splitter
from community.devices.push.parts import Part

OPEN_S = 8.0


class Stopped(Exception):
    """Whoever reads was asked to stop."""


class Line:
    """Reads one device's events until the connection ends.

    ``on_open`` is called once it answers; ``on_event`` for each event. ``is_stopping`` is asked
    ten times a second.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        credentials: dict[str, Any],
        *,
        on_open: Callable[[], None],
        on_event: Callable[[Event], None],
        is_stopping: Callable[[], bool],
    ) -> None:
        """Raises ``DeviceFault("settings_invalid")``."""
        self.options = Options.read(settings)
        if self.options.format not in FORMATS or not isinstance(credentials, dict):
            raise DeviceFault("settings_invalid")
        self.format = FORMATS[self.options.format]
        self._credentials = credentials
        self._on_open, self._on_event = on_open, on_event
        self._is_stopping = is_stopping
        self._silent_s = self.options.silent_s or self.format.silent_s
        self._gatherer = self.format.gatherer(self.options)
        self._splitter: Splitter | None = None
        self._streamed: Streamed | None = None

    def run(self) -> None:
        """Until it breaks. Raises ``DeviceFault``, Stopped."""
        with self._opened() as streamed:
            if streamed.status != 200:
                raise DeviceFault(f"answered_{streamed.status}")
            self._streamed = streamed
            self._splitter = Splitter(streamed.headers.get("content-type", ""))
            streamed.give_up_in(self._silent_s)
            self._on_open()
            for chunk in streamed.chunks:
                self._take(self._splitter.feed(chunk))
                self._tick()
        self._give(self._gatherer.end())
        raise DeviceFault("broken_off")

    @contextmanager
    def _opened(self) -> Iterator[Streamed]:
        """The answer to the question with our password; asked for at most once."""
        with self._asked(None) as streamed:
            if streamed.status != 401:
                yield streamed
                return
            challenge = digest.parse(streamed.headers.get_list("www-authenticate"))
        user, password = (self._credentials.get(name) for name in ("username", "password"))
        if not user or not isinstance(user, str) or not isinstance(password, str):
            raise DeviceFault("credentials_missing")
        target = self._url().raw_path.decode()
        proof = digest.answer(
            challenge, username=user, password=password, method="GET", target=target
        )
        with self._asked(proof) as streamed:
            if streamed.status == 401:
                raise DeviceFault("not_authorised")
            yield streamed

    def _url(self) -> httpx.URL:
        try:
            return httpx.URL(self.options.address).join(self.format.target(self.options))
        except httpx.InvalidURL as error:
            raise DeviceFault("settings_invalid") from error

    @contextmanager
    def _asked(self, proof: str | None) -> Iterator[Streamed]:
        headers = {"Accept": "multipart/*", "User-Agent": "Linli"}
        if proof:
            headers["Authorization"] = proof
        try:
            request = httpx.Request("GET", self._url(), headers=headers)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise DeviceFault("settings_invalid") from error
        with stream(
            request, timeout_s=OPEN_S, idle=self._idle, verify_tls=self.options.verify_tls
        ) as streamed:
            yield streamed

    def _idle(self) -> None:
        if self._splitter is not None:
            self._take(self._splitter.pause())
        self._tick()

    def _tick(self) -> None:
        if self._is_stopping():
            raise Stopped
        self._give(self._gatherer.due())

    def _take(self, parts: list[Part]) -> None:
        for part in parts:
            # Whole parts keep the connection alive, single bytes that drip do not.
            if self._streamed is not None:
                self._streamed.give_up_in(self._silent_s)
            self._give(self._gatherer.take(part))

    def _give(self, events: list[Event]) -> None:
        for event in events:
            before = time.monotonic()
            self._on_event(event)
            if self._streamed is not None:
                # Our own slowness is not the camera's silence.
                self._streamed.wire.end += time.monotonic() - before
