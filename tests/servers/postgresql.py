"""A PostgreSQL of one's own for as long as a command runs.

    python -m tests.servers.postgresql COMMAND…

starts a fresh cluster in a temporary folder, gives COMMAND its DATABASE_URL, and ends with its
exit status. The cluster's files do not survive, so it need not survive a power cut: fsync is off.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Process, accepts, spare_port

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "log_min_messages": "warning",
}


def binary(name: str) -> str:
    """The newest installed PostgreSQL program of this name; Debian keeps them out of PATH."""
    folders = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(folders, key=lambda path: float(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise RuntimeError("PostgreSQL is not installed: the Debian package is `postgresql`")
    return found


def account() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    return "postgres" if os.getuid() == 0 else None


def _make_cluster(folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if user := account():
        shutil.chown(folder, user)
        shutil.chown(secret, user)
    command = [binary("initdb"), "-D", str(folder / "cluster"), "-U", "linli", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", str(secret), "-N"]
    subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a fresh cluster; its URL. Stops and removes it on leaving."""
    with cluster() as (url, _):
        yield url


@contextmanager
def cluster() -> Iterator[tuple[str, Process]]:
    """The same, with the process, for whoever stops and starts it again."""
    folder = Path(tempfile.mkdtemp(prefix="linli-postgresql-"))
    password, port = secrets.token_hex(16), spare_port()
    try:
        _make_cluster(folder, password)
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [binary("postgres"), "-D", str(folder / "cluster"), "-p", str(port), *options]
        server = Process(command, folder / "log", user=account())
        try:
            server.wait_until(lambda: accepts(port))
            yield f"postgres://linli:{password}@127.0.0.1:{port}/postgres", server
        finally:
            server.stop(number=signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    # Ctrl-C and a stop from outside go to the command; this process stays to clear up after it.
    with (
        postgresql() as url,
        subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as run,
    ):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: run.send_signal(number))
        return run.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
