"""A compound after years of use, poured into an empty database fast enough for a benchmark.

Every name, plate and number is invented. Rows go past the operations, since a million of them one
by one would take hours; they keep the ledger's rule all the same: numbers without a gap, the head
at the last one, nothing updated.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from bench import traffic

VEHICLES = 5_000
PEOPLE = 20_000
HOMES = 4_000
LANES = 8


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
    rng, now = Random("a town"), timezone.now()
    lanes = list(_gates(compound))
    _homes(compound)
    _people(compound, rng)
    _vehicles(compound, rng, now.date())
    plates = _plates(compound)
    seen = traffic.passages(compound, rng, now, traffic.Traffic(lanes, plates, manager))
    traffic.pour("security", "Passage", seen)
    traffic.alerts(compound, now, lanes)
    traffic.stays(compound, now, plates)
    traffic.ledger(compound, now, lanes)
    _analyse()
    return Town(compound, manager, plates[7][1], "19900000007")


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
    traffic.pour(
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
    while batch := list(itertools.islice(people, traffic.CHUNK)):
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
        batch_size=traffic.CHUNK,
    )


def _vehicles(compound: Any, rng: Random, today: date) -> None:
    from community.models import Unit
    from residents.models import Person

    homes = list(Unit.objects.of(compound).values_list("pk", flat=True))
    people = list(Person.objects.of(compound).order_by("pk").values_list("pk", flat=True))
    traffic.pour(
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
                "created_at": datetime(2020, 1, 1, tzinfo=UTC),
            }
            for number in range(VEHICLES)
        ),
    )


def _plates(compound: Any) -> list[tuple[int, str]]:
    from parking.models import Vehicle

    return list(Vehicle.objects.of(compound).order_by("pk").values_list("pk", "plate"))


def _analyse() -> None:
    """PostgreSQL counts its rows by itself some time later; SQLite never does, nor here."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
