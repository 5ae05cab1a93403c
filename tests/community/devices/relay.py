"""A relay board on the loopback, written on bare sockets so that it can misbehave in every way."""

from __future__ import annotations

import hashlib
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.community.devices.listening import Listening

USER, PASSWORD, TOKEN = "linli", 'pass"word', "t0ken"
REALM = "relay"


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class Relay(Listening):
    """``/open``, ``/keep``, ``/release`` act; ``/status`` tells; ``mode`` says how it answers."""

    auth: str = "none"
    mode: str = "obey"
    delay_s: float = 0.0
    status_delay_s: float = 0.0
    requests: list[Request] = field(default_factory=list)
    openings: list[Request] = field(default_factory=list)
    is_open: bool = False
    is_held: bool = False
    nonces: set[str] = field(default_factory=set)
    algorithm: str = "SHA-256"
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    def commands(self) -> list[Request]:
        return [request for request in self.requests if request.path != "/status"]

    def _serve(self, connection: socket.socket) -> None:
        try:
            with self._secured(connection) as line:
                request = _receive(line)
                self.requests.append(request)
                self._answer(request, line.sendall)
        except (OSError, ValueError):
            connection.close()

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _answer(self, request: Request, send: Callable[[bytes], None]) -> None:
        if self.auth != "none" and not self._knows(request):
            send(self._unauthorised())
        elif request.path == "/status":
            time.sleep(self.status_delay_s)
            self._misbehave(send, self._status())
        elif self.mode == "refuse":
            send(written("409 Conflict", "locked"))
        elif self.mode == "forbid":
            send(written("403 Forbidden", ""))
        else:
            self._act(request)
            time.sleep(self.delay_s)
            self._misbehave(send, '{"was_on": false}')

    def _act(self, request: Request) -> None:
        if self.mode == "deaf":
            return
        if request.path == "/open":
            self.openings.append(request)
            self.is_open = True
        elif request.path in ("/keep", "/release"):
            self.is_held = request.path == "/keep"

    def _status(self) -> str:
        is_open = self.is_open or self.is_held
        told = {"input": is_open if self.mode != "lie" else not is_open}
        return json.dumps(told | {"pressed_s": 1.5, "presses": 4})

    def _misbehave(self, send: Callable[[bytes], None], body: str) -> None:
        self.deliver(send, written("200 OK", body))

    def deliver(self, send: Callable[[bytes], None], plain: bytes) -> None:
        """The answer, as the mode lets it through."""
        if self.mode == "drop":
            return
        if self.mode in ANSWERS:
            send(ANSWERS[self.mode])
        elif self.mode == "repeat":
            send(plain + plain)
        elif self.mode == "dribble":
            self._for_ever(send, plain[:1], 0.1)
        elif self.mode == "endless":
            send(b"HTTP/1.1 200 OK\r\n\r\n")
            self._for_ever(send, b"x" * 4096)
        elif self.mode == "endless_head":
            send(b"HTTP/1.1 200 OK\r\n")
            self._for_ever(send, b"X-More: " + b"x" * 4000 + b"\r\n")
        else:
            send(plain)

    def _for_ever(self, send: Callable[[bytes], None], chunk: bytes, pause: float = 0.0) -> None:
        while not self._stopped.wait(pause):
            send(chunk)

    def _unauthorised(self) -> bytes:
        nonce = secrets.token_hex(8)
        self.nonces.add(nonce)
        ask = f'Digest realm="{REALM}", nonce="{nonce}", qop="auth", algorithm={self.algorithm}'
        offer = {"digest": ask, "basic": f'Basic realm="{REALM}"'}.get(self.auth, "Bearer")
        return written("401 Unauthorized", "", f"WWW-Authenticate: {offer}")

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        if self.auth == "bearer":
            return given == f"Bearer {TOKEN}"
        if self.auth == "basic":
            return given == "Basic bGlubGk6cGFzcyJ3b3Jk"
        return self._knows_digest(request, given)

    def _knows_digest(self, request: Request, given: str) -> bool:
        """Each nonce is good for one request, as on boards with little memory."""
        fields = dict(
            part.strip().split("=", 1) for part in given.removeprefix("Digest ").split(",") if part
        )
        told = {name: value.strip('"') for name, value in fields.items()}
        if told.get("nonce") not in self.nonces or told.get("uri") != request.target:
            return False
        self.nonces.discard(told["nonce"])
        hash_ = hashlib.sha256 if self.algorithm == "SHA-256" else hashlib.md5
        first = hash_(f"{USER}:{REALM}:{PASSWORD}".encode()).hexdigest()
        last = hash_(f"{request.method}:{request.target}".encode()).hexdigest()
        middle = ":".join((told["nonce"], told["nc"], told["cnonce"], told["qop"]))
        return told["response"] == hash_(f"{first}:{middle}:{last}".encode()).hexdigest()


ANSWERS = {
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: /open?again=1\r\nContent-Length: 0\r\n\r\n",
    "garbage": b"\x00\xffSSH-2.0-dropbear\r\n\r\n",
    "error": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "truncated": b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}",
    "no": b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"code": "no"}'[:-1],
}


def written(status: str, body: str, *headers: str) -> bytes:
    length = len(body.encode())
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {length}", *headers, "", body]
    return "\r\n".join(lines).encode()


def _receive(connection: socket.socket) -> Request:
    connection.settimeout(10)
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(4096)
        if not chunk:
            raise ValueError("no request came")
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(4096)
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body.decode())
