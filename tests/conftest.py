"""What every test stands on: no network, a database that other processes can open, pictures."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import template

pytest_plugins = ["tests.servers.fixtures", "tests.servers.browser"]


def _is_here(host: object) -> bool:
    """Whether this names the machine itself."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook sees what C code does too, and no library can patch it away."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise RuntimeError(f"tests talk to this machine only, not to {host!r}")


sys.addaudithook(_refuse_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-query-counts",
        action="store_true",
        help="write tests/query_counts.json anew: how many queries each page takes",
    )


NEEDS_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark `pure` what never opens the database: it need not run again on the second one."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if not item.get_closest_marker("django_db") and not fixtures & NEEDS_DATABASE:
            item.add_marker("pure")
        if _races(item):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _races(item: pytest.Item) -> bool:
    """Whether others work at the time of this test, so that a busy machine can decide (ADR 95)."""
    base = item.get_closest_marker("django_db")
    folder = item.path.relative_to(Path(__file__).resolve().parent).as_posix()
    return bool(
        item.get_closest_marker("journey")
        or (base and base.kwargs.get("transaction"))
        or set(getattr(item, "fixturenames", ())) & {"transactional_db", "browser"}
        or folder.startswith(("contracts/", "deploy/", "community/devices/"))
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A module that makes something costly once for all its tests stays with one worker."""
    from xdist.scheduler import LoadScopeScheduling

    folder = Path(__file__).resolve().parent
    shared = {
        f"{folder.name}/{path.relative_to(folder)}"
        for path in folder.rglob("test_*.py")
        if '@pytest.fixture(scope="module"' in path.read_text(encoding="utf-8")
    }

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc, unused-ignore]
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            return module if module in shared else nodeid

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real photographs: $LINLI_DATA, or `shared/data` beside the project."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("LINLI_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real pictures at {folder}; set LINLI_DATA")
    return folder


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there already, a fresh copy of the template: Django need not make it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> Iterator[None]:
    """Each worker's database is a fresh copy of a migrated template.

    On SQLite it is a file, so that a server process of a journey can open it too; in memory where
    the machine has a folder for that: the suite is not about the disk's speed.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        name = connection.creation._get_test_db_name()
        with django_db_blocker.unblock():
            template.copy_postgresql(connection, name)
        yield
        with django_db_blocker.unblock():
            template.drop_postgresql(connection, name)
        return
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="linli-test-", dir=place)
    database = connection.settings_dict
    database.setdefault("TEST", {})["NAME"] = f"{folder}/linli.sqlite3"
    template.copy_sqlite(Path(tempfile.gettempdir()), Path(folder) / "linli.sqlite3")
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _new_settings() -> None:
    """A thread that outlives its test may have kept a setting as that test had it."""
    from django.conf import settings

    kept = vars(settings)
    for name in [name for name in kept if name.isupper()]:
        kept.pop(name, None)


@pytest.fixture(autouse=True)
def _new_devices() -> None:
    """A test's devices bear numbers that another's bore before: what those were told is over."""
    from django.conf import settings

    shutil.rmtree(Path(settings.VAR_DIR) / "simulated", ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_ledger() -> Iterator[None]:
    """The ledger's triggers forbid the DELETE with which Django empties SQLite after a test.

    They are dropped just before, and come back by themselves with the post_migrate of the flush.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self: Any, statements: list[str]) -> None:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        with connection.cursor() as cursor:
            names = [name for (name,) in cursor.execute(query).fetchall()]
        flush(self, [f'DROP TRIGGER "{name}"' for name in names] + list(statements))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_without_triggers)
        yield
