"""Providers on the loopback that answer like the real ones, and misbehave like them."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

KEY_ID, SECRET, TOKEN = "LTAI-test", "provider's secret", "token-1"


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {name: got[0] for name, got in parse_qs(urlsplit(self.target).query).items()}

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def told(self) -> dict[str, object]:
        return json.loads(self.body)


Reply = tuple[int, dict[str, str], bytes]


def reply(value: object, status: int = 200, **headers: str) -> Reply:
    return status, headers, json.dumps(value).encode()


@dataclass
class Provider:
    """``answers`` says what a well-meant request gets; ``mode`` how the provider misbehaves."""

    answers: Callable[[Asked], Reply]
    mode: str = "obey"
    asked: list[Asked] = field(default_factory=list)
    #: What it took and sent on; a refusal adds nothing.
    taken: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Provider:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def vanish(self) -> None:
        if self._stopped.is_set():
            return
        self._stopped.set()
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", self.port))
        self._thread.join()
        self._listener.close()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            connection, _ = self._listener.accept()
            if self._stopped.is_set():
                connection.close()
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                asked = receive(connection)
                self.asked.append(asked)
                self._answer(asked, connection)
            except OSError:
                return

    def _answer(self, asked: Asked, line: socket.socket) -> None:
        is_message = "token" not in asked.path
        if self.mode == "limit" and is_message:
            line.sendall(written(429, {"Retry-After": "90"}, b"slow down"))
        elif self.mode == "redirect" and is_message:
            line.sendall(written(302, {"Location": f"{self.url}/elsewhere"}, b""))
        elif self.mode == "broken" and is_message:
            line.sendall(written(500, {}, b"<html>oops</html>"))
        else:
            self._obey(asked, line, is_message)

    def _obey(self, asked: Asked, line: socket.socket, is_message: bool) -> None:
        status, headers, body = self.answers(asked)
        if is_message and says_yes(status, body):
            self.taken.append(asked)
        if self.mode == "garbage" and is_message:
            line.sendall(written(200, {}, b"\xff\x00<not what you think>"))
        elif self.mode == "silent" and is_message:
            time.sleep(0.2)  # and hangs up
        elif self.mode == "endless" and is_message:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
            line.sendall(b"x" * 999_999)
        else:
            line.sendall(written(status, headers, body))


def says_yes(status: int, body: bytes) -> bool:
    """Some say no with status 200."""
    told = json.loads(body) if body else {}
    return status < 300 and told.get("errcode", 0) == 0 and told.get("Code", "OK") == "OK"


def receive(connection: socket.socket) -> Asked:
    connection.settimeout(5)
    data = b""
    while b"\r\n\r\n" not in data:
        data += (chunk := connection.recv(65536))
        if not chunk:
            raise OSError("hung up")
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Asked(method, target, headers, body)


def written(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


# What each kind of provider answers to a well-meant request.


def aliyun(asked: Asked) -> Reply:
    """Checks the signature as the provider's documentation has it, step by step."""
    credential, names, signature = (
        part.split("=", 1)[1] for part in asked.headers["authorization"].split(" ", 1)[1].split(",")
    )
    canonical = "\n".join(
        [
            asked.method,
            asked.path,
            urlsplit(asked.target).query,
            *(f"{name}:{asked.headers[name]}" for name in names.split(";")),
            "",
            names,
            hashlib.sha256(asked.body).hexdigest(),
        ]
    )
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    right = hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    if credential != KEY_ID or right != signature:
        return reply({"Code": "SignatureDoesNotMatch"}, 400)
    if asked.query["PhoneNumbers"].startswith("000"):
        return reply({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "RequestId": "r"})
    return reply({"Code": "OK", "Message": "OK", "BizId": "9006", "RequestId": "r"})


def gateway(asked: Asked) -> Reply:
    stamp = asked.headers["linli-timestamp"]
    right = hmac.new(SECRET.encode(), f"{stamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
    if asked.headers["linli-signature"] != f"v1={right}":
        return reply({}, 401)
    if str(asked.told["to"]).startswith("000"):
        return reply({}, 422)
    return reply({"id": f"g-{asked.headers['idempotency-key']}"}, 202)


def robot(asked: Asked) -> Reply:
    if asked.query["key"] != SECRET:
        return reply({"errcode": 93000, "errmsg": "invalid webhook url"})
    return reply({"errcode": 0, "errmsg": "ok"})


def account(asked: Asked) -> Reply:
    if asked.path.endswith("/stable_token"):
        if asked.told["secret"] != SECRET:
            return reply({"errcode": 40125, "errmsg": "invalid appsecret"})
        return reply({"access_token": TOKEN, "expires_in": 7200})
    if asked.query["access_token"] != TOKEN:
        return reply({"errcode": 40001, "errmsg": "invalid credential"})
    if str(asked.told["touser"]).startswith("000"):
        return reply({"errcode": 43004, "errmsg": "require subscribe"})
    return reply({"errcode": 0, "errmsg": "ok", "msgid": 200163836})


def push_service(asked: Asked) -> Reply:
    if not asked.headers.get("authorization", "").startswith("vapid t="):
        return reply({}, 401)
    return (410, {}, b"") if asked.path.startswith("/gone") else (201, {"Location": "/m/1"}, b"")
