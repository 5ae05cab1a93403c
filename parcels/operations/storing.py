"""A parcel begins to lie in its compartment: its codes, its time, and the recipient told.

What it takes of questions is asked before the parcel is held: all other writers wait for whoever
holds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from community.models import User
from parcels.models import Parcel
from parcels.operations import telling
from parcels.operations.codes import fresh_codes
from parcels.operations.moves import State, move


@dataclass(frozen=True)
class Prepared:
    """``codes`` by column, hours to keep it, and whom to tell; None where nobody is on file."""

    codes: dict[str, str]
    hours: int
    who: User | str | None


def prepare(parcel: Parcel) -> Prepared:
    hours = telling.rule_of(parcel.compound_id).keep_hours
    return Prepared(fresh_codes(parcel.compound_id), hours, telling.reader_of(parcel))


def store(
    row: Parcel, actor: User | None, doubt: str = Parcel.Doubt.NONE, ready: Prepared | None = None
) -> None:
    """It lies in its compartment from now on; ``row`` is held by the caller."""
    ready = ready or prepare(row)
    until = timezone.now() + timedelta(hours=ready.hours)
    step = move(row, State.STORED, "stored", actor, doubt=doubt, keep_until=until, **ready.codes)
    telling.arrived(row, ready.who, step)
