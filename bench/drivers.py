"""Visitors' cars that come and go as fast as they may, and a check after each step.

``drive`` is one process of several: its cars are let in by list, ask at the entry, keep a place,
drive in, and drive out again.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any


def plate(seed: int, car: int) -> str:
    return f"皖Z{seed:01}{car:04}"


def let_in(compound: Any, seed: int, cars: int) -> None:
    """Puts the cars of one process on the allow list."""
    from parking import operations

    for car in range(cars):
        operations.list_plate(
            compound=compound, plate=plate(seed, car), kind="allow", reason="bench"
        )


def drive(code: str, seed: int, *, cars: int, rounds: int, threads: int = 1) -> dict[str, int]:
    """``over``: moments at which more visitors stood there than there are places."""
    from community.models import Compound

    compound = Compound.objects.get(code=code)
    found: Counter[str] = Counter({"entered": 0, "waited": 0, "over": 0, "failed": 0})
    parts = [range(cars)[number::threads] for number in range(threads)]
    workers = [
        threading.Thread(target=_one, args=(compound, seed, part, rounds, found)) for part in parts
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return dict(found)


def _one(compound: Any, seed: int, cars: range, rounds: int, found: Counter[str]) -> None:
    from django.db import connection

    number = 0
    try:
        for turn in range(rounds):
            for car in cars:
                number = 2 * (((seed * 10_000 + car) * 1_000) + turn)
                _come_and_go(compound, plate(seed, car), number, found)
    except Exception:
        found["failed"] += 1
        raise
    finally:
        connection.close()


def _come_and_go(compound: Any, text: str, number: int, found: Counter[str]) -> None:
    from django.utils import timezone

    from community import events
    from community.models import Lane
    from parking import operations
    from parking.access import may_pass

    entry = Lane.objects.filter(compound=compound, direction="entry").first()
    asked: dict[str, Any] = {"lane": entry, "direction": "entry", "plate": text, "kind": "blue"}
    with events.writing():
        verdict, _car = may_pass(compound=compound, at=timezone.now(), **asked)
        verdict = operations.keep_place(compound, text, verdict)
    if not verdict.opens:
        found["waited"] += 1
        return
    car: dict[str, Any] = {"compound": compound, "plate": text, "vehicle": None}
    operations.vehicle_entered(**car, at=timezone.now(), passage_id=number, lane=entry)
    found["entered"] += 1
    found["over"] += over(compound)
    operations.vehicle_left(**car, at=timezone.now(), passage_id=number + 1)
    found["over"] += over(compound)


def over(compound: Any) -> int:
    """Areas with more visitors than places for them, at this moment."""
    from parking import occupancy

    return sum(
        level.visiting > (level.area.capacity if level.area.visitors is None
                          else level.area.visitors)
        for level in occupancy.levels(compound)
    )  # fmt: skip
