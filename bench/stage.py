"""A stage of one's own for a benchmark: a fresh database with real settings, real processes."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def fresh_database(url: str = "", *, production: bool = False) -> Iterator[Path]:
    """Django set up on an empty migrated database (SQLite in a temporary folder, or ``url``).

    Yields the folder of runtime files. Call before any import of models.
    """
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        os.environ["LINLI_VAR"] = folder
        kind = "production" if production else "embedded"
        os.environ["DJANGO_SETTINGS_MODULE"] = f"community.settings.{kind}"
        os.environ.pop("DATABASE_URL", None)
        if url:
            os.environ["DATABASE_URL"] = url
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        if production:
            call_command("collectstatic", interactive=False, verbosity=0)
        try:
            yield Path(folder)
        finally:
            connections.close_all()


@contextmanager
def servers() -> Iterator[tuple[str, Any, Any]]:
    """A PostgreSQL and a Redis of one's own; the environment says what production needs.

    Yields the database's URL and both processes.
    """
    from tests.servers import brokers, postgresql

    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.cluster() as (database, cluster),
        brokers.redis(Path(folder)) as (redis_url, redis),
    ):
        os.environ |= {
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
            "LINLI_HOSTS": "linli.example.com",
            "LINLI_SECRET_KEY": secrets.token_urlsafe(64),
            "LINLI_LOG_LEVEL": "ERROR",
        }
        yield database, cluster, redis


def spawn(*arguments: str, **options: object) -> subprocess.Popen[str]:
    """A Python child in this environment, in a process group of its own."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=ROOT, text=True, process_group=0, **options)  # type: ignore[call-overload]


def end(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
        process.wait(20)


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Web:
    """The web process on a spare port; can be stalled, killed and started again."""

    def __init__(self, port: int | None = None, *, workers: int = 1) -> None:
        self.port, self.workers = port or spare_port(), workers
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        options = ["--port", str(self.port), "--lifespan", "off", "--log-level", "error"]
        # As our own server has it: browsers keep their connection between two clicks.
        options += ["--timeout-keep-alive", "30"]
        options += ["--no-access-log", "--ws-per-message-deflate", "false"]
        if self.workers > 1:
            options += ["--workers", str(self.workers)]
        # As the unit of the web process has it; SQLite takes no notice.
        environment = os.environ | {"LINLI_DATABASE_POOL": "16"}
        process = spawn("-m", "uvicorn", "community.asgi:application", *options, env=environment)
        self._wait()
        return process

    def _wait(self, seconds: float = 90) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.05)
            else:
                return
            finally:
                connection.close()
        raise TimeoutError("the web process does not answer")

    def cpu_s(self) -> float:
        """Processor seconds that this server's processes have used so far (Linux)."""
        ticks = 0
        for found in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # ended meanwhile
                told = found.read_text().rpartition(") ")[2].split()
                if int(told[2]) == self.process.pid:
                    ticks += int(told[11]) + int(told[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def kill_and_restart(self) -> None:
        end(self.process)
        self.start_again()

    def start_again(self) -> None:
        self.process = self._start()

    def close(self) -> None:
        end(self.process)


def session_for(user: object, compound: object = None) -> str:
    """A signed-in session's key, made as the sign-in page makes it, in ``compound`` if given."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from community.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    if compound is not None:
        from community.middleware import SESSION_KEY as CHOSEN

        session[CHOSEN] = compound.pk  # type: ignore[attr-defined]
    session.save()
    return str(session.session_key)


def new_name(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
