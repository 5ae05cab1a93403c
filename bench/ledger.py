"""The ledger under four writers: events per second, and no gap or repeat in the sequence."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import Namespace
from typing import Any

from bench import stage

WRITERS = 4
SECONDS = 10.0


def run(options: Namespace) -> dict[str, Any]:
    """SQLite always; PostgreSQL too where its server programs are installed."""
    figures = {f"sqlite_{key}": value for key, value in _in_child("").items()}
    try:
        from tests.servers.postgresql import postgresql
    except ImportError:
        return figures
    with postgresql() as url:
        figures |= {f"postgresql_{key}": value for key, value in _in_child(url).items()}
    return figures


def _in_child(url: str) -> dict[str, Any]:
    """One database a process: Django's settings are read once."""
    import json

    environment = os.environ | {"LINLI_BENCH_DATABASE": url}
    result = subprocess.run(
        [sys.executable, "-m", "bench.ledger", "measure"],
        cwd=stage.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def measure() -> dict[str, Any]:
    with stage.fresh_database(os.environ.get("LINLI_BENCH_DATABASE", "")):
        from community.models import Compound, Event

        durable()
        compound = Compound.objects.create(code=stage.new_name("bench"), name="bench")
        writers = [
            stage.spawn("-m", "bench.ledger", "write", str(compound.pk), stdout=subprocess.PIPE)
            for _ in range(WRITERS)
        ]
        written = sum(int(writer.communicate()[0]) for writer in writers)
        numbers = list(
            Event.objects.of(compound).order_by("sequence").values_list("sequence", flat=True)
        )
        return {
            "events_s": round(written / SECONDS, 1),
            "events": written,
            "gaps": numbers[-1] - len(numbers),
            "repeats": len(numbers) - len(set(numbers)),
            "unwritten": written - len(numbers),
        }


def durable() -> None:
    """The tests' PostgreSQL runs without fsync; a figure is only honest with it."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = on")
            cursor.execute("ALTER SYSTEM SET full_page_writes = on")
            cursor.execute("SELECT pg_reload_conf()")


def write(compound_id: int) -> None:
    """One writer: a transaction an event, as many as go, for ``SECONDS``."""
    import django

    django.setup()
    from community import events

    count = 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with events.writing():
            events.record("place.changed", compound=compound_id, row=count)
        count += 1
    print(count)


if __name__ == "__main__":
    import json

    if sys.argv[1] == "write":
        write(int(sys.argv[2]))
    else:
        print(json.dumps(measure()))
