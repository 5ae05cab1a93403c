"""Production's shape: PostgreSQL, Redis, two web processes, real Celery. Whatever is killed or
restarted, a screen shows each event once.

Every server is this test's own, so that it may be killed; the suite's database is not touched.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.community.webhooks.receiver import listening, status
from tests.servers import brokers, postgresql
from tests.servers.linli import LinliServer
from tests.servers.process import Process, accepts, python_command

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(900)]
WAIT_S = 60


class Installation:
    """Servers, environment, and deeds done in child processes, as in production."""

    def __init__(self, folder: Path, database: tuple[str, Process], redis: tuple[str, Process]):
        self.folder, (database_url, self.postgres) = folder, database
        redis_url, self.redis = redis
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "community.settings.production",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "LINLI_VAR": str(folder),
            "LINLI_KEYRING": str(folder / "keyring.json"),
            "LINLI_SECRET_KEY": secrets.token_urlsafe(64),
            "LINLI_HOSTS": "linli.example.com",
            "LINLI_LOG_LEVEL": "WARNING",
            "LINLI_WEBHOOK_HOSTS": "127.0.0.1",
        }
        self.do("prepare")
        made = json.loads(self.do("people"))
        self.compound, self.cookie = made["compound"], made["cookie"]
        served = self.environment | {"LINLI_DATABASE_POOL": "4"}
        self.webs = [LinliServer(folder / f"web-{each}.log", served) for each in (1, 2)]

    def do(self, *words: object, **more: str) -> str:
        """A deed in a process of its own, with ``more`` environment; see production_child."""
        command = python_command("-m", "tests.journeys.production_child", *map(str, words))
        environment = os.environ | self.environment | more
        ran = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=280, check=False
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout.strip()

    def happen(self, count: int) -> None:
        self.do("happen", self.compound, count)

    def close(self) -> None:
        for web in self.webs:
            web.stop(3)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("production")
    with postgresql.cluster() as database, brokers.redis(folder) as redis:
        made = Installation(folder, database, redis)
        yield made
        made.close()


class Screen:
    """Follows the feed at one of the web processes, moves to the other when it breaks off."""

    def __init__(self, place: Installation, webs: list[LinliServer]) -> None:
        self.place, self.webs, self.turn = place, webs, 0
        self.last = place_end(place)
        self.first = self.last + 1
        self.seen: list[int] = []
        self.socket: Any = None
        self.moves = -1

    def follow_until(self, number: int, during: Callable[[], None] = lambda: None) -> None:
        """Listen until this number was shown; ``during`` runs once it listens."""
        end = time.monotonic() + WAIT_S
        while not self._listen(0.5):
            assert time.monotonic() < end, "no web process takes the screen"
        during()
        while self.last < number:
            assert time.monotonic() < end + WAIT_S, f"stuck after {self.last} of {number}"
            self._listen(1)

    def _listen(self, seconds: float) -> bool:
        try:
            if self.socket is None:
                self._open()
            with contextlib.suppress(TimeoutError):
                while True:
                    self._take(json.loads(self.socket.recv(timeout=seconds)))
        except (OSError, WebSocketException):
            self.socket, self.turn = None, self.turn + 1
            time.sleep(0.3)
            return False
        return True

    def _open(self) -> None:
        web = self.webs[self.turn % len(self.webs)]
        self.socket = connect(
            f"{web.ws_url}/ws/feed/?after={self.last}&lang=en",
            additional_headers={"Cookie": self.place.cookie},
            open_timeout=10,
            close_timeout=1,
        )
        self.moves += 1

    def _take(self, message: dict[str, Any]) -> None:
        assert message["type"] != "snapshot", "the screen would have lost its place"
        if message["type"] == "event":
            self.seen.append(message["sequence"])
            self.last = message["sequence"]

    def shows_each_once(self) -> bool:
        return self.seen == list(range(self.first, self.last + 1))


def place_end(place: Installation) -> int:
    return int(place.do("end", place.compound))


@pytest.fixture
def screen(installation: Installation) -> Iterator[Screen]:
    made = Screen(installation, list(installation.webs))
    yield made
    if made.socket is not None:
        made.socket.close()


def test_what_one_process_commits_another_shows(installation: Installation, screen: Screen):
    """The hint comes over Redis: the event is committed by a process that serves no page."""
    target = screen.last + 5
    screen.follow_until(target, lambda: installation.happen(5))
    other = Screen(installation, list(reversed(installation.webs)))
    other.last, other.first = target - 5, target - 4
    other.follow_until(target)
    assert screen.shows_each_once()
    assert other.shows_each_once()


def test_a_killed_web_process_loses_its_screens_to_the_other(
    installation: Installation, screen: Screen
):
    target = screen.last + 20

    def trouble() -> None:
        installation.happen(10)
        screen.webs[screen.turn % 2].kill()
        installation.happen(10)

    screen.follow_until(target, trouble)
    assert screen.moves >= 1
    assert screen.shows_each_once()
    for web in installation.webs:
        if not web.is_running:
            web.start_again()


def test_redis_restarted_loses_and_doubles_nothing(installation: Installation, screen: Screen):
    target = screen.last + 15

    def trouble() -> None:
        installation.happen(5)
        installation.redis.kill()
        installation.happen(5)
        assert http_status(installation.webs[0], "/readyz") == 503
        assert http_status(installation.webs[0], "/healthz") == 200
        installation.redis.start_again()
        installation.happen(5)

    screen.follow_until(target, trouble)
    assert screen.shows_each_once()


def test_postgresql_restarted_loses_and_doubles_nothing(installation: Installation, screen: Screen):
    target = screen.last + 10

    def trouble() -> None:
        installation.happen(5)
        installation.postgres.stop(number=signal.SIGINT)
        assert http_status(installation.webs[0], "/readyz") == 503
        assert http_status(installation.webs[0], "/healthz") == 200
        installation.postgres.start_again()
        port = int(installation.environment["DATABASE_URL"].rpartition(":")[2].partition("/")[0])
        installation.postgres.wait_until(lambda: accepts(port))
        wait_for(lambda: http_status(installation.webs[0], "/readyz") == 200)
        installation.happen(5)

    screen.follow_until(target, trouble)
    assert screen.shows_each_once()


@contextlib.contextmanager
def jobs(installation: Installation) -> Iterator[None]:
    """Beat and a worker; neither may meet a fault."""
    folder, environment = installation.folder, installation.environment
    celery = python_command("-m", "celery", "-A", "community")
    worker_command = [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
    worker = Process(worker_command, folder / "worker.log", environment)
    beat = Process([*celery, "beat", "--pidfile="], folder / "beat.log", environment)
    try:
        yield
    finally:
        for process in (beat, worker):
            process.stop(5)
    assert "Traceback" not in worker.log


def test_threads_of_devices_leave_connections_to_pages(installation: Installation):
    """A pool of three, nine doors at once: their threads live on, yet no page waits for one."""
    told = json.loads(
        installation.do("open_doors", installation.compound, 9, LINLI_DATABASE_POOL="3")
    )
    assert told["done"] == 9
    assert told["longest_s"] < 4  # a page is refused after five


def test_jobs_run_in_a_worker_of_their_own(installation: Installation, screen: Screen):
    """Only Beat asks for the handlers and for the webhooks, and only the worker runs them."""
    with listening() as receiver:

        def busy_once(request: BaseHTTPRequestHandler) -> None:
            status(503 if len(receiver.heard) == 1 else 204)(request)

        receiver.manner = busy_once
        webhook = json.loads(installation.do("hook", installation.compound, receiver.url))
        with jobs(installation):
            number = installation.do("promise", installation.compound)
            wait_for(lambda: installation.do("kept", number) == "done", 90)
            # Refused once, it comes again after about ten seconds, the same and signed anew.
            wait_for(lambda: json.loads(installation.do("told", webhook["id"]))[0][1] == "done", 90)
    (delivery,) = json.loads(installation.do("told", webhook["id"]))
    first, second = receiver.heard
    assert delivery == [first.headers["linli-delivery"], "done", 2]
    assert first.body == second.body
    assert json.loads(first.body)["kind"] == "device.came_online"
    stamps = []
    for heard in (first, second):
        stamps.append(int(heard.headers["linli-timestamp"]))
        signed = f"{stamps[-1]}.".encode() + heard.body
        mark = hmac.new(webhook["secret"].encode(), signed, sha256).hexdigest()
        assert heard.headers["linli-signature"] == f"v1={mark}"
    assert stamps[1] - stamps[0] >= 7


def test_production_speaks_https_behind_its_proxy_only(installation: Installation):
    web = installation.webs[0]
    host = {"Host": "linli.example.com"}
    assert http_status(web, "/sign-in/", host) == 301
    # From the proxy's address, uvicorn believes what the proxy says.
    proxied = host | {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    assert http_status(web, "/account/", proxied) == 302
    assert http_status(web, "/healthz", {"Host": "evil.example"}) == 400


def http_status(web: LinliServer, path: str, headers: dict[str, str] | None = None) -> int:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def wait_for(is_so: Callable[[], bool], seconds: float = WAIT_S) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.5)
