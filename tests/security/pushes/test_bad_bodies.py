"""What no camera should send, over a real socket: bounded, named in the log, answered, shut."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from community.devices.operations import revoke_token
from community.devices.push import FORMATS
from community.models import Command, DeviceToken
from security.models import Passage, Picture
from tests.community.devices.push import bodies
from tests.community.devices.push.bodies import HIKVISION_TYPE, PLATE
from tests.security.pushes.cameras import Pusher, push_lane
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MB = 1024 * 1024
#: More than a push may cost, whatever it is: the largest that is taken, twice, and some room.
MOST_MORE = 48 * MB
JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
DEEP = b"[" * 10_000 + b"]" * 10_000
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<EventNotificationAlert><licensePlate>&b;</licensePlate></EventNotificationAlert>"
)
NAMED = 'Content-Disposition: form-data; name="{0}"; filename="{0}"'


@dataclass
class Camera:
    """A camera's end of a plain socket, which writes what it likes."""

    web: LinliServer
    path: str

    def head(self, content_type: str, *lines: str) -> bytes:
        first = f"POST {self.path} HTTP/1.1\r\nHost: linli\r\nContent-Type: {content_type}\r\n"
        return (first + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode()

    def send(self, body: bytes, content_type: str = JSON) -> tuple[int, bytes]:
        return self.write(self.head(content_type, f"Content-Length: {len(body)}"), body)

    def write(self, *pieces: bytes, pause_s: float = 0.0) -> tuple[int, bytes]:
        """Status and body of the answer."""
        with socket.create_connection(("127.0.0.1", self.web.port), 20) as line:
            for piece in pieces:
                try:
                    line.sendall(piece)
                except OSError:
                    break  # it has heard enough
                time.sleep(pause_s)
            return self._answer(line)

    def _answer(self, line: socket.socket) -> tuple[int, bytes]:
        said = b""
        while b"\r\n\r\n" not in said:
            said += self._more(line)
        head, _, body = said.partition(b"\r\n\r\n")
        told = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert told, "some cameras read no answer without a length"
        while len(body) < int(told[1]):
            body += self._more(line)
        return int(head.split()[1]), body

    @staticmethod
    def _more(line: socket.socket) -> bytes:
        found = line.recv(65536)
        assert found, "the connection ended without an answer"
        return found


@pytest.fixture
def web(start_linli: Callable[..., LinliServer], settings: Any, tmp_path: Path) -> LinliServer:
    return start_linli(
        DJANGO_SETTINGS_MODULE="tests.servers.threaded",
        LINLI_VAR=str(tmp_path),
        LINLI_KEYRING=str(settings.KEYRING_PATH),
    )


@pytest.fixture
def camera(web: LinliServer) -> Iterator[Callable[..., Camera]]:
    """`camera(kind)`: one more lane with a registered car, and its camera."""

    def make(kind: str = "vzenith") -> Camera:
        push = Pusher(push_lane(kind), kind)
        return Camera(web, f"/devices/{push.secret}/{kind}")

    yield make
    assert not Command.objects.exists()


def memory(web: LinliServer) -> int:
    """The most that the process ever had in memory, in bytes (Linux)."""
    status = Path(f"/proc/{web.popen.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def chunked(body: bytes) -> bytes:
    sizes = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in sizes) + b"0\r\n\r\n"


def is_stopped(kind: str, answer: tuple[int, bytes]) -> bool:
    """Whether this is the answer after which a camera of this maker sends no more of it."""
    return answer == (200, FORMATS[kind].answer(None, None).body)


VZENITH_DEEP = b'{"AlarmInfoPlate":' + DEEP + b"}"
DAHUA_DEEP = b'{"Picture":' + DEEP + b"}"
EMPTY = bodies.multipart((NAMED.format("json"), b""), (NAMED.format("upload"), b""))
#: Kind, body, content type, and what the log calls it.
UNTAKEN = {
    "JSON 10,000 levels deep": ("vzenith", VZENITH_DEEP, JSON, "json_too_deep"),
    "the same at another maker": ("dahua", DAHUA_DEEP, JSON, "json_too_deep"),
    "and at a third": ("openalpr", b'{"data_type":' + DEEP + b"}", JSON, "json_too_deep"),
    "entities": ("hikvision", ENTITIES, XML, "xml_forbidden"),
    "parts of zero bytes": ("platerecognizer", EMPTY, HIKVISION_TYPE, "no_event"),
    "a broken form": ("huaxia", b"%%%&&==;\0\0", FORM, "form_invalid"),
    "nothing": ("vzenith", b"", JSON, ""),
}


def test_what_cannot_be_taken_is_named_answered_and_forgotten(
    web: LinliServer, camera: Callable[..., Camera]
):
    before = memory(web)
    for why, (kind, body, content_type, code) in UNTAKEN.items():
        answer = camera(kind).send(body, content_type)
        assert is_stopped(kind, answer), (why, answer)
        assert code in web.log, why
    assert memory(web) - before < MOST_MORE
    assert not Passage.objects.exists()


def test_fifty_megabytes_and_a_body_that_drips(web: LinliServer, camera: Callable[..., Camera]):
    one = camera()
    one.send(bodies.vzenith("豫A00000"))  # code and connections are loaded then
    before = memory(web)
    answer = one.write(one.head(JSON, f"Content-Length: {50 * MB}"), *[b"x" * MB] * 50)
    assert is_stopped("vzenith", answer)
    assert "body_too_large" in web.log
    assert memory(web) - before < MOST_MORE
    drops = [b"{"] * 12
    answer = one.write(one.head(JSON, "Content-Length: 100000"), *drops, pause_s=0.15)
    assert is_stopped("vzenith", answer)
    assert "body_too_slow" in web.log
    assert Passage.objects.count() == 1


def test_of_a_stranger_nothing_is_kept_and_nothing_is_told(
    web: LinliServer, camera: Callable[..., Camera]
):
    one, other = camera(), camera()
    revoke_token(DeviceToken.objects.latest("pk"), None)
    wrong = Camera(web, f"/devices/{'A' * 22}/vzenith")
    for stranger in (wrong, other):
        answer = stranger.send(bodies.vzenith())
        assert is_stopped("vzenith", answer)
        assert "secret_invalid" in web.log
    assert not Passage.objects.exists()
    one.send(bodies.vzenith("豫A00000"))
    answer = one.send(bodies.vzenith(number=2, serial="0000-0000"))
    assert is_stopped("vzenith", answer)
    assert "serial_mismatch" in web.log
    secret = one.path.split("/")[2]
    assert secret not in web.log
    assert Passage.objects.count() == 1


def test_bodies_that_django_would_lose_are_read_whole(
    web: LinliServer, camera: Callable[..., Camera]
):
    """A stranger's car each time, which asks the guard: it was read, and opened nothing."""
    plate = "豫A00000"
    xml = bodies.anpr_xml(plate)
    lined = bodies.hikvision(xml, newline=b"\n")
    comma = HIKVISION_TYPE.replace(";", ",")
    path = '"; filename="../../../../etc/cron.d/x"'
    named = NAMED.format("anpr.xml").replace('"; filename="anpr.xml"', path)
    escaping = bodies.multipart((named, xml), (NAMED.format("detectionPicture.jpg"), b""))
    sent = [(lined, HIKVISION_TYPE), (bodies.hikvision(xml), comma), (escaping, HIKVISION_TYPE)]
    for body, content_type in sent:
        assert is_stopped("hikvision", camera("hikvision").send(body, content_type))
    whole = bodies.vzenith(plate, picture=bodies.jpeg() + bytes(3 * MB))
    one = camera()
    answer = one.write(one.head(JSON, "Transfer-Encoding: chunked"), chunked(whole))
    assert is_stopped("vzenith", answer)
    found = Passage.objects.values_list("plate", "outcome")
    assert list(found) == [(plate, "ask")] * 4
    assert Picture.objects.count() == 3


def test_markup_and_a_picture_of_sixty_thousand_pixels(
    web: LinliServer, camera: Callable[..., Camera]
):
    before = memory(web)
    markup = bodies.vzenith("<img src=x onerror=alert(1)>", picture=bodies.huge_jpeg())
    assert is_stopped("vzenith", camera().send(markup))
    assert "push_picture_refused" in web.log
    assert memory(web) - before < MOST_MORE
    assert Passage.objects.get().plate == ""
    assert not Picture.objects.exists()
    assert PLATE not in json.dumps(list(Passage.objects.values_list("plate", flat=True)))
