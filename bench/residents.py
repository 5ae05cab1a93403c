"""The residents' files after years: search, urgency list, nightly clock, import and police export.

20,000 people with 200,000 registrations, of which each person has one in force. On the database of
``DATABASE_URL`` if it is set (empty, and only for this), else on a fresh SQLite:

    python -m tests.servers.postgresql python -m bench residents

Lists go in, and receipts are filled, at the pace of the background job: half a second of each.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench import pages, registered, stage

SEARCHES = 60
LISTED = 5_000
#: The job looks so often for work, as the beat table says.
EVERY_S = 1.0


def run(options: Namespace) -> dict[str, Any]:
    """Times in the unit of their name; ``load`` is the machine's when it began and ended."""
    with stage.fresh_database(os.environ.get("DATABASE_URL", "")):
        from django.db import connection

        load, began = os.getloadavg()[0], time.monotonic()
        registered.PEOPLE = options.people or registered.PEOPLE
        here = registered.build()
        figures: dict[str, Any] = {
            "database": connection.vendor,
            "people": registered.PEOPLE,
            "registrations": registered.PEOPLE * (1 + registered.BEFORE),
            "built_s": round(time.monotonic() - began, 1),
        }
        # The first night makes every deadline; those that follow change some.
        figures |= _clock("first_clock", 0) | _clock("clock", 1)
        figures |= _search(here) | _urgency(here)
        figures |= _import(here) | _export(here)
        loads = [round(load, 1), round(os.getloadavg()[0], 1)]
        return figures | {"load": loads}


@contextmanager
def longest() -> Iterator[list[float]]:
    """The milliseconds of each outermost transaction, from the lock to the commit."""
    from django.db import transaction

    found: list[float] = []
    began: list[float] = []
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def start(self: Any) -> None:
        outer = not transaction.get_connection(self.using).in_atomic_block
        enter(self)
        if outer:
            began[:] = [time.perf_counter()]

    def finish(self: Any, *error: Any) -> None:
        leave(self, *error)
        if began and not transaction.get_connection(self.using).in_atomic_block:
            found.append(1000 * (time.perf_counter() - began.pop()))

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = start, finish  # type: ignore[method-assign]
    try:
        yield found
    finally:
        transaction.Atomic.__enter__, transaction.Atomic.__exit__ = enter, leave  # type: ignore[method-assign]


def _clock(name: str, nights: int) -> dict[str, Any]:
    from django.utils import timezone

    from residents import operations

    with longest() as writes:
        began = time.monotonic()
        counts = operations.run_clock(timezone.localdate() + timedelta(days=nights))
        spent = time.monotonic() - began
    return {
        f"{name}_s": round(spent, 1),
        f"{name}_write_ms_p99": round(stage.percentile(writes, 0.99), 1),
        f"{name}_write_ms_max": round(max(writes, default=0.0), 1),
        f"{name}_counts": json.dumps(counts),
    }


def _timed(client: Any, paths: list[str]) -> list[float]:
    """Milliseconds of each page after the first few, which warm up."""
    times = []
    for number, path in enumerate([*paths[: pages.WARM], *paths]):
        began = time.perf_counter()
        answer = client.get(path)
        if answer.status_code != 200 or not answer.content:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        if number >= pages.WARM:
            times.append(1000 * (time.perf_counter() - began))
    return times


def _client(here: registered.Here) -> Any:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(here.manager, "django.contrib.auth.backends.ModelBackend")
    return client


def _search(here: registered.Here) -> dict[str, Any]:
    client, found = _client(here), {}
    step = registered.PEOPLE // SEARCHES
    for what in ("names", "phones", "documents"):
        wanted = getattr(here, what)[::step][:SEARCHES]
        found[what] = _timed(client, [f"/search/?q={one}" for one in wanted])
    worst = {f"search_{name}_ms_p95": round(stage.percentile(ms, 0.95), 1)
             for name, ms in found.items()}  # fmt: skip
    every = [one for ms in found.values() for one in ms]
    return {"search_ms_p95": round(stage.percentile(every, 0.95), 1), **worst}


def _urgency(here: registered.Here) -> dict[str, Any]:
    times = _timed(_client(here), ["/admin/residents/deadline/"] * SEARCHES)
    _p95, queries = pages.measure(_Shown(here), "/admin/residents/deadline/")  # type: ignore[arg-type]
    return {
        "urgency_ms_p95": round(stage.percentile(times, 0.95), 1),
        "urgency_queries": queries,
    }


class _Shown:
    """What ``bench.pages`` asks of a compound."""

    def __init__(self, here: registered.Here) -> None:
        self.manager, self.plate, self.phone = here.manager, "", here.phones[0]


def at_the_pace_of_the_job(work: Callable[[], int]) -> float:
    """Seconds until nothing is left, where the job takes its turn once in a second."""
    began = time.monotonic()
    while True:
        turn = time.monotonic()
        if not work():
            return time.monotonic() - began
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - turn)))


def _import(here: registered.Here) -> dict[str, Any]:
    from residents import operations
    from residents.tasks import SLICE

    body = "\r\n".join(registered.rows_to_import(LISTED)).encode("gbk")
    with longest() as writes:
        began = time.monotonic()
        batch = operations.check_list(io.BytesIO(body), name="a.csv", compound=here.compound)
        checked = time.monotonic() - began
        if batch.faults:
            raise RuntimeError(f"not applied: {batch.faults[:3]}")
        operations.start_list(batch.pk)
        applied = at_the_pace_of_the_job(lambda: operations.apply_lists(SLICE))
    return {
        "import_rows": LISTED,
        "import_check_s": round(checked, 1),
        "import_s": round(checked + applied, 1),
        "import_write_ms_p99": round(stage.percentile(writes, 0.99), 1),
        "import_write_ms_max": round(max(writes), 1),
    }


def _export(here: registered.Here) -> dict[str, Any]:
    """In a process of its own, whose memory is that of the export alone."""
    from django.utils import timezone

    from residents.models import Registration

    rows = Registration.objects.of(here.compound)
    keys = rows.filter(state="ended").order_by("pk").values_list("pk", flat=True)[:20_000]
    # Nothing waits but these: ended registrations whose end the police station has not heard of.
    now = timezone.now()
    rows.exclude(reported_at=None).update(changed_at=None)
    rows.filter(state="accepted").update(reported_at=now, changed_at=None)
    rows.filter(pk__in=list(keys)).update(changed_at=now)
    child = stage.spawn("-m", "bench.residents", str(here.compound.pk), stdout=-1)
    told, _none = child.communicate(timeout=600)
    if child.returncode:
        raise RuntimeError("the export failed")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def export(compound_id: int) -> dict[str, Any]:
    """In the other process: fill the receipt as the job does, then write both files."""
    from community.models import Compound
    from residents import operations
    from residents.tasks import SLICE

    began = time.monotonic()
    with longest() as writes, tempfile.TemporaryFile() as file:
        receipt = operations.start_export(Compound.objects.get(pk=compound_id))
        if receipt is None:
            raise RuntimeError("nothing to report")
        filled = at_the_pace_of_the_job(lambda: operations.export_waiting(SLICE))
        for piece in operations.file_of(receipt, "xlsx"):
            file.write(piece)
        spent = time.monotonic() - began
        size = file.tell()
    receipt.refresh_from_db()
    return {
        "export_rows": receipt.rows,
        "export_receipt_s": round(filled, 1),
        "export_s": round(spent, 1),
        "export_file_mb": round(size / 2**20, 1),
        "export_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "export_write_ms_max": round(max(writes), 1),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(export(int(sys.argv[1]))))
