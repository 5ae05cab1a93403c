"""What the office does with a signal: plan a visit, write down what was found, or mute it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import RetentionRule, Role, User
from community.querysets import STAFF
from community.retention import days_kept
from residents import rules
from residents.models import Signal, SignalRule

LONGEST_MUTE = timedelta(days=366)
LATEST_VISIT = timedelta(days=60)


def plan_visit(
    signal: Signal, *, on: date, to: User | None = None, actor: User | None = None
) -> Signal:
    """Somebody calls there on a day; ``to`` is told, and is the one who plans unless named.

    The same again changes nothing. Raises ValidationError.
    """
    today, to = timezone.localdate(), to or actor
    if not today <= on <= today + LATEST_VISIT:
        text = _("Give a day for the visit, from today to sixty days on.")
        raise rules.fault("on", "day_unfit", text)
    with events.writing():
        row = _locked(signal)
        _check_goes(row, to)
        if (row.state, row.visit_on, row.assigned_to) != (Signal.State.VISIT, on, to):
            row.state, row.visit_on, row.assigned_to = Signal.State.VISIT, on, to
            row.muted_until, row.note = None, ""
            row.save(update_fields=["state", "visit_on", "assigned_to", "muted_until", "note"])
            _record("residents.visit_planned", row, actor, who=to.pk if to else None)
            _tell(row, to)
    return row


def _check_goes(row: Signal, to: User | None) -> None:
    held = Role.objects.of(row.compound_id).filter(role__in=STAFF, ended_at=None, user=to)
    if to is not None and not (to.is_superuser or held.exists()):
        raise rules.fault("to", "not_staff", _("This person does not work here."))


def _tell(row: Signal, to: User | None) -> None:
    if to is None or row.visit_on is None:
        return
    notifications.tell(
        to,
        "residents.visit_planned",
        compound=row.compound,
        key=f"signal-visit:{row.pk}:{to.pk}:{row.visit_on}",
        facts={"signal": row.pk, "day": row.visit_on.isoformat()},
    )


def close_signal(
    signal: Signal, outcome: str, *, note: str = "", actor: User | None = None
) -> Signal:
    """Write down what was found. Said twice, it counts once.

    Raises ValidationError where another outcome stands already.
    """
    if outcome not in Signal.Outcome.values or outcome == Signal.Outcome.SETTLED:
        raise rules.fault("outcome", "outcome_unknown", _("Choose what was found."))
    note = rules.clean_line("note", note, 200)
    with events.writing():
        rows = Signal.objects.select_for_update(of=("self",)).select_related("compound")
        row: Signal = rows.get(pk=signal.pk)
        if row.state == Signal.State.CLOSED:
            if row.outcome == outcome:
                return row
            raise _closed("outcome")
        row.state, row.outcome, row.note = Signal.State.CLOSED, outcome, note
        row.closed_on, row.closed_by, row.muted_until = timezone.localdate(), actor, None
        row.save(
            update_fields=["state", "outcome", "note", "closed_on", "closed_by", "muted_until"]
        )
        _record("residents.signal_closed", row, actor, outcome=outcome)
    return row


def mute_signal(signal: Signal, *, reason: str, until: date, actor: User | None = None) -> Signal:
    """The signal is wrong: it rests until a day, then it is weighed anew.

    The same again changes nothing. Raises ValidationError.
    """
    reason, today = rules.clean_line("reason", reason, 200), timezone.localdate()
    if not reason:
        raise rules.fault("reason", "reason_missing", _("Say why the signal is wrong."))
    if not today < until <= today + LONGEST_MUTE:
        text = _("Give a day after today, within a year.")
        raise rules.fault("until", "day_unfit", text)
    with events.writing():
        row = _locked(signal)
        if (row.state, row.note, row.muted_until) != (Signal.State.MUTED, reason, until):
            row.state, row.note, row.muted_until = Signal.State.MUTED, reason, until
            row.visit_on, row.assigned_to = None, None
            row.save(update_fields=["state", "note", "muted_until", "visit_on", "assigned_to"])
            _record("residents.signal_muted", row, actor)
    return row


def set_signal_rule(rule: SignalRule, *, actor: User | None = None) -> SignalRule:
    """From what on one kind is a signal here. Raises ValidationError."""
    rule.full_clean()
    kept = days_kept(rule.compound_id, RetentionRule.Subject.SIGNS)
    if kept is not None and rule.days > kept:
        text = _("Signs of life are kept for %(days)s days here. Look back no further.")
        raise rules.fault("days", "longer_than_kept", text % {"days": kept})
    if rule.times > rule.days:
        text = _("More days than the time that is looked at. Ask for fewer.")
        raise rules.fault("times", "more_than_days", text)
    with events.writing():
        rule.save()
        events.record(
            "residents.signal_rule_set",
            compound=rule.compound_id,
            actor=actor,
            signal=rule.kind,
            days=rule.days,
            times=rule.times,
            weight=rule.weight,
        )
    return rule


def _locked(signal: Signal) -> Signal:
    """The row held, unless it is closed. Raises ValidationError."""
    rows = Signal.objects.select_for_update(of=("self",)).select_related("compound")
    row: Signal = rows.get(pk=signal.pk)
    if row.state == Signal.State.CLOSED:
        raise _closed("__all__")
    return row


def _closed(field: str) -> Any:
    return rules.fault(field, "closed", _("This signal is closed already. Look at it again."))


def _record(kind: str, row: Signal, actor: User | None, **facts: Any) -> None:
    events.record(
        kind, compound=row.compound_id, actor=actor, signal=row.pk, what=row.kind,
        unit=row.unit_id, person=row.person_id, **facts,
    )  # fmt: skip
