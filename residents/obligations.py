"""What is due when, read off a registration, a lease or a letting and the rules in force.

No row is written here: see ``operations.deadlines``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from residents import clock
from residents.models import DeadlineRule, Holiday, Lease, Letting, Registration
from residents.querysets import LIVE

Kind = DeadlineRule.Kind
NATIONAL = "national"
#: States before the desk has the form.
OPEN_FORM = frozenset({"invited", "draft", "returned"})


@dataclass(frozen=True)
class Wanted:
    """A deadline as it should stand; ``met_on`` when it was done."""

    kind: str
    key: str
    due_on: date
    rule: DeadlineRule
    opens_on: date
    met_on: date | None = None

    def remind_after(self, day: date) -> date | None:
        return clock.next_reminder(self.due_on, self.rule.remind, day)


class Book:
    """Rules and calendar, read once for many rows."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], list[DeadlineRule]] = {}
        for rule in DeadlineRule.objects.order_by("-version"):
            self._rules.setdefault((rule.jurisdiction, rule.kind), []).append(rule)
        said = dict(Holiday.objects.values_list("day", "is_working"))
        self.calendar = clock.Calendar(said)

    def rule(self, jurisdiction: str, kind: str, on: date) -> DeadlineRule | None:
        """The newest version in force on a day, of the place or else of the nation."""
        for place in (jurisdiction, NATIONAL):
            for rule in self._rules.get((place, kind), ()):
                if rule.valid_from <= on:
                    return rule
        return None

    def wanted(
        self, jurisdiction: str, kind: str, key: str, start: date, met_on: date | None = None
    ) -> Wanted | None:
        rule = self.rule(jurisdiction, kind, start)
        if rule is None:
            return None
        span = clock.Span(rule.amount, rule.measure, rule.rolls)
        last = clock.due(start, span, self.calendar)
        return Wanted(kind, f"{key}:{kind}", last, rule, _opens(rule, last), met_on)


def _opens(rule: DeadlineRule, last: date) -> date:
    if rule.opens_months:
        return clock.add_months(last, -rule.opens_months)
    return last - timedelta(days=max(rule.remind, default=0))


def _day(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None


def is_under_16(row: Registration, on: date) -> bool:
    return row.birth_date is not None and clock.add_months(row.birth_date, 16 * 12) > on


def _is_short_visit(row: Registration, on: date) -> bool:
    """Up to 30 days with close relatives."""
    if row.moved_in_on is None or row.expected_out_on is None or row.reason not in ("09", "12"):
        return False
    return (row.expected_out_on - row.moved_in_on).days <= 30


EXEMPTIONS = {"under_16": is_under_16, "relatives_30": _is_short_visit}


def exempt(rule: DeadlineRule, row: Registration, on: date) -> bool:
    """Whether a rule leaves this person out. Hotels and the like are no homes of a compound."""
    return any(EXEMPTIONS[code](row, on) for code in rule.exemptions if code in EXEMPTIONS)


def of_registration(row: Registration, book: Book, today: date) -> Iterator[Wanted]:
    """Every deadline of a registration; nothing for one that has ended."""
    place = row.compound.jurisdiction
    for found in _all_of(row, book, place, today):
        if found is not None and not exempt(found.rule, row, today):
            yield found


def _all_of(row: Registration, book: Book, place: str, today: date) -> Iterator[Wanted | None]:
    if row.state == "ended":
        return
    key = f"registration:{row.pk}"
    arrived = row.moved_in_on or row.lease_from
    if arrived is not None:
        done = None if row.state in OPEN_FORM else _day(row.submitted_at)
        yield book.wanted(place, Kind.FIRST_REGISTRATION, key, arrived, done)
    if row.state not in LIVE:
        return
    accepted, reported = _day(row.accepted_at), _day(row.reported_at)
    if accepted is not None:
        yield book.wanted(place, Kind.PROPERTY_REPORT, key, accepted, reported)
    if reported is not None:
        yield book.wanted(place, Kind.POLICE_ANSWER, key, reported, _day(row.confirmed_at))
        yield _change(row, book, place, key)
    if row.expected_out_on is not None:
        yield book.wanted(place, Kind.MOVE_OUT, f"{key}:{row.expected_out_on}", row.expected_out_on)
    yield from _permit(row, book, place, today)


def _change(row: Registration, book: Book, place: str, key: str) -> Wanted | None:
    """A change after the last report is to be reported too."""
    if row.changed_at is None or row.reported_at is None or row.changed_at <= row.reported_at:
        return None
    day = timezone.localdate(row.changed_at)
    return book.wanted(place, Kind.CHANGE_REPORT, f"{key}:{day}", day)


def _permit(row: Registration, book: Book, place: str, today: date) -> Iterator[Wanted | None]:
    if row.counts_from is None or row.confirmed_at is None:
        return
    key = f"registration:{row.pk}"
    if row.permit_issued_on is None:
        found = book.wanted(place, Kind.PERMIT, key, row.counts_from)
        # It is a possibility: some time after the last reminder it stands on no list any more.
        if found and today <= found.due_on - timedelta(days=min(found.rule.remind, default=0)):
            yield found
        return
    rule = book.rule(place, Kind.ENDORSEMENT, row.counts_from)
    if rule is None:
        return
    months = rule.amount * (12 if rule.measure == "years" else 1)
    step = clock.next_endorsement(
        row.counts_from, row.endorsed_until, rule.opens_months, every=months
    )
    name = f"{key}:{row.counts_from}:{step.year}:{Kind.ENDORSEMENT}"
    yield Wanted(Kind.ENDORSEMENT, name, step.due_on, rule, step.opens_on)


def of_lease(row: Lease, book: Book) -> Iterator[Wanted]:
    """End and filing of a lease that runs; nothing for one that is over."""
    if row.ended_on is not None:
        return
    key, place = f"lease:{row.pk}", row.compound.jurisdiction
    for kind, start, met in (
        (Kind.LEASE_END, row.ends_on, None),
        (Kind.LEASE_FILING, row.starts_on, row.filed_on),
    ):
        found = book.wanted(place, kind, key, start, met)
        if found is not None:
            yield found


def of_letting(row: Letting, book: Book) -> Iterator[Wanted]:
    """What the landlord reports: the start of a letting, and its end."""
    key, place = f"letting:{row.pk}", row.compound.jurisdiction
    steps = [(Kind.LANDLORD_START, row.started_on, row.start_reported_on)]
    if row.ended_on is not None:
        steps.append((Kind.LANDLORD_END, row.ended_on, row.end_reported_on))
    for kind, start, met in steps:
        found = book.wanted(place, kind, key, start, met)
        if found is not None:
            yield found


def is_expiring(wanted: Iterable[Wanted], today: date) -> bool:
    """Whether an endorsement or a move-out is near enough for somebody to do something."""
    ends = (Kind.ENDORSEMENT, Kind.MOVE_OUT)
    return any(one.kind in ends and one.opens_on <= today for one in wanted)
