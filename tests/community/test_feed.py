"""The feed through real WebSockets of the real server."""

import json
import signal
import time
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bench.stage import session_for
from community import events, operations
from community.models import BrowserSession, LedgerHead
from tests.community import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def compound(transactional_db):
    return factories.compound()


@pytest.fixture
def guard(compound):
    return factories.user("guard", at=compound)


def happen(compound, count=1, kind="device.came_online"):
    for _ in range(count):
        with events.writing():
            events.record(kind, compound=compound, device=1)


@contextmanager
def screen(server, user=None, after="", origin=None, lang="en"):
    headers = {"Cookie": f"sessionid={session_for(user)}"} if user else {}
    url = f"{server.ws_url}/ws/feed/?after={after}&lang={lang}"
    with connect(url, additional_headers=headers, origin=origin, open_timeout=20) as socket:
        yield socket


def hear(socket, seconds=20):
    return json.loads(socket.recv(timeout=seconds))


def sequences(socket, count):
    heard = []
    while len(heard) < count:
        said = hear(socket)
        if said["type"] == "event":
            heard.append(said["sequence"])
    return heard


def closed_with(socket):
    with pytest.raises(ConnectionClosed) as closed:
        for _ in range(10):
            socket.recv(timeout=15)
    return closed.value.rcvd.code


def test_what_happens_is_heard_at_once_and_in_order(linli_server, compound, guard):
    with screen(linli_server, guard) as socket:
        assert hear(socket)["type"] == "hello"
        happen(compound, 3)
        assert sequences(socket, 3) == [1, 2, 3]


def test_a_screen_resumes_after_its_last_number(linli_server, compound, guard):
    happen(compound, 5)
    with screen(linli_server, guard, after=2) as socket:
        assert hear(socket) == {"type": "hello", "high": 5, "low": 0, "compound": compound.pk}
        assert sequences(socket, 3) == [3, 4, 5]


def test_a_backlog_longer_than_the_buffer_comes_whole(linli_server, compound, guard):
    with events.writing():
        for _ in range(2600):
            events.record("device.came_online", compound=compound, device=1)
    with screen(linli_server, guard, after=1) as socket:
        assert sequences(socket, 2599) == list(range(2, 2601))


def test_a_role_hears_only_its_kinds(linli_server, compound, guard):
    with screen(linli_server, guard, after=0) as socket:
        happen(compound, kind="role.given")
        happen(compound)
        assert sequences(socket, 1) == [2]


def test_another_compound_is_never_heard(linli_server, compound, guard):
    happen(factories.compound(), 3)
    with screen(linli_server, guard, after=0) as socket:
        assert hear(socket)["high"] == 0
        happen(compound)
        assert sequences(socket, 1) == [1]


def test_a_cursor_older_than_retention_gets_a_snapshot(linli_server, compound, guard):
    happen(compound, 5)
    LedgerHead.objects.filter(pk=compound.pk).update(low_water=3)
    with screen(linli_server, guard, after=1) as socket:
        assert [hear(socket)["type"] for _ in range(2)] == ["hello", "snapshot"]


def test_a_quiet_feed_gives_signs_of_life(linli_server, guard):
    with screen(linli_server, guard) as socket:
        hear(socket)
        assert hear(socket) | {"at": ""} == {"type": "tick", "high": 0, "at": ""}


def test_a_busy_feed_that_is_hidden_still_gives_signs_of_life(linli_server, compound, guard):
    with screen(linli_server, guard) as socket:
        hear(socket)
        end = time.monotonic() + 8
        while time.monotonic() < end:
            happen(compound, kind="role.given")
            time.sleep(0.5)
        assert hear(socket, 1)["type"] == "tick"


@pytest.mark.parametrize("roles", [(), ("resident",)])
def test_without_a_role_here_nothing_is_heard(linli_server, compound, roles):
    happen(compound)
    with screen(linli_server, factories.user(*roles, at=compound), after=0) as socket:
        assert closed_with(socket) == 4403


def test_signed_out_nothing_is_heard(linli_server):
    with screen(linli_server) as socket:
        assert closed_with(socket) == 4401


@pytest.mark.parametrize(
    "after", ["-1", "x", "9" * 40, "1%20OR%201", "%D9%A3"], ids=lambda text: text[:8]
)
def test_a_cursor_that_is_no_number_is_refused(linli_server, guard, after):
    with screen(linli_server, guard, after=after) as socket:
        assert closed_with(socket) == 4400


def test_a_foreign_page_cannot_open_the_feed(linli_server, guard):
    with pytest.raises(InvalidStatus), screen(linli_server, guard, origin="https://evil.example"):
        pass


def test_our_own_page_can(linli_server, guard):
    with screen(linli_server, guard, origin=linli_server.url) as socket:
        assert hear(socket)["type"] == "hello"


def test_an_ended_role_closes_the_socket(linli_server, compound, guard):
    with screen(linli_server, guard) as socket:
        hear(socket)
        operations.end_role(guard.held_roles.get())
        assert closed_with(socket) == 4403


def test_an_ended_session_closes_the_socket(linli_server, compound, guard):
    with screen(linli_server, guard) as socket:
        hear(socket)
        BrowserSession.objects.all().delete()
        assert closed_with(socket) == 4401


def test_nothing_is_lost_or_doubled_over_a_stall_and_a_kill(linli_server, compound, guard):
    with screen(linli_server, guard, after=0) as socket:
        happen(compound, 2)
        assert sequences(socket, 2) == [1, 2]
        linli_server.send(signal.SIGSTOP)
        happen(compound, 20)
        time.sleep(1)
        linli_server.send(signal.SIGCONT)
        assert sequences(socket, 20) == list(range(3, 23))
    linli_server.kill()
    happen(compound, 5)
    linli_server.start_again()
    with screen(linli_server, guard, after=22) as socket:
        assert sequences(socket, 5) == list(range(23, 28))


@pytest.mark.django_db
def test_a_fault_in_drawing_one_kind_does_not_hold_up_the_feed(monkeypatch, transactional_db):
    """Such an event still has its number on the wire, so that a screen's place moves on."""
    from community import feed
    from community.models import Event

    def broken(_events, _language):
        raise ValueError("no such picture")

    place = factories.compound()
    monkeypatch.setitem(feed._presenters, "device.came_online", broken)
    happen(place)
    event = Event.objects.get()
    assert feed.rows([event], "en") == {}
    assert json.loads(feed.message(event, {}))["sequence"] == 1
