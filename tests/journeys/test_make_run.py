"""`make run`: one command starts everything, and nothing of it outlives the command."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers.process import Process, python_command, spare_port

pytestmark = [pytest.mark.journey, pytest.mark.sqlite, pytest.mark.slow, pytest.mark.timeout(600)]
START_S = 250


class Run(Process):
    """`manage.py run` on an installation of its own."""

    def __init__(self, home: Path, log: Path, *arguments: str, **environment: str) -> None:
        self.home = home
        self.port, self.https_port = spare_port(), spare_port()
        env = {
            "LINLI_VAR": str(home),
            "DATABASE_URL": f"sqlite:///{home}/linli.sqlite3",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "community.settings.embedded",
            "LINLI_HTTP_PORT": str(self.port),
            "LINLI_HTTPS_PORT": str(self.https_port),
        }
        command = python_command("manage.py", "run", *arguments)
        super().__init__(command, log, env | environment)

    def wait_until_ready(self) -> float:
        """Wait for the addresses; seconds to the first page, as it says itself."""
        self.wait_until(lambda: "Ctrl-C" in self.log, START_S)
        found = re.search(
            r"([\d.]+) s\.|([\d.]+) 秒后打开", self.log[self.log.index("Linli runs") :]
        )
        assert found
        return float(found[1])

    def family(self) -> list[int]:
        """Every living process of this installation, whoever its parent is now."""
        mark = f"LINLI_VAR={self.home}\0".encode()
        processes = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [int(path.name) for path in processes if _has(path, mark)]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def _has(process: Path, mark: bytes) -> bool:
    try:
        return mark in (process / "environ").read_bytes() + b"\0"
    except OSError:
        return False


def soon(is_true: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(*arguments: str, **environment: str) -> Run:
        log = tmp_path / f"run-{len(started)}.log"
        started.append(Run(home, log, "--lang", "en", *arguments, **environment))
        return started[-1]

    yield start
    for one in started:
        one.kill()
    assert soon(lambda: not any(one.family() for one in started))


def sign_in(client: httpx.Client, base: str, username: str, password: str) -> httpx.Response:
    page = client.get(f"{base}/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    data = {"username": username, "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {"Referer": f"{base}/sign-in/"}
    return client.post(f"{base}/sign-in/", data=data, headers=headers, follow_redirects=True)


def test_one_command_starts_it_and_one_key_ends_it(run, home):
    linli = run()
    linli.wait_until_ready()
    said = linli.log
    for address in (f"http://localhost:{linli.port}/guard/", "/admin/", "/api/docs/", "/trust/"):
        assert address in said
    for user in ("manager", "desk", "guard", "installer", "resident"):
        assert re.search(rf"^  {user} +\S{{8,}}", said, re.MULTILINE)
    with trusting(linli) as client:
        base = f"https://localhost:{linli.https_port}"
        password = re.search(r"^  guard +(\S+)", said, re.MULTILINE)[1]
        assert sign_in(client, base, "guard", password).status_code == 200
        assert client.get(f"{base}/guard/").status_code == 200
    assert soon(lambda: len(list((home / "stills").glob("*.jpg"))) == 4, 90), "cameras see nothing"
    os.kill(linli.pid, signal.SIGINT)
    assert linli.popen.wait(20) == 0, linli.log[-3000:]
    assert "Traceback" not in linli.log
    assert "Everything is saved." in linli.log
    assert linli.family() == []


@contextmanager
def trusting(linli: Run) -> Iterator[httpx.Client]:
    """A browser that trusts what the phone page offers, and nothing else."""
    offered = httpx.get(linli.url("/trust/linli-ca.crt")).text
    with httpx.Client(verify=ssl.create_default_context(cadata=offered), timeout=30) as client:
        yield client


def test_a_second_start_is_quick_to_say_and_changes_nothing(run, home, record_property):
    first = run()
    first.wait_until_ready()
    os.kill(first.pid, signal.SIGTERM)
    assert first.popen.wait(20) == 0
    second = run()
    record_property("second_start_s", second.wait_until_ready())
    assert "Loading the demo" not in second.log
    assert "Tables are up to date" not in second.log
    third = run(LINLI_HTTP_PORT=str(second.port))
    assert third.popen.wait(60) == 1
    assert "already runs" in third.log
    assert httpx.get(second.url("/sign-in/"), timeout=30).status_code == 200


def test_a_killed_parent_leaves_no_orphans(run, home):
    linli = run()
    linli.wait_until_ready()
    assert soon(lambda: len(linli.family()) >= 5)
    os.kill(linli.pid, signal.SIGKILL)
    linli.popen.wait(10)
    assert soon(lambda: not linli.family())


def test_a_dead_web_server_comes_back_on_the_same_port(run, home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        linli = run("--host", "127.0.0.1", LINLI_HTTP_PORT=str(wanted), LINLI_WEB_PROCESSES="2")
        linli.wait_until_ready()
    assert f"Port {wanted} is taken" in linli.log
    linli.port = int(re.search(r"http://localhost:(\d+)/guard/", linli.log)[1])
    before = web_processes(linli)
    assert sorted(before.values()) == ["linli-web", "linli-web-2"]
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    # Nobody is refused meanwhile: the port stays open, and the answer waits for a new process.
    assert httpx.get(linli.url("/sign-in/"), timeout=60).status_code == 200
    assert soon(lambda: linli.log.count("The web server ended unexpectedly") == 2)
    assert soon(lambda: sorted(web_processes(linli).values()) == ["linli-web", "linli-web-2"])
    os.kill(next(iter(web_processes(linli))), signal.SIGSTOP)
    for _one in range(4):  # a connection that a stopped process took would not be answered
        assert httpx.get(linli.url("/sign-in/"), timeout=60).status_code == 200


def web_processes(linli: Run) -> dict[int, str]:
    names = {pid: Path(f"/proc/{pid}/comm").read_text().strip() for pid in linli.family()}
    return {pid: name for pid, name in names.items() if name.startswith("linli-web")}
