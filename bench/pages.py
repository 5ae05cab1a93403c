"""The pages that people work at all day, over a million events: server time and queries.

On the database of ``DATABASE_URL`` if it is set (empty, and only for this), else on a fresh SQLite:

    python -m tests.servers.postgresql python -m bench pages

A request goes through Django's whole handler, middleware and session included, in this process.
"""

from __future__ import annotations

import os
import time
from argparse import Namespace
from typing import Any

from bench import stage, town, traffic

WARM, TIMED = 5, 60
#: Those that the target speaks of, then others that people wait for.
JUDGED = {
    "guard": "/guard/",
    "dashboard": "/admin/",
    "events": "/admin/community/event/",
    "vehicles": "/admin/parking/vehicle/",
}
OTHERS = {
    "events_last_page": "/admin/community/event/?p=100",
    "events_of_a_kind": "/admin/community/event/?kind=gate.passage_crossed",
    "passages": "/admin/security/passage/",
    "alerts": "/admin/security/alert/",
    "people": "/admin/residents/person/",
    "vehicles_found": "/admin/parking/vehicle/?q={plate}",
    "search_plate": "/search/?q={plate}",
    "search_phone": "/search/?q={tail}",
    "search_name": "/search/?q=王",
    "search_nothing": "/search/?q=没有这个人",
    "desk": "/desk/",
}


def run(options: Namespace) -> dict[str, Any]:
    with stage.fresh_database(os.environ.get("DATABASE_URL", "")):
        from django.db import connection

        began = time.monotonic()
        here = town.build()
        built = time.monotonic() - began
        figures: dict[str, Any] = {"database": connection.vendor, "events": traffic.EVENTS}
        figures |= {"vehicles": town.VEHICLES, "people": town.PEOPLE, "requests": TIMED}
        measured = {name: measure(here, url) for name, url in (JUDGED | OTHERS).items()}
        for name, (p95, queries) in measured.items():
            figures |= {f"{name}_ms_p95": round(p95, 1), f"{name}_queries": queries}
        figures["built_s"] = round(built, 1)
        figures["p95_ms_max"] = round(max(measured[name][0] for name in JUDGED), 1)
        figures["queries_max"] = max(measured[name][1] for name in JUDGED)
        return figures


def measure(here: town.Town, url: str) -> tuple[float, int]:
    """The 95th percentile of a page's time in ms, and the most queries that a request made."""
    from django.db import connection
    from django.test import Client

    from community import warm_up

    client = Client(headers={"host": "localhost"})
    client.force_login(here.manager, "django.contrib.auth.backends.ModelBackend")
    asked, most = 0, 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    path = url.format(plate=here.plate, tail=here.phone[-4:])
    times: list[float] = []
    with connection.execute_wrapper(count):
        for number in range(WARM + TIMED):
            if number == WARM:
                warm_up.settle()  # as a web process does once it is warm
            asked, start = 0, time.perf_counter()
            answer = client.get(path)
            body = answer.content
            spent = 1000 * (time.perf_counter() - start)
            if answer.status_code != 200 or not body:
                raise RuntimeError(f"{path} answered {answer.status_code}")
            if number >= WARM:
                times, most = [*times, spent], max(most, asked)
    return stage.percentile(times, 0.95), most
