"""A receiver of webhooks on this machine, which answers as a test wants it to."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What a receiver does with one request, after it is read.
Manner = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``url`` to be told under, ``manner`` to answer in, and what was ``heard``."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    manner: Manner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hear"


def status(code: int, **headers: str) -> Manner:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Never answers, until the other side gives up."""
    handler.connection.settimeout(20)
    with contextlib.suppress(OSError):
        handler.connection.recv(1)


def close_early(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 20")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def dribble(handler: BaseHTTPRequestHandler) -> None:
    """A good status, then a body that never ends, a byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _second in range(400):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.05)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """A good status, then as much as the other side takes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(10**9))
    handler.end_headers()
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"x" * 65536)


@contextlib.contextmanager
def listening(manner: Manner | None = None) -> Iterator[Receiver]:
    receiver = Receiver(0, manner=manner)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append(Heard(self.path, headers, body))
            self.close_connection = True
            (receiver.manner or status(204))(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
