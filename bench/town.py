"""A compound after years of use, poured into an empty database fast enough for a benchmark.

Every name, plate and number is invented. Rows go past the operations, since a million of them one
by one would take hours; they keep the ledger's rule all the same: numbers without a gap, the head
at the last one, nothing updated.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

EVENTS = 1_000_000
PASSAGES = EVENTS // 4
VEHICLES = 5_000
PEOPLE = 20_000
HOMES = 4_000
LANES = 8
DAYS = 180
CHUNK = 5_000


@dataclass(frozen=True)
class Town:
    """The compound, and who works there."""

    compound: Any
    manager: Any
    plate: str
    phone: str


def build() -> Town:
    """Fill the database that Django is connected to."""
    from django.utils import timezone

    from community.models import Compound, Role, User

    compound = Compound.objects.create(code="bench", name="测试小区")
    manager = User.objects.create_user("bench-manager", password=None, name="周经理")
    for role in ("manager", "guard"):
        Role.objects.create(user=manager, compound=compound, role=role)
    rng, now = Random("a town"), timezone.now()  # noqa: S311 - the same town at every run
    lanes = list(_gates(compound))
    _homes(compound)
    _people(compound, rng)
    _vehicles(compound, rng, now.date())
    plates = _plates(compound)
    pour("security", "Passage", _passages(compound, rng, now, lanes, plates, manager))
    _alerts(compound, now, lanes)
    _stays(compound, now, plates)
    _ledger(compound, now, lanes)
    _analyse()
    return Town(compound, manager, plates[7][1], "19900000007")


def pour(app: str, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows (field name to value, the same fields in each) in batches."""
    from django.apps import apps
    from django.db import connection, transaction

    model = apps.get_model(app, name)
    rows = iter(rows)
    first = next(rows)
    fields = [model._meta.get_field(key) for key in first]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row.values())]  # noqa: B905
        for row in itertools.chain([first], rows)
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


def _gates(compound: Any) -> Iterator[Any]:
    from community.models import Device, Gate, Lane

    gate = Gate.objects.create(compound=compound, name="南门", kind="vehicle")
    for number in range(LANES):
        pair = [
            Device.objects.create(
                compound=compound,
                name=f"{kind} {number}",
                kind=kind,
                driver="simulated",
                health="online" if number else "offline",
            )
            for kind in ("camera", "barrier")
        ]
        way = "entry" if number % 2 == 0 else "exit"
        yield Lane.objects.create(
            compound=compound, gate=gate, name=f"车道 {number}", direction=way,
            camera=pair[0], barrier=pair[1], order=number,
        )  # fmt: skip


def _homes(compound: Any) -> None:
    from community.models import Building

    blocks = [
        Building.objects.create(compound=compound, code=str(code), floors=25)
        for code in range(1, 41)
    ]
    pour(
        "community",
        "Unit",
        (
            {
                "compound": compound.pk,
                "building": blocks[number % 40].pk,
                "entrance": "1",
                "floor": 1 + number // 160,
                "room": f"{1 + number // 160}{number // 40 % 4 + 1:02}",
                "code": f"{number % 40 + 1}-1-{1 + number // 160}{number // 40 % 4 + 1:02}",
            }
            for number in range(HOMES)
        ),
    )


def _people(compound: Any, rng: Random) -> None:
    from community.models import Unit
    from residents.models import Person, Residency

    names, ends = "王李张刘陈杨赵黄周吴", "涵轩怡琪辰妍宁雯强军"
    people = (
        Person(
            compound=compound,
            name=rng.choice(names) + rng.choice(ends) + rng.choice(ends),
            phone=f"1990000{number:04}" if number < 10_000 else f"1990001{number - 10_000:04}",
        )
        for number in range(PEOPLE)
    )
    while batch := list(itertools.islice(people, CHUNK)):
        Person.objects.bulk_create(batch)
    homes = list(Unit.objects.of(compound).values_list("pk", flat=True))
    keys = Person.objects.of(compound).order_by("pk").values_list("pk", flat=True)
    Residency.objects.bulk_create(
        (
            Residency(
                compound=compound,
                person_id=key,
                unit_id=homes[number % len(homes)],
                kind="owner" if number < len(homes) else "family",
                started_on=date(2020, 5, 1),
            )
            for number, key in enumerate(keys)
        ),
        batch_size=CHUNK,
    )


def _vehicles(compound: Any, rng: Random, today: date) -> None:
    from community.models import Unit
    from residents.models import Person

    homes = list(Unit.objects.of(compound).values_list("pk", flat=True))
    people = list(Person.objects.of(compound).order_by("pk").values_list("pk", flat=True))
    pour(
        "parking",
        "Vehicle",
        (
            {
                "compound": compound.pk,
                "plate": f"豫A{rng.choice('BCDEFGH')}{number:04}",
                "kind": "blue",
                "colour": "白",
                "unit": homes[number % len(homes)],
                "owner": people[number],
                "valid_from": today - timedelta(days=400),
                "valid_until": today - timedelta(days=3) if number % 50 == 0 else None,
                "barred_reason": "欠费" if number % 400 == 0 else "",
                "created_at": datetime(2020, 1, 1, tzinfo=_utc()),
            }
            for number in range(VEHICLES)
        ),
    )


def _utc() -> Any:
    from datetime import UTC

    return UTC


def _plates(compound: Any) -> list[tuple[int, str]]:
    from parking.models import Vehicle

    return list(Vehicle.objects.of(compound).order_by("pk").values_list("pk", "plate"))


#: How passages go, by their number: mostly known cars, some asked about, refused or not read.
STORIES = (
    *[("allow", "vehicle_registered", "crossed")] * 16,
    ("ask", "vehicle_not_registered", "gone"),
    ("deny", "vehicle_barred", "refused"),
    ("fail", "plate_not_read", "gone"),
    ("ask", "vehicle_expired", "crossed"),
)


def moment(now: datetime, number: int, count: int) -> datetime:
    """When the ``number``-th of ``count`` things happened: evenly over the days up to now."""
    return now - timedelta(days=DAYS) * ((count - number) / count)


def _passages(
    compound: Any, rng: Random, now: datetime, lanes: list[Any], plates: Any, guard: Any
) -> Iterator[dict[str, Any]]:
    for number in range(1, PASSAGES + 1):
        outcome, code, state = STORIES[number % len(STORIES)]
        at = moment(now, number, PASSAGES)
        waits = number > PASSAGES - 3
        vehicle, plate = plates[rng.randrange(len(plates))]
        hand = code == "vehicle_expired" and not waits
        lane = lanes[number % len(lanes)]
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
            "decided_by": guard.pk if hand else None,
            "reason": "home_agreed" if hand else "",
            "note": "",
            "crossed_at": at if state == "crossed" and not waits else None,
            "crossing": "",
        }


def _alerts(compound: Any, now: datetime, lanes: list[Any]) -> None:
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
            raised_at=now - timedelta(minutes=number),
        )
        for number in range(10_000)
    )


def _stays(compound: Any, now: datetime, plates: list[tuple[int, str]]) -> None:
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


def _ledger(compound: Any, now: datetime, lanes: list[Any]) -> None:
    from community.models import LedgerHead

    kinds = (
        "gate.passage_decided",
        "device.command_ordered",
        "device.command_done",
        "gate.passage_crossed",
    )
    first = _first_passage()
    LedgerHead.objects.update_or_create(compound=compound, defaults={"last": EVENTS})
    pour(
        "community",
        "Event",
        (
            {
                "compound": compound.pk,
                "sequence": number,
                "kind": kinds[number % len(kinds)],
                "at": (at := moment(now, number, EVENTS)),
                "recorded_at": at,
                "actor": None,
                "payload": {
                    "passage": first + min(number // 4, PASSAGES - 1),
                    "lane": lanes[number // 4 % len(lanes)].pk,
                    "outcome": "allow",
                    "code": "vehicle_registered",
                },
            }
            for number in range(1, EVENTS + 1)
        ),
    )


def _first_passage() -> int:
    from security.models import Passage

    return int(Passage.objects.order_by("pk").values_list("pk", flat=True)[0])


def _analyse() -> None:
    """PostgreSQL counts its rows by itself some time later; SQLite never does, nor here."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
