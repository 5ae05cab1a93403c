"""The nightly clock: deadlines brought up to date, states moved on, people reminded.

It reads in batches without a transaction, and writes only what differs, a few rows at a time: a
gate works on the same database.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import Compound
from residents import obligations
from residents.clock import next_reminder
from residents.models import Deadline, DeadlineRule, Holiday, Lease, Letting, Registration
from residents.obligations import Book
from residents.operations import moves
from residents.operations.deadlines import Changes, compare
from residents.operations.faces import growing
from residents.reaching import reader

SHIPPED = Path(__file__).resolve().parent.parent / "jurisdictions"
READ = 500
#: Rows of a write. A reminder is a message of several rows, so it begins with few.
FEWEST, FIRST, WRITE = 3, 5, 60
#: Seconds for which a write means to hold the lock.
HOLD = 0.04
#: Rest after each write as a share of the time it took: others get the lock meanwhile.
REST, LEAST = 1.0, 0.002
RUNNING = ("confirmed", "renewed")
#: Dates and codes only: the clock opens no sealed value.
_COLUMNS = (
    "compound unit person letting state birth_date moved_in_on expected_out_on reason lease_from "
    "submitted_at accepted_at reported_at confirmed_at changed_at permit_issued_on counts_from "
    "endorsed_until suspended_on"
)
COLUMNS = _COLUMNS.split()


def load_rules(**_signal: Any) -> int:
    """Put the rules and holidays that come with Linli in place; what an operator added stays.

    A version is never changed once it is there. Returns how many rows were new.
    """
    before = DeadlineRule.objects.count() + Holiday.objects.count()
    rules = json.loads((SHIPPED / "rules.json").read_text())
    DeadlineRule.objects.bulk_create(
        [DeadlineRule(**rule) for rule in rules], ignore_conflicts=True
    )
    days = json.loads((SHIPPED / "holidays.json").read_text())
    Holiday.objects.bulk_create([Holiday(**day) for day in days], ignore_conflicts=True)
    return int(DeadlineRule.objects.count() + Holiday.objects.count() - before)


def add_rule(**values: Any) -> DeadlineRule:
    """A new version of a rule: from its day on it counts instead of the one before.

    Raises ValidationError.
    """
    same = DeadlineRule.objects.filter(jurisdiction=values["jurisdiction"], kind=values["kind"])
    last = same.order_by("-version").first()
    rule = DeadlineRule(version=last.version + 1 if last else 1, **values)
    steps = rule.remind
    if not isinstance(steps, list) or not all(isinstance(step, int) for step in steps):
        text = _("Give whole days, such as [7, 1, 0].")
        raise ValidationError({"remind": ValidationError(text, "remind_invalid")})
    rule.full_clean()
    rule.save()
    return rule


def add_holiday(**values: Any) -> Holiday:
    """A day off, or a weekend that is worked. Raises ValidationError for a day that is there."""
    holiday = Holiday(**values)
    holiday.full_clean()
    holiday.save()
    return holiday


def run_clock(today: date | None = None) -> dict[str, int]:
    """One night: refresh every deadline, move states on, remind people. Safe to run again."""
    today = today or timezone.localdate()
    counts = {"refreshed": refresh_all(today), "moved": _move_states(today)}
    counts["reminded"] = _remind(today)
    counts["lapsed"] = moves.end_lapsed(today)
    counts |= growing.ask_grown(today)
    return counts


def refresh_all(today: date) -> int:
    """Compute each deadline anew, and write those that differ; returns how many did."""
    book = Book()
    registrations = Registration.objects.exclude(state="ended").only(*COLUMNS)
    total = _refresh(
        registrations.select_related("compound"),
        "registration",
        lambda row: obligations.of_registration(row, book, today),
        today,
    )
    leases = Lease.objects.running().select_related("compound", "letting")
    total += _refresh(leases, "lease", lambda row: obligations.of_lease(row, book), today)
    lettings = Letting.objects.select_related("compound").filter(end_reported_on=None)
    return total + _refresh(
        lettings, "letting", lambda row: obligations.of_letting(row, book), today
    )


def _refresh(rows: Any, subject: str, wanted: Any, today: date) -> int:
    known = Deadline.objects.all()
    if subject == "letting":
        known = known.filter(registration=None, lease=None)
    total = 0
    for batch in _batches(rows.prefetch_related(Prefetch("deadlines", queryset=known))):
        changes = Changes()
        for row in batch:
            by_key = {one.key: one for one in row.deadlines.all()}
            compare(list(wanted(row)), by_key, _about(row, subject), today, changes)
        total += _write(changes)
    return total


def _about(row: Any, subject: str) -> dict[str, Any]:
    home = row.letting if subject == "lease" else row
    person = {"registration": "person_id", "lease": "tenant_id", "letting": "landlord_id"}[subject]
    letting = row.pk if subject == "letting" else row.letting_id
    about = {"compound_id": row.compound_id, "unit_id": home.unit_id, "letting_id": letting}
    return about | {"person_id": getattr(row, person), f"{subject}_id": row.pk}


def _batches(rows: Any) -> Iterator[list[Any]]:
    """All rows in pieces, by key: nothing is held open between two of them."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:READ]):
        yield batch
        last = batch[-1].pk


def _write(changes: Changes) -> int:
    total = _in_pieces(changes.fresh, lambda rows: _put(Changes(fresh=rows)))
    return total + _in_pieces(changes.changed, lambda rows: _put(Changes(changed=rows)))


def _put(changes: Changes) -> int:
    with events.writing():
        changes.write()
    return len(changes.fresh) + len(changes.changed)


def _move_states(today: date) -> int:
    """What is about to run out is said to; a permit not endorsed in time is suspended."""
    near = Deadline.objects.open().filter(kind__in=["endorsement", "move_out"])
    expiring = near.filter(opens_on__lte=today, registration__state__in=RUNNING)
    late = near.filter(kind="endorsement", due_on__lt=today, registration__suspended_on=None)
    total = _in_pieces(_about_whom(expiring), _say_expiring)
    return total + _in_pieces(_about_whom(late), lambda pks: _suspend(pks, today))


def _about_whom(rows: Any) -> list[int]:
    return sorted(set(rows.values_list("registration_id", flat=True)))


def _in_pieces(rows: list[Any], verb: Callable[[list[Any]], int]) -> int:
    """Do a verb for some rows at a time, fewer where the machine is slow: each holds the lock."""
    total, start, count = 0, 0, FIRST
    while start < len(rows):
        began = time.monotonic()
        total += verb(rows[start : start + count])
        held = time.monotonic() - began
        start += count
        count = max(FEWEST, min(WRITE, int(count * HOLD / max(held, LEAST))))
        time.sleep(max(LEAST, REST * held))
    return total


def _say_expiring(keys: list[int]) -> int:
    with events.writing():
        rows = _locked(keys).filter(state__in=RUNNING)
        return _note(rows, "residents.registration_expiring", {"state": "expiring"})


def _suspend(keys: list[int], today: date) -> int:
    with events.writing():
        rows = _locked(keys).filter(suspended_on=None)
        return _note(rows, "residents.permit_suspended", {"suspended_on": today})


def _locked(keys: Iterable[int]) -> Any:
    rows = Registration.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return rows.only("compound", "unit", "person", "state").order_by("pk")


def _note(rows: Any, kind: str, values: dict[str, Any]) -> int:
    found = list(rows)
    changed = Registration.objects.filter(pk__in=[row.pk for row in found])
    changed.update(**values, version=F("version") + 1)
    for row in found:
        events.record(
            kind, compound=row.compound_id, registration=row.pk, person=row.person_id,
            unit=row.unit_id,
        )  # fmt: skip
    return len(found)


def _remind(today: date) -> int:
    """One message per deadline and step, however often the clock runs on a day."""
    due = Deadline.objects.open().filter(remind_on__lte=today)
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return _in_pieces(keys, lambda some: _remind_some(some, today))


def _remind_some(keys: list[int], today: date) -> int:
    with events.writing():
        rows = Deadline.objects.select_for_update(of=("self",)).filter(
            pk__in=keys, state="open", remind_on__lte=today
        )
        found = list(rows.select_related("compound", "person__user", "unit", "rule"))
        for row in found:
            _tell(row, row.compound, today)
        Deadline.objects.bulk_update(found, ["remind_on", "reminders"])
    return len(found)


def _tell(row: Deadline, compound: Compound, today: date) -> None:
    person = row.person
    facts = {"deadline": row.pk, "due": row.due_on.isoformat(), "home": row.unit.code}
    key = f"residents.deadline:{row.pk}:{row.due_on}:{today}"
    kind = f"residents.deadline_{row.kind}" + ("_late" if row.due_on < today else "")
    if person is not None:
        notifications.tell(reader(person), kind, compound=compound, key=key, facts=facts)
    row.reminders += 1
    rule = row.rule
    steps = rule.remind if rule else []
    row.remind_on = next_reminder(row.due_on, steps, today)
