"""A camera or recorder that tells without end, on bare sockets so that it can misbehave.

Each connection plays one scene: what to send (bytes), how long to wait (a float), what to call.
``HOLD`` at its end keeps the connection open and silent; otherwise it is cut off.
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.community.devices.relay import _receive

HOLD = "hold"
Step = bytes | float | str | Callable[[], object]
REALM, USER, PASSWORD, NONCE = "DVR", "linli", "pa55word", "4f1c09"
HIKVISION_HEAD = "multipart/mixed; boundary=boundary"
DAHUA_HEAD = "multipart/x-mixed-replace; boundary=myboundary"


@dataclass
class EventStream:
    """``targets``: what was asked for; ``refused``: how often a wrong password came."""

    scenes: list[list[Step]]
    content_type: str = HIKVISION_HEAD
    status: str = "200 OK"
    password: str = PASSWORD
    is_chunked: bool = False
    targets: list[str] = field(default_factory=list)
    connections: int = 0
    refused: int = 0
    algorithm: str = "MD5"

    def __enter__(self) -> EventStream:
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self._listener.settimeout(0.05)
        self._threads: list[threading.Thread] = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        # While somebody waits in it, the socket still takes connections.
        self._listening.join(5)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                request = _receive(connection)
                self.targets.append(request.target)
                given = request.headers.get("authorization", "")
                if not given or not self._knows(given, request.target):
                    self.refused += bool(given)
                    ask = f'Digest realm="{REALM}", nonce="{NONCE}", qop="auth"'
                    ask += f", algorithm={self.algorithm}" if self.algorithm else ""
                    head = f"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {ask}\r\n"
                    connection.sendall(head.encode() + b"Content-Length: 0\r\n\r\n")
                    return
                self._play(connection)
        except (OSError, ValueError):
            return

    def _knows(self, given: str, target: str) -> bool:
        fields = dict(part.strip().split("=", 1) for part in given[7:].split(","))
        told = {name: value.strip('"') for name, value in fields.items()}

        kind = hashlib.md5 if self.algorithm == "MD5" else hashlib.sha256

        def one(text: str) -> str:
            return kind(text.encode()).hexdigest()

        first, last = one(f"{USER}:{REALM}:{self.password}"), one(f"GET:{target}")
        middle = ":".join((NONCE, told["nc"], told["cnonce"], told["qop"]))
        return told["uri"] == target and told["response"] == one(f"{first}:{middle}:{last}")

    def _play(self, connection: socket.socket) -> None:
        number, self.connections = self.connections, self.connections + 1
        head = f"HTTP/1.1 {self.status}\r\nContent-Type: {self.content_type}\r\n"
        head += "Transfer-Encoding: chunked\r\n\r\n" if self.is_chunked else "\r\n"
        connection.sendall(head.encode())
        for step in self.scenes[number] if number < len(self.scenes) else [HOLD]:
            if self._stopped.is_set():
                return
            if isinstance(step, bytes):
                sized = b"%x\r\n%s\r\n" % (len(step), step) if self.is_chunked else step
                connection.sendall(sized)
            elif isinstance(step, float):
                self._stopped.wait(step)
            elif step == HOLD:
                self._stopped.wait(30)
            elif callable(step):
                step()


def part(
    content: bytes,
    kind: str = "application/xml",
    *,
    boundary: bytes = b"boundary",
    length: int | None = -1,
    newline: bytes = b"\r\n",
    name: str = "",
) -> bytes:
    """One part of an endless answer. ``length``: -1 the right one, None none, else what is said."""
    lines = [b"--" + boundary, f"Content-Type: {kind}".encode()]
    if name:
        lines.append(f'Content-Disposition: form-data; filename="{name}"'.encode())
    if length is not None:
        lines.append(b"Content-Length: %d" % (len(content) if length < 0 else length))
    return newline.join([*lines, b"", content, b""])


def heartbeat(**options: object) -> bytes:
    xml = (
        b'<EventNotificationAlert version="2.0"><channelID>0</channelID>'
        b"<macAddress>c0:56:e3:00:00:01</macAddress><eventType>videoloss</eventType>"
        b"<eventState>inactive</eventState></EventNotificationAlert>"
    )
    return part(xml, **options)  # type: ignore[arg-type]


def dahua_event(
    plate: str = "皖A52M78", *, index: int = 0, at: int = 0, group: int = 7, **data: object
) -> bytes:
    """The text of one event, with its JSON over many lines as cameras write it."""
    told = {
        "GroupID": group,
        "EventID": 10000 + group,
        "RealUTC": at,
        "UTC": at + 8 * 3600,
        "Object": {"ObjectType": "Plate", "Text": plate, "Confidence": 250},
        "TrafficCar": {"PlateNumber": "皖Z00000", "PlateColor": "Blue"},
    } | data
    text = json.dumps(told, ensure_ascii=False, indent=3)
    return f"Code=TrafficJunction;action=Pulse;index={index};data={text}\n".encode()
