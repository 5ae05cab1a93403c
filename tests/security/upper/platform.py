"""An upper platform on this machine: GA/T 1400 over real sockets, with a platform's bad habits."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

REALM = "viid-upper"
USER, PASSWORD = "linli-4101", "S3cret-word"
NUMBER = "41010000005030000009"
#: What answers one request instead of the platform.
Manner = Callable[[BaseHTTPRequestHandler], None]
Values = dict[str, Any]


@dataclass
class Platform:
    """``heard`` are the requests' ends in order; ``cars`` what was stored, by every delivery."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    bodies: list[Values] = field(default_factory=list)
    cars: list[Values] = field(default_factory=list)
    registered: set[str] = field(default_factory=set)
    nonces: set[str] = field(default_factory=set)
    #: The next so many proofs are of a nonce that has just gone stale.
    stale: int = 0
    password: str = PASSWORD
    #: Answers in place of the platform's own, for one path.
    manners: dict[str, Manner] = field(default_factory=dict)
    #: What is said to a car: 0, or a code and words.
    judge: Callable[[Values], tuple[int | str, str]] = lambda _car: (0, "OK")
    #: Turns a list of statuses into a body.
    shape: Callable[[list[Values]], Any] = lambda rows: {
        "ResponseStatusListObject": {"ResponseStatusObject": rows}
    }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def forget(self) -> None:
        self.registered.clear()

    def plates(self) -> list[str]:
        return [car["PlateNo"] for car in self.cars]

    def count(self, path: str) -> int:
        return self.heard.count(path)


def status(code: int, body: bytes = b"") -> Manner:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        _write(handler, code, body)

    return answer


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Takes the request, and the line is gone."""
    handler.connection.close()


@contextlib.contextmanager
def listening() -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.close_connection = True
            path = self.path.partition("/VIID/")[2]
            platform.heard.append(path)
            platform.bodies.append(json.loads(data))
            manner = platform.manners.get(path)
            if manner is not None:
                manner(self)
            else:
                _hear(platform, self, path, json.loads(data))

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


def store(platform: Platform, values: Values) -> list[Values]:
    """Keep the cars of a body; what is said to each."""
    rows = []
    for car in values["MotorVehicleListObject"]["MotorVehicleObject"]:
        code, words = platform.judge(car)
        if str(code) == "0":
            platform.cars.append(car)
        rows.append({"Id": car["MotorVehicleID"], "StatusCode": code, "StatusString": words})
    return rows


def _hear(platform: Platform, handler: Any, path: str, values: Values) -> None:
    number = handler.headers.get("User-Identify", "")
    if path == "System/Register":
        _register(platform, handler, values)
        return
    if number not in platform.registered:
        said = {"ResponseStatusObject": {"StatusCode": 4, "StatusString": "not registered"}}
        _write(handler, 401, json.dumps(said).encode())
        return
    if path == "System/UnRegister":
        platform.registered.discard(number)
    if path != "MotorVehicles":
        said = {"ResponseStatusObject": {"Id": number, "StatusCode": "0", "StatusString": "OK"}}
        _write(handler, 200, json.dumps(said).encode())
        return
    rows = store(platform, values)
    _write(handler, 200, json.dumps(platform.shape(rows), ensure_ascii=False).encode())


def _register(platform: Platform, handler: Any, values: Values) -> None:
    scheme, _, rest = handler.headers.get("Authorization", "").partition(" ")
    fields = parse_keqv_list(parse_http_list(rest)) if scheme == "Digest" else {}
    if fields and platform.stale:
        platform.stale -= 1
        platform.nonces.discard(fields["nonce"])
        _challenge(platform, handler, stale=fields["response"] != "")
        return
    if fields.get("nonce") not in platform.nonces or not _is_proved(platform, fields):
        _challenge(platform, handler, stale=False)
        return
    number = values["RegisterObject"]["DeviceID"]
    platform.registered.add(number)
    said = {"ResponseStatusObject": {"Id": number, "StatusCode": 0, "StatusString": "OK"}}
    _write(handler, 200, json.dumps(said).encode())


def _challenge(platform: Platform, handler: Any, *, stale: bool) -> None:
    nonce = secrets.token_hex(8)
    platform.nonces.add(nonce)
    told = f'Digest realm="{REALM}", qop="auth", nonce="{nonce}", opaque="5ccc"'
    _write(handler, 401, b"", {"WWW-Authenticate": told + (", stale=true" if stale else "")})


def _is_proved(platform: Platform, fields: dict[str, str]) -> bool:
    first = _md5(f"{USER}:{REALM}:{platform.password}")
    last = _md5(f"POST:{fields['uri']}")
    middle = ":".join(fields[name] for name in ("nonce", "nc", "cnonce", "qop"))
    return (
        fields["username"] == USER
        and fields["uri"] == "/VIID/System/Register"
        and fields["response"] == _md5(f"{first}:{middle}:{last}")
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the standard's


def _write(
    handler: BaseHTTPRequestHandler, code: int, body: bytes, headers: dict[str, str] | None = None
) -> None:
    with contextlib.suppress(OSError):  # who hung up hears nothing
        handler.send_response(code)
        handler.send_header("Content-Type", "application/VIID+JSON")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
