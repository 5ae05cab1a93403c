"""The nightly weighing: signs of life against the files; what disagrees becomes a signal.

It points out and explains; it decides nothing about anybody. Reads go in bounded questions, writes
a few rows at a time: a gate works on the same database.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from community import events
from community.models import Compound
from residents import signal_rules
from residents.models import Signal, SignalRule
from residents.operations.findings import FINDERS, Finding
from residents.operations.signs import note_pass_nights

WRITE = 40
#: Nights that are looked at again each morning: the job may have missed some.
AGAIN = 3
DAY = timedelta(days=1)


def weigh_signs(today: date | None = None) -> dict[str, int]:
    """One morning: note the nights, find, and settle what is over. Safe to run again."""
    today = today or timezone.localdate()
    counts = {"found": 0, "settled": 0}
    for compound in Compound.objects.order_by("pk"):
        for back in range(AGAIN):
            note_pass_nights(compound, today - back * DAY)
        for kind, rule in signal_rules.of_compound(compound.pk).items():
            found = _found(compound, kind, rule, today) if rule.is_active else {}
            counts["found"] += _write(compound, kind, found, today)
            counts["settled"] += _settle(compound, kind, found, today)
    return counts


def _found(compound: Compound, kind: str, rule: SignalRule, today: date) -> dict[str, Finding]:
    """What the rule finds now, by subject, without what was answered before."""
    closed = Signal.objects.of(compound).filter(kind=kind, state="closed")
    rows = closed.exclude(outcome=Signal.Outcome.SETTLED).order_by().values_list("subject")
    answered = dict(rows.annotate(Max("closed_on")))
    return {one.subject: one for one in FINDERS[kind](compound, rule, today, answered)}


def _write(compound: Compound, kind: str, found: dict[str, Finding], today: date) -> int:
    """New signals, and fresh evidence for those that wait; a muted one stays muted to its day."""
    fresh, names = 0, sorted(found)
    for start in range(0, len(names), WRITE):
        some = names[start : start + WRITE]
        with events.writing():
            rows = Signal.objects.select_for_update(of=("self",)).of(compound)
            known = {row.subject: row for row in rows.filter(subject__in=some, closed_on=None)}
            for name in some:
                if name in known:
                    _freshen(known[name], found[name], today)
                else:
                    _raise(compound, kind, found[name], today)
                    fresh += 1
    return fresh


def _raise(compound: Compound, kind: str, one: Finding, today: date) -> None:
    row = Signal.objects.create(
        compound=compound,
        kind=kind,
        subject=one.subject,
        unit_id=one.unit,
        person_id=one.person,
        plate=one.plate,
        weight=one.weight,
        evidence=one.evidence,
        found_on=today,
    )
    _record("residents.signal_found", row)


def _freshen(row: Signal, one: Finding, today: date) -> None:
    if row.muted_until is not None and row.muted_until >= today:
        return
    given: dict[str, Any] = {"weight": one.weight, "evidence": one.evidence}
    if row.state == Signal.State.MUTED:
        given |= {"state": Signal.State.OPEN, "found_on": today, "note": "", "muted_until": None}
        _record("residents.signal_found", row)
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.save(update_fields=changed)


def _settle(compound: Compound, kind: str, found: dict[str, Finding], today: date) -> int:
    """Close what is true no more. A planned visit is made: somebody has promised it."""
    rows = Signal.objects.of(compound).filter(kind=kind, state__in=["open", "muted"])
    over = [row.pk for row in rows.exclude(muted_until__gte=today) if row.subject not in found]
    for start in range(0, len(over), WRITE):
        with events.writing():
            held = Signal.objects.select_for_update(of=("self",)).filter(
                pk__in=over[start : start + WRITE], state__in=["open", "muted"]
            )
            for row in held:
                row.state, row.outcome = Signal.State.CLOSED, Signal.Outcome.SETTLED
                row.closed_on = today
                row.save(update_fields=["state", "outcome", "closed_on"])
                _record("residents.signal_closed", row, outcome=row.outcome)
    return len(over)


def _record(kind: str, row: Signal, **facts: Any) -> None:
    events.record(
        kind, compound=row.compound_id, signal=row.pk, what=row.kind, unit=row.unit_id,
        person=row.person_id, **facts,
    )  # fmt: skip
