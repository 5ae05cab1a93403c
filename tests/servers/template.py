"""A migrated, empty database made once, of which each worker takes a copy.

Its migrations cost a test process many seconds; a copy costs a second. The template bears
the hash of what made it in its name, so a changed migration makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.process import python_command

ROOT = Path(__file__).resolve().parents[2]
#: What a migration may run besides its own file.
SOURCES = ("*/migrations/*.py", "community/fields/*.py", "community/fields.py", "*/models/*.py")
LOCKS = "deploy/requirements/*.lock"


def _key() -> str:
    """Changes with every migration, with the models they call, and with the libraries' versions."""
    digest = hashlib.sha256()
    for pattern in (*SOURCES, LOCKS):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _only_one(key: str) -> Iterator[None]:
    """Of several workers one makes the template, and the others wait for it."""
    with (Path(tempfile.gettempdir()) / f"linli-test-{os.getuid()}-{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url}
    command = python_command("manage.py", "migrate", "--no-input", "--verbosity", "0")
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def copy_sqlite(folder: Path, target: Path) -> None:
    """Put a migrated database at `target`; the template lies in `folder`, shared by all runs."""
    key = _key()
    template = folder / f"linli-template-{os.getuid()}-{key}.sqlite3"
    with _only_one(key):
        if not template.exists():
            for old in folder.glob(f"linli-template-{os.getuid()}-*.sqlite3"):
                old.unlink()
            begun = template.with_suffix(".begun")
            _migrate(f"sqlite:///{begun}")
            begun.rename(template)
        shutil.copyfile(template, target)


def _url(settings: Mapping[str, Any], name: str) -> str:
    from tests.servers.linli import database_url

    return database_url({**settings, "NAME": name})


def copy_postgresql(connection: Any, target: str) -> None:
    """Make `target` a copy of the template, which is made first where the server has none."""
    name = f"linli_template_{_key()}"
    quote = connection.ops.quote_name
    with _only_one(name), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            begun = f"{name}_begun"
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(begun)} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {quote(begun)}")
            _migrate(_url(connection.settings_dict, begun))
            cursor.execute(f"ALTER DATABASE {quote(begun)} RENAME TO {quote(name)}")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(name)}")


def drop_postgresql(connection: Any, target: str) -> None:
    """Remove a copy, whoever still holds it."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(target)} WITH (FORCE)")
