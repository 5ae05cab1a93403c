"""The test plumbing itself: what it starts works, what it stops is gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import redis
from django.contrib.auth import get_user_model

from tests.servers.process import Process, accepts, python_command


def test_the_network_is_closed():
    with pytest.raises(RuntimeError, match="this machine only"):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)
    with pytest.raises(RuntimeError, match="this machine only"):
        socket.create_connection(("linli.example", 80), timeout=1)


def test_redis_keeps_what_it_is_given(redis_url: str):
    client = redis.Redis.from_url(redis_url)
    client.set("lane", "open")
    assert client.get("lane") == b"open"


def test_a_paused_redis_stalls_and_comes_back(redis_process: tuple[str, Process]):
    url, process = redis_process
    client = redis.Redis.from_url(url, socket_timeout=0.3, retry=None)
    client.ping()
    process.pause()
    with pytest.raises(redis.TimeoutError):
        client.ping()
    process.resume()
    assert redis.Redis.from_url(url).ping()


def test_mosquitto_listens(mqtt_port: int):
    assert accepts(mqtt_port)


def test_a_process_dies_with_the_one_that_started_it(tmp_path: Path):
    """Even when its parent is killed and has no chance to clear up."""
    script = (
        "import time; from pathlib import Path; from tests.servers.process import Process;"
        "child = Process(['sh', '-c', 'echo up; sleep 60'], Path('log'));"
        "child.wait_until(lambda: 'up' in child.log);"
        "print(child.pid, flush=True); time.sleep(60)"
    ).replace("'log'", repr(str(tmp_path / "log")))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_alive(child)


def is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_process_that_ends_early_shows_its_last_words(tmp_path: Path):
    process = Process(python_command("-c", "raise SystemExit('no camera')"), tmp_path / "log")
    with pytest.raises(AssertionError, match="no camera"):
        process.wait_until(lambda: False)


def test_a_process_that_ignores_a_stop_is_killed(tmp_path: Path):
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); "
    process = Process(python_command("-c", code + "time.sleep(60)"), tmp_path / "log")
    process.wait_until(lambda: "up" in process.log)
    assert process.stop(seconds=0.3) == -signal.SIGKILL


def test_a_server_shares_the_tests_database(linli_server):
    assert linli_server.answers()
    linli_server.kill()
    assert not linli_server.answers()
    linli_server.start_again()
    assert linli_server.answers()


def test_the_browser_draws_chinese(page):
    page.set_content("<title>邻里</title><p>大门已经打开</p>")
    assert page.title() == "邻里"
    assert page.locator("p").inner_text() == "大门已经打开"


def test_a_page_of_a_server_and_the_database_go_together(page, linli_server):
    """The database is emptied after the browser's test, while its loop is marked as running."""
    page.goto(f"{linli_server.url}/sign-in/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert get_user_model().objects.count() == 0


async def test_an_asynchronous_test_may_follow_the_browser():
    assert os.getpid()
