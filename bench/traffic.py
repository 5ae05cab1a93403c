"""Years of traffic for a benchmark: passages, stays, alerts and the ledger, poured in batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

EVENTS = 1_000_000
PASSAGES = EVENTS // 4
DAYS = 180
CHUNK = 5_000


@dataclass(frozen=True)
class Traffic:
    """Where cars pass, which, and who lets them through by hand."""

    lanes: list[Any]
    plates: list[tuple[int, str]]
    guard: Any


def pour(app: str, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows (field name to value; what a row leaves out gets its default) in batches."""
    from django.apps import apps
    from django.db import connection, transaction

    model = apps.get_model(app, name)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [
            field.get_db_prep_save(row.get(field.name, field.get_default()), connection)
            for field in fields
        ]
        for row in rows
    )
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for one in values:
                    copy.write_row(one)
            return
        marks = ", ".join(["%s"] * len(fields))
        while batch := list(itertools.islice(values, CHUNK)):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", batch)  # noqa: S608


#: How passages go, by their number: mostly known cars, some asked about, refused or not read.
STORIES = (
    *[("allow", "vehicle_registered", "crossed")] * 16,
    ("ask", "vehicle_not_registered", "gone"),
    ("deny", "vehicle_barred", "refused"),
    ("fail", "plate_not_read", "gone"),
    ("ask", "vehicle_expired", "crossed"),
)


def moment(now: datetime, number: int, count: int) -> datetime:
    """When the ``number``-th of ``count`` things happened: the last day's share today, whatever
    the hour, so that the first page has a whole day to count; the others evenly before."""
    from django.utils import timezone

    local = timezone.localtime(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    before = count - count // DAYS
    if number > before:
        return midnight + (now - midnight) * ((number - before) / (count - before))
    return midnight - timedelta(days=DAYS) * ((before - number + 1) / before)


def passages(
    compound: Any, rng: Random, now: datetime, traffic: Traffic
) -> Iterator[dict[str, Any]]:
    for number in range(1, PASSAGES + 1):
        outcome, code, state = STORIES[number % len(STORIES)]
        at = moment(now, number, PASSAGES)
        waits = number > PASSAGES - 3
        vehicle, plate = rng.choice(traffic.plates)
        hand = code == "vehicle_expired" and not waits
        lane = traffic.lanes[number % len(traffic.lanes)]
        yield {
            "compound": compound.pk,
            "lane": lane.pk,
            "direction": lane.direction,
            "plate": "" if outcome == "fail" else plate,
            "kind": "blue",
            "confidence": 0.97,
            "vehicle": None if outcome == "fail" else vehicle,
            "outcome": "ask" if waits else outcome,
            "code": code,
            "facts": {},
            "state": "waiting" if waits else state,
            "seen_at": at,
            "decided_at": at,
            "by_hand": hand,
            "decided_by": traffic.guard.pk if hand else None,
            "reason": "home_agreed" if hand else "",
            "note": "",
            "crossed_at": at if state == "crossed" and not waits else None,
            "crossing": "",
        }


def alerts(compound: Any, now: datetime, lanes: list[Any]) -> None:
    from security.models import Alert

    Alert.objects.bulk_create(
        Alert(
            compound=compound,
            kind="device_offline",
            key=f"bench:{number}",
            severity=1 + number % 3,
            device=lanes[number % len(lanes)].camera,
            lane=lanes[number % len(lanes)],
            state="open" if number < 200 else "closed",
            ending="" if number < 200 else "over",
            closed_at=None if number < 200 else now,
            raised_at=now - timedelta(minutes=number),
        )
        for number in range(10_000)
    )


def stays(compound: Any, now: datetime, plates: list[tuple[int, str]]) -> None:
    pour(
        "parking",
        "Stay",
        (
            {
                "compound": compound.pk,
                "plate": plate,
                "vehicle": key,
                "entered_at": now - timedelta(minutes=number),
                "left_at": None if number % 3 else now,
                "assumed": False,
            }
            for number, (key, plate) in enumerate(plates)
        ),
    )


def ledger(compound: Any, now: datetime, lanes: list[Any]) -> None:
    """Four events for each passage; the head stands at the last number."""
    from community.models import LedgerHead

    LedgerHead.objects.update_or_create(compound=compound, defaults={"last": EVENTS})
    # Asked before: while PostgreSQL takes a COPY, its connection answers nothing else.
    first = _first_passage()
    pour("community", "Event", _events(compound, now, [lane.pk for lane in lanes], first))


def _events(compound: Any, now: datetime, lanes: list[int], first: int) -> Iterator[dict[str, Any]]:
    kinds = (
        "gate.passage_decided",
        "device.command_ordered",
        "device.command_done",
        "gate.passage_crossed",
    )
    for number in range(1, EVENTS + 1):
        at, place = moment(now, number, EVENTS), (number - 1) // 4
        yield {
            "compound": compound.pk,
            "sequence": number,
            "kind": kinds[number % len(kinds)],
            "at": at,
            "recorded_at": at,
            "actor": None,
            "payload": {
                "passage": first + place,
                "lane": lanes[place % len(lanes)],
                "outcome": "allow",
                "code": "vehicle_registered",
            },
        }


def _first_passage() -> int:
    from security.models import Passage

    return int(Passage.objects.order_by("pk").values_list("pk", flat=True)[0])
