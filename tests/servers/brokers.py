"""Redis and Mosquitto of the test run's own, on spare ports of the loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Process, accepts, spare_port


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not found:
        raise RuntimeError(f"{name} is not installed; `make test` as root installs it")
    return found


@contextmanager
def redis(folder: Path) -> Iterator[tuple[str, Process]]:
    """An empty Redis that keeps nothing on disk; its URL and its process."""
    port = spare_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    server = Process(command, folder / "redis.log")
    try:
        server.wait_until(lambda: accepts(port))
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.stop()


@contextmanager
def mosquitto(
    folder: Path, access: str = "allow_anonymous true\n"
) -> Iterator[tuple[int, Process]]:
    """An MQTT broker, by default one that lets anyone in; its port and its process."""
    port = spare_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\npersistence false\n{access}")
    server = Process([program("mosquitto"), "-c", str(settings)], folder / "mosquitto.log")
    try:
        server.wait_until(lambda: accepts(port))
        yield port, server
    finally:
        server.stop()
