"""Keeps the stored deadlines in step with the rules; called by every verb and each night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from residents import obligations
from residents.models import Deadline, Lease, Letting, Registration
from residents.obligations import Book, Wanted

State = Deadline.State
FIELDS = ("due_on", "opens_on", "rule_id", "person_id", "state", "met_on", "remind_on")


@dataclass
class Changes:
    """Rows to write, gathered before the transaction that writes them."""

    fresh: list[Deadline] = field(default_factory=list)
    changed: list[Deadline] = field(default_factory=list)

    def write(self) -> None:
        """Inside ``events.writing()``; a row that another process made meanwhile is left alone."""
        Deadline.objects.bulk_create(self.fresh, ignore_conflicts=True)
        if self.changed:
            Deadline.objects.bulk_update(self.changed, FIELDS)


def refresh_registration(row: Registration) -> None:
    wanted = list(obligations.of_registration(row, Book(), timezone.localdate()))
    known = Deadline.objects.filter(registration=row)
    about = {"unit_id": row.unit_id, "person_id": row.person_id, "letting_id": row.letting_id}
    _write(row, wanted, known, about | {"registration_id": row.pk})


def refresh_lease(row: Lease) -> None:
    letting = row.letting
    about = {"unit_id": letting.unit_id, "person_id": row.tenant_id, "letting_id": letting.pk}
    known = Deadline.objects.filter(lease=row)
    _write(row, list(obligations.of_lease(row, Book())), known, about | {"lease_id": row.pk})


def refresh_letting(row: Letting) -> None:
    about = {"unit_id": row.unit_id, "person_id": row.landlord_id, "letting_id": row.pk}
    known = Deadline.objects.filter(letting=row, registration=None, lease=None)
    _write(row, list(obligations.of_letting(row, Book())), known, about)


def _write(
    row: Any, wanted: list[Wanted], known: Iterable[Deadline], about: dict[str, Any]
) -> None:
    changes = Changes()
    about["compound_id"] = row.compound_id
    compare(wanted, {one.key: one for one in known}, about, timezone.localdate(), changes)
    changes.write()


def compare(
    wanted: list[Wanted],
    known: dict[str, Deadline],
    about: dict[str, Any],
    today: date,
    changes: Changes,
) -> None:
    """Note in ``changes`` what brings the ``known`` deadlines of one subject to the ``wanted``."""
    for one in wanted:
        row = known.pop(one.key, None)
        if row is None:
            changes.fresh.append(_fresh(one, about, today))
        elif _update(row, one, about, today):
            changes.changed.append(row)
    for row in known.values():
        if row.state == State.OPEN:
            row.state, row.remind_on = State.DROPPED, None
            changes.changed.append(row)


def _fresh(one: Wanted, about: dict[str, Any], today: date) -> Deadline:
    done = one.met_on is not None
    return Deadline(
        **about,
        kind=one.kind,
        key=one.key,
        due_on=one.due_on,
        opens_on=one.opens_on,
        rule=one.rule,
        state=State.MET if done else State.OPEN,
        met_on=one.met_on,
        remind_on=None if done else _first_reminder(one, today),
    )


def _first_reminder(one: Wanted, today: date) -> date | None:
    """A deadline that is made late says so once at once, not once for each step that it missed."""
    yesterday = today - timedelta(days=1)
    missed = any(one.due_on - timedelta(days=step) < today for step in one.rule.remind)
    return today if missed else one.remind_after(yesterday)


def _update(row: Deadline, one: Wanted, about: dict[str, Any], today: date) -> bool:
    before = [getattr(row, name) for name in FIELDS]
    moved = (row.due_on, row.rule_id) != (one.due_on, one.rule.pk)
    row.due_on, row.opens_on, row.rule_id = one.due_on, one.opens_on, one.rule.pk
    row.person_id = about["person_id"]
    if one.met_on is not None:
        row.state, row.met_on, row.remind_on = State.MET, one.met_on, None
    elif row.state != State.OPEN or moved:
        row.state, row.met_on = State.OPEN, None
        row.remind_on = one.remind_after(today - timedelta(days=1))
    return before != [getattr(row, name) for name in FIELDS]


def meet(row: Registration, kind: str, on: date) -> None:
    """What was open of one kind was done on a day, before the next one of it is computed."""
    Deadline.objects.filter(registration=row, kind=kind, state=State.OPEN).update(
        state=State.MET, met_on=on, remind_on=None
    )
