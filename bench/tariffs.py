"""A tariff for the benchmarks: free minutes, a first hour, half hours, a night, a cap a day."""

from __future__ import annotations

from datetime import date
from typing import Any

FIRST_DAY = date(2020, 1, 1)


def switch_on(compound: Any, name: str, fen: int) -> None:
    """In force for all days, in the place of the one before; ``fen`` is the price of a step."""
    from django.utils import timezone

    from parking.models import Tariff
    from parking.tariffs.rules import Rate, Rules, Window, dump

    day = {"start": 420, "end": 1260, "step_minutes": 30, "step_fen": fen, "first_minutes": 60,
           "first_fen": 2 * fen}  # fmt: skip
    night = {"start": 1260, "end": 420, "step_minutes": 0, "step_fen": 500}
    windows = tuple(Window(**each) for each in (day, night))
    rules = dump(Rules(rates=(Rate(workdays=windows, free_minutes=30, cap_day_fen=3_000),)))
    Tariff.objects.update_or_create(
        compound=compound,
        starts_on=FIRST_DAY,
        defaults={"name": name, "rules": rules, "switched_on_at": timezone.now()},
    )
