"""A lane's smooth picture on a real server: bounded, and over when one may no longer look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.test import Client

from community.models import Lane
from community.operations import end_role
from security import stills
from security.console import video
from tests.community import factories
from tests.security.gates import gate, jpeg

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lane() -> Lane:
    return gate()


@pytest.fixture
def server(start_linli: Callable[..., Any], tmp_path: Path, settings: Any) -> Any:
    """A process with frames of its own, and the sessions of this one."""
    settings.VAR_DIR = tmp_path / "var"
    return start_linli(
        LINLI_VAR=str(settings.VAR_DIR),
        LINLI_SECRET_KEY=settings.SECRET_KEY,
        LINLI_KEYRING=str(settings.KEYRING_PATH),
    )


@pytest.fixture
def camera(lane: Lane, server: Any) -> Iterator[threading.Event]:
    """Puts ten different frames a second in place until the event is set."""
    away = threading.Event()

    def film() -> None:
        number = 0
        while not away.wait(0.1):
            number += 1
            stills.keep(lane.pk, jpeg(64, 40 + number % 9))

    thread = threading.Thread(target=film, daemon=True)
    thread.start()
    time.sleep(0.3)
    yield away
    away.set()
    thread.join(2)


def cookies(user: Any) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def parts(answer: httpx.Response) -> Iterator[tuple[str, str]]:
    """Content type and reason of each part."""
    kind = ended = ""
    for line in answer.iter_raw():
        for one in line.split(b"\r\n"):
            if one.startswith(b"Content-Type: "):
                kind = one[14:].decode()
            if one.startswith(b"X-Ended: "):
                ended = one[9:].decode()
        yield kind, ended


def watch(server: Any, lane: Lane, kept: dict[str, str]) -> Any:
    url = f"{server.url}/guard/lanes/{lane.pk}/video/"
    return httpx.stream("GET", url, cookies=kept, timeout=30)


def test_frames_come_one_after_the_other_and_the_worker_is_asked_for_more(server, lane, camera):
    guard = factories.user("guard", at=lane.compound)
    assert not stills.is_wanted(lane.pk)
    with watch(server, lane, cookies(guard)) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("multipart/x-mixed-replace")
        seen = parts(answer)
        assert [next(seen)[0] for _ in range(6)] == ["image/jpeg"] * 6
        assert stills.is_wanted(lane.pk)


def test_it_ends_when_the_role_is_lost_or_the_session_ends(server, lane, camera):
    guard = factories.user("guard", at=lane.compound)
    kept = cookies(guard)
    with watch(server, lane, kept) as answer:
        seen = parts(answer)
        next(seen)
        import_module(settings.SESSION_ENGINE).SessionStore(
            kept[settings.SESSION_COOKIE_NAME]
        ).delete()
        assert list(seen)[-1][1] == "role"
    other = factories.user("guard", at=lane.compound)
    with watch(server, lane, cookies(other)) as answer:
        seen = parts(answer)
        next(seen)
        end_role(other.held_roles.get())
        assert list(seen)[-1][1] == "role"


def test_no_last_frame_stays_when_the_camera_goes_away(server, lane, camera):
    guard = factories.user("guard", at=lane.compound)
    kept = cookies(guard)
    with watch(server, lane, kept) as answer:
        seen = parts(answer)
        next(seen)
        camera.set()
        assert list(seen)[-1][1] == "away"
    answer = httpx.get(f"{server.url}/guard/lanes/{lane.pk}/video/", cookies=kept)
    assert (answer.status_code, answer.headers["x-ended"]) == (503, "away")
    assert "相机" in answer.text


def test_viewers_are_counted_and_a_newer_stream_ends_the_older(client, lane, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    stills.keep(lane.pk, jpeg())
    with video.watching("one") as older:
        assert older()
        with video.watching("one") as newer:
            assert (older(), newer()) == (False, True)
        others = [video.watching(f"s{number}") for number in range(video.VIEWERS)]
        for other in others:
            other.__enter__()
        client.force_login(factories.user("guard", at=lane.compound))
        answer = client.get(f"/guard/lanes/{lane.pk}/video/")
        assert (answer.status_code, answer["X-Ended"]) == (503, "full")
        for other in others:
            other.__exit__(None, None, None)
    assert not video._watching


@pytest.mark.parametrize(
    ("away", "moved", "over", "why"),
    [
        (True, True, True, "away"),
        (False, True, True, "moved"),
        (False, False, True, "time"),
        (False, False, False, ""),
    ],
)
def test_the_reason_is_the_first_that_holds(away, moved, over, why):
    assert video._ending(away, moved, over) == why
