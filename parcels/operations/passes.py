"""The courier's own way in at the gate: a pass of the day, within the hours of delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from community.models import User
from parcels.models import Courier
from parcels.operations import telling
from parcels.operations.deposits import check_open
from residents import operations as residents


def hours_today(compound: Any, now: datetime | None = None) -> tuple[datetime, datetime]:
    """From when until when couriers are let in on this day of the compound's calendar."""
    rule = telling.rule_of(compound.pk)
    zone = ZoneInfo(compound.timezone)
    day = timezone.localdate(now or timezone.now(), zone)
    return (
        datetime.combine(day, rule.couriers_from, zone),
        datetime.combine(day, rule.couriers_until, zone),
    )


def gate_pass(courier: Courier, *, plate: str = "", actor: User | None = None) -> Any:
    """Today's pass of an open account: made at the first wish, the same one afterwards.

    It counts its entries and ends with the account. Raises ValidationError after the hours, for
    an account that is closed, a pass taken back, a plate that is none.
    """
    held = check_open(courier)
    begins, ends = hours_today(held.compound)
    return residents.pass_of_day(
        held.user, compound=held.compound, name=f"{held.carrier} {held.name}"[:80],
        starts_at=begins, ends_at=ends, plate=plate, actor=actor,
        most_entries=telling.rule_of(held.compound_id).courier_entries,
    )  # fmt: skip


def pass_now(courier: Courier) -> Any:
    """The pass of today, if one was made; it may be taken back or used up."""
    return residents.passes_of_bearer(courier.user, courier.compound_id).first()
