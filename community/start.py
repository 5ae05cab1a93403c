"""What must be true before the embedded process tree starts; each fault says what to do."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from community import network

#: Below this a database that grows could stop in the middle of a write.
FREE_BYTES = 200 * 1024 * 1024
#: What a killed installation may need to end its children.
LOCK_WAIT_S = 6.0


class CannotStart(Exception):
    """Something that a person must put right; the text says what and how."""


@dataclass(frozen=True)
class Ports:
    """The ports to serve on, held; ``moved`` are the wanted ones that somebody else has."""

    http: int
    https: int
    moved: tuple[int, ...]
    http_sockets: tuple[socket.socket, ...] = ()
    https_sockets: tuple[socket.socket, ...] = ()

    def arguments(self) -> list[str]:
        """What tells `run_web` to serve on these sockets."""
        return [
            *("--http-port", str(self.http), "--https-port", str(self.https)),
            *("--http-sockets", *(str(one.fileno()) for one in self.http_sockets)),
            *("--https-sockets", *(str(one.fileno()) for one in self.https_sockets)),
        ]

    def files(self) -> list[int]:
        return [one.fileno() for one in (*self.http_sockets, *self.https_sockets)]


def check() -> None:
    """Raises CannotStart."""
    if settings.REDIS_URL:
        raise CannotStart(
            _("REDIS_URL is set: several processes share the work then. See deploy/ for starting.")
        )
    _check_folder(Path(settings.VAR_DIR))
    try:
        import cv2  # noqa: F401  its wheel loads two libraries from the system
    except ImportError as error:
        message = _("OpenCV does not load (%(error)s). Install: apt install libgl1 libglib2.0-0")
        raise CannotStart(message % {"error": error}) from error


def _check_folder(folder: Path) -> None:
    probe = folder / f".probe.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"linli")
        probe.unlink()
    except OSError as error:
        message = _("Linli cannot write into %(folder)s (%(error)s). Give this user the folder.")
        raise CannotStart(message % {"folder": folder, "error": error.strerror}) from error
    if shutil.disk_usage(folder).free < FREE_BYTES:
        message = _("Less than 200 MB are free in %(folder)s. Make room first.")
        raise CannotStart(message % {"folder": folder})


@contextmanager
def alone() -> Iterator[IO[str]]:
    """Holds this installation for one process tree. Raises CannotStart where another runs.

    The kernel lets the lock go with its last holder, however that ends: children of a killed
    parent hold it until they are gone, which takes seconds at most.
    """
    with (Path(settings.VAR_DIR) / "run.lock").open("a+") as file:
        until = time.monotonic() + LOCK_WAIT_S
        while not _locked(file):
            if time.monotonic() > until:
                file.seek(0)
                held = file.read().strip() or "?"
                message = _("Linli already runs in this folder (%(held)s). Stop that one first.")
                raise CannotStart(message % {"held": held})
            time.sleep(0.1)
        yield file


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def note(file: IO[str], ports: Ports) -> None:
    """Write into the lock who holds it, for whoever finds it taken."""
    file.truncate(0)
    file.write(f"pid {os.getpid()}, http://localhost:{ports.http}/")
    file.flush()


def migrate() -> int:
    """Bring the tables up to date; returns how many migrations ran. Quick when there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", verbosity=0, interactive=False)
    return len(plan)


def take_ports(host: str) -> Ports:
    """The wanted ports, or the next free ones. Raises CannotStart where none is free."""
    try:
        http, http_sockets = network.listen_from(host, settings.HTTP_PORT)
        https, https_sockets = network.listen_from(host, settings.HTTPS_PORT)
    except OSError as error:
        message = _("No port is free for the pages (%(error)s). Set LINLI_HTTP_PORT.")
        raise CannotStart(message % {"error": error}) from error
    wanted = {settings.HTTP_PORT: http, settings.HTTPS_PORT: https}
    moved = tuple(port for port, got in wanted.items() if got != port)
    return Ports(http, https, moved, tuple(http_sockets), tuple(https_sockets))
