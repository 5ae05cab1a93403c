"""After its time: reminded, asked, to the desk, back to the carrier. Nothing is thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from community import events
from parcels.models import Kind, Parcel
from parcels.operations import telling
from parcels.operations.moves import State, locked, trace

Rung = Parcel.Rung
AT_ONCE = 500
#: What each rung is called in the trail, and what the recipient is told of it.
STEPS = {
    Rung.REMINDED: ("reminded", "reminded"),
    Rung.ASKED: ("asked", "asked"),
    Rung.TO_DESK: ("to_move", ""),
    Rung.TO_CARRIER: ("to_return", "going_back"),
}


def climb(now: datetime | None = None) -> int:
    """Take each parcel whose time has come one rung up; the number that climbed.

    The clock only reminds, asks and puts work on the desk's list: it moves no parcel.
    """
    now = now or timezone.now()
    due = Parcel.objects.live().filter(
        Q(state=State.STORED, rung__lt=Rung.TO_DESK)
        | Q(state=State.DESK, rung__lt=Rung.TO_CARRIER),
        keep_until__isnull=False, keep_until__lt=now + timedelta(days=7),
    ).exclude(kind=Kind.OUTGOING)  # fmt: skip
    keys = list(due.order_by("keep_until").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_climb(key, now) for key in keys)


def _climb(key: int, now: datetime) -> bool:
    with events.writing():
        row = locked(key)
        rung = rung_at(row, now)
        if rung <= row.rung:
            return False
        row.rung = rung
        row.save(update_fields=["rung"])
        step, said = STEPS[Rung(rung)]
        trace(row, step, None, row.compartment)
        if said:
            telling.tell(row, said, again=f"{row.keep_until:%Y%m%d%H}")
    return True


def rung_at(row: Parcel, now: datetime) -> int:
    """How far the ladder should have come: by the compound's rule, from the day it is kept to."""
    if row.keep_until is None:
        return int(Rung.NONE)
    rule = telling.rule_of(row.compound_id)
    if row.state == State.DESK:
        return int(Rung.TO_CARRIER if now >= row.keep_until else Rung.NONE)
    if row.state != State.STORED:
        return int(row.rung)
    if now >= row.keep_until + timedelta(hours=rule.ask_hours):
        return int(Rung.TO_DESK)
    if now >= row.keep_until:
        return int(Rung.ASKED)
    remind = row.keep_until - timedelta(hours=rule.keep_hours - rule.remind_hours)
    return int(Rung.REMINDED if now >= remind else Rung.NONE)


def steps_ahead(row: Parcel) -> list[tuple[str, datetime]]:
    """What comes next for a parcel in its locker, and when: reminded, asked, to the desk."""
    if row.state != State.STORED or row.keep_until is None:
        return []
    rule = telling.rule_of(row.compound_id)
    until = row.keep_until
    found = [
        ("remind", until - timedelta(hours=rule.keep_hours - rule.remind_hours)),
        ("ask", until),
        ("desk", until + timedelta(hours=rule.ask_hours)),
    ]
    return [one for number, one in enumerate(found, 1) if number > row.rung]
