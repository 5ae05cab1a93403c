"""Fixtures that give a test real servers and a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import brokers
from tests.servers.linli import LinliServer, database_url
from tests.servers.process import Process, python_command


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis for the whole run."""
    with brokers.redis(tmp_path_factory.mktemp("redis")) as (url, _):
        yield url


@pytest.fixture
def redis_process(tmp_path: Path) -> Iterator[tuple[str, Process]]:
    """A Redis for one test, to stall or kill."""
    with brokers.redis(tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def mqtt_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """An MQTT broker for the whole run."""
    with brokers.mosquitto(tmp_path_factory.mktemp("mosquitto")) as (port, _):
        yield port


@pytest.fixture
def mqtt_process(tmp_path: Path) -> Iterator[tuple[int, Process]]:
    """An MQTT broker for one test, to stall or kill."""
    with brokers.mosquitto(tmp_path) as started:
        yield started


@pytest.fixture
def shared_environment(transactional_db: None) -> dict[str, str]:
    """What another process needs in order to work on this test's database.

    The test commits for real, so both sides see each other's rows.
    """
    from django.db import connection

    return {
        "DATABASE_URL": database_url(connection.settings_dict),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }


@pytest.fixture
def start_linli(
    shared_environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., LinliServer]]:
    """`start_linli(**environment)` starts one more web process on this test's database."""
    started: list[LinliServer] = []

    def start(**environment: str) -> LinliServer:
        log = tmp_path / f"web-{len(started)}.log"
        started.append(LinliServer(log, shared_environment | environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def linli_server(start_linli: Callable[..., LinliServer]) -> LinliServer:
    """The real application under uvicorn, pages and WebSockets, on this test's database."""
    return start_linli()


@pytest.fixture
def start_command(
    shared_environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., Process]]:
    """`start_command("watch_cameras", "--all", **environment)` runs manage.py in a process."""
    started: list[Process] = []

    def start(*arguments: str | Path, **environment: str) -> Process:
        log = tmp_path / f"command-{len(started)}.log"
        command = python_command("manage.py", *arguments)
        started.append(Process(command, log, shared_environment | environment))
        return started[-1]

    yield start
    for process in started:
        process.stop()
