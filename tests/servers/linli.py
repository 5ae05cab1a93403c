"""Linli itself as a process: the real application under uvicorn, and its commands."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers.process import Process, python_command, spare_port


def database_url(settings: Mapping[str, Any]) -> str:
    """The DATABASE_URL with which another process reaches the database of these settings."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{settings['NAME']}"
    access = f"{quote(settings['USER'])}:{quote(settings['PASSWORD'])}"
    return f"postgres://{access}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


class LinliServer(Process):
    """`community.asgi:application` on a spare port; `start_again()` keeps the port."""

    def __init__(self, log: Path, env: Mapping[str, str]) -> None:
        self.port = spare_port()
        command = python_command("-m", "uvicorn", "community.asgi:application")
        command += ["--port", str(self.port), "--log-level", "warning", "--lifespan", "off"]
        super().__init__(command, log, env)
        self.wait_until(self.answers)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether a page is served; any status counts, since that is the application speaking."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def start_again(self) -> None:
        super().start_again()
        self.wait_until(self.answers)
