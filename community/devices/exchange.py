"""One HTTP exchange with a device: one connection, one request, one bounded answer.

Nothing is retried and no redirect is followed. The time-out is for the whole exchange, however
slowly the device dribbles. The network layer notes the first byte sent, and that alone decides
between ``DeviceFault`` (certainly nothing happened) and ``DeviceSilent`` (nobody knows).
"""

from __future__ import annotations

import select
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from django.utils import timezone

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent

#: From a host and a port to addresses; raises DeviceFault where one of them may not be had.
Resolver = Callable[[str, int], list[str]]
#: All that is read of an answer, its head included.
LONGEST = 64 * 1024
#: How often somebody who listens is asked whether there is something else to do.
TICK_S = 0.1


@dataclass(frozen=True)
class Answer:
    """``body`` ends where the limit or the time ended it."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def exchange(
    request: httpx.Request,
    *,
    timeout_s: float,
    send_before: datetime | None = None,
    verify_tls: bool = True,
    resolve: Resolver | None = None,
    body_s: float | None = None,
    longest: int = LONGEST,
) -> Answer:
    """Send ``request`` once and read the answer; its body for ``body_s`` seconds at most.

    ``resolve`` gives the addresses that a host may have, by default those of devices. ``longest``
    is for files that may be larger than an answer, in bytes.

    Nothing is sent from ``send_before`` on: ``DeviceFault("expired")``. Other faults:
    ``unreachable``, ``address_refused``, ``certificate_refused``, ``settings_invalid``. Silences:
    ``no_answer``, ``answer_not_understood``, ``answer_too_long``.
    """
    wire = Wire(time.monotonic() + timeout_s, send_before, resolve, longest)
    pool = httpcore.ConnectionPool(
        ssl_context=tls_context(verify_tls), max_connections=1, network_backend=wire
    )
    try:
        with pool, pool.stream(**_plain(request)) as answer:
            if body_s is not None:
                wire.end = min(wire.end, time.monotonic() + body_s)
            body = _read(answer.iter_stream(), longest)
            return Answer(answer.status, httpx.Headers(answer.headers), body)
    except httpcore.LocalProtocolError as error:
        # A header that HTTP forbids; the request was checked before a byte of it was written.
        raise wire.judge("settings_invalid", "answer_not_understood") from error
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        fault = "certificate_refused" if _is_tls(error) else "unreachable"
        silence = "answer_not_understood" if wire.received else "no_answer"
        raise wire.judge(fault, silence) from error


@dataclass
class Streamed:
    """An answer without end. ``wire.end`` is when to give up; whoever reads moves it on."""

    status: int
    headers: httpx.Headers
    chunks: Iterator[bytes]
    wire: Wire

    def give_up_in(self, seconds: float) -> None:
        self.wire.end = time.monotonic() + seconds


@contextmanager
def stream(
    request: httpx.Request,
    *,
    timeout_s: float,
    idle: Callable[[], None],
    verify_tls: bool = True,
) -> Iterator[Streamed]:
    """Send ``request`` once and read an answer that goes on, until ``timeout_s`` unless moved on.

    ``idle`` is called every TICK_S while nothing comes; what it raises ends the stream.
    Raises ``DeviceFault``: as :func:`exchange`, ``no_answer``, ``broken_off`` where the connection
    ended, and ``silent`` where nothing whole came in time.
    """
    wire = Wire(time.monotonic() + timeout_s, longest=sys.maxsize, idle=idle)
    pool = httpcore.ConnectionPool(
        ssl_context=tls_context(verify_tls), max_connections=1, network_backend=wire
    )
    is_open = False
    try:
        with pool, pool.stream(**_plain(request)) as answer:
            is_open = True
            headers = httpx.Headers(answer.headers)
            yield Streamed(answer.status, headers, answer.iter_stream(), wire)
    except httpcore.LocalProtocolError as error:
        raise DeviceFault("settings_invalid") from error
    except httpcore.TimeoutException as error:
        silent = "no_answer" if wire.sent else "unreachable"
        raise DeviceFault("silent" if is_open else silent) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if is_open:
            raise DeviceFault("broken_off") from error
        unread = "answer_not_understood" if wire.received else "no_answer"
        code = "certificate_refused" if _is_tls(error) else "unreachable"
        raise DeviceFault(unread if wire.sent else code) from error


def reach(url: httpx.URL, *, timeout_s: float) -> None:
    """Connect and hang up: whether something listens there. Raises ``DeviceFault``."""
    wire = Wire(time.monotonic() + timeout_s)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        wire.connect_tcp(url.host, port).close()
    except (httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise DeviceFault("unreachable") from error


def _plain(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers, content = request.headers.raw, request.content
    return {"method": request.method, "url": target, "headers": headers, "content": content}


def _read(chunks: Iterable[bytes], longest: int) -> bytes:
    """The body as far as it comes: the status has already said yes or no."""
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) >= longest:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    except DeviceSilent:
        pass  # the limit of the wire
    return bytes(body[:longest])


@lru_cache(maxsize=2)
def tls_context(verify: bool) -> ssl.SSLContext:
    """What a device's certificate is held against; unverified, any of its own making will do."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_tls(error: BaseException) -> bool:
    return any(isinstance(cause, ssl.SSLError) for cause in (error.__cause__, error.__context__))


class Wire(httpcore.NetworkBackend):
    """Connects to vetted addresses only, and knows what went over the line."""

    def __init__(
        self,
        end: float,
        send_before: datetime | None = None,
        resolve: Resolver | None = None,
        longest: int = LONGEST,
        idle: Callable[[], None] | None = None,
    ) -> None:
        self.end = end
        self.idle = idle
        self.longest = longest
        self.send_before = send_before
        self.resolve = resolve or addresses.resolve
        self.sent = False
        self.received = 0
        self._plain = httpcore.SyncBackend()

    def left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.TimeoutException
        return left

    def judge(self, fault: str, silence: str) -> Exception:
        return DeviceSilent(silence) if self.sent else DeviceFault(fault)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = self.resolve(host, port)
        for index, address in enumerate(found):
            share = self.left() / (len(found) - index)
            try:
                return _Line(self._plain.connect_tcp(address, port, share), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise httpcore.ConnectError(f"no answer from {host}")

    def before_write(self) -> None:
        """The last look at the clock: a process may have stood still since the command began."""
        if not self.sent and self.send_before and self.send_before <= timezone.now():
            raise DeviceFault("expired")
        self.sent = True

    def note_received(self, count: int) -> None:
        self.received += count
        if self.received > self.longest:
            raise DeviceSilent("answer_too_long")


class _Line(httpcore.NetworkStream):
    """A connection whose every step counts against the time of the whole exchange."""

    def __init__(self, stream: httpcore.NetworkStream, wire: Wire) -> None:
        self._stream = stream
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._wire.idle is not None:
            self._wait(self._wire.idle)
        chunk = self._stream.read(max_bytes, self._wire.left())
        self._wire.note_received(len(chunk))
        return chunk

    def _wait(self, idle: Callable[[], None]) -> None:
        """Until something can be read. A time-out of httpcore's own would end the connection."""
        line = self._stream.get_extra_info("socket")
        waiting = select.poll()
        waiting.register(line, select.POLLIN)
        while not (isinstance(line, ssl.SSLSocket) and line.pending()):
            if waiting.poll(1000 * min(TICK_S, self._wire.left())):
                return
            idle()

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._wire.left()
        self._wire.before_write()
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._wire.left())
        return _Line(inner, self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
