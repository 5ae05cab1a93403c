"""Alerts: raised once while open; taken, given to a guard and closed, each step by a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Compound, Device, Lane, User
from security.duty import is_on_duty
from security.models import GUARDS, Alert

State, Ending = Alert.State, Alert.Ending
NOTE_MAX = 200


class AlertMoved(Exception):
    """The alert stands where this step cannot be taken from; ``alert`` is as it stands."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(alert.pk)
        self.alert = alert

    def __str__(self) -> str:
        if self.alert.state == State.OPEN:
            return _("Nobody has taken this alert yet. Take it first.")
        if self.alert.state != State.CLOSED:
            return _("%(who)s has already taken this alert.") % {"who": self.alert.taken_by}
        if self.alert.closed_by:
            return _("%(who)s has already closed this alert.") % {"who": self.alert.closed_by}
        return _("This alert is over already.")


def open_alert(compound_id: int, key: str) -> Alert | None:
    """The alert raised under ``key`` and not yet closed."""
    rows = Alert.objects.filter(compound_id=compound_id, key=key)
    return rows.exclude(state=State.CLOSED).first()


def raise_alert(
    *,
    compound: Compound | int,
    kind: str,
    key: str,
    severity: int,
    device: Device | int | None = None,
    lane: Lane | int | None = None,
    facts: dict[str, Any] | None = None,
) -> Alert:
    """Raise it, or give the one that is open under ``key`` in the compound."""
    compound_id = _id(compound)
    with events.writing():
        alert = open_alert(compound_id, key)
        if alert:
            return alert
        alert = Alert(
            compound_id=compound_id,
            kind=kind,
            key=key,
            severity=severity,
            device_id=_id(device),
            lane_id=_id(lane),
            facts=facts or {},
            raised_at=timezone.now(),
        )
        try:
            with transaction.atomic():
                alert.save()
        except IntegrityError:  # another process raised it a moment ago
            return Alert.objects.exclude(state=State.CLOSED).get(compound_id=compound_id, key=key)
        events.record("alert.raised", compound=compound_id, alert=alert.pk, severity=int(severity))
        return alert


def acknowledge(alert: Alert, user: User) -> Alert:
    """``user`` sees to it. Who took it first stays; raises PermissionDenied."""
    _check_guard(user, alert.compound_id)
    with events.writing():
        held = _held(alert)
        if State.ACKNOWLEDGED not in Alert.STEPS[held.state]:
            return held
        held.taken_by, held.taken_at = user, timezone.now()
        return _step(held, State.ACKNOWLEDGED, "alert.acknowledged", user)


def assign(alert: Alert, user: User, to: User) -> Alert:
    """Give a taken alert to a guard on duty here; again, to another one.

    The same guard twice changes nothing. Raises PermissionDenied, AlertMoved, ValidationError.
    """
    _check_guard(user, alert.compound_id)
    with events.writing():
        held = _held(alert)
        if State.ASSIGNED not in Alert.STEPS[held.state]:
            raise AlertMoved(held)
        if not is_on_duty(to, held.compound_id):
            raise ValidationError({"to": _("Choose somebody who is on duty here.")})
        if held.assigned_to_id == to.pk:
            return held
        held.assigned_to, held.assigned_at = to, timezone.now()
        return _step(held, State.ASSIGNED, "alert.assigned", user, to=to.pk)


def close_with(alert: Alert, user: User, ending: str, note: str = "") -> Alert:
    """``user`` says how it ended; "other" needs a note.

    Closed once: the same user gets it again. Raises PermissionDenied, AlertMoved, ValidationError.
    """
    _check_guard(user, alert.compound_id)
    if ending not in Ending.values or ending == Ending.OVER:
        raise ValidationError({"ending": _("Choose how it ended.")})
    if ending == Ending.OTHER and not note.strip():
        raise ValidationError({"note": _("Say in a few words how it ended.")})
    with events.writing():
        held = _held(alert)
        if held.state == State.CLOSED and held.closed_by_id == user.pk:
            return held
        if State.CLOSED not in Alert.STEPS[held.state]:
            raise AlertMoved(held)
        held.closed_by, held.note = user, note.strip()[:NOTE_MAX]
        return _close(held, ending, user)


def close(alert: Alert) -> Alert:
    """It is over: what raised it says so, whoever was at it."""
    with events.writing():
        held = _held(alert)
        return held if held.state == State.CLOSED else _close(held, Ending.OVER, None)


def close_by_key(compound_id: int, key: str) -> Alert | None:
    """Close what is open under ``key``, if anything is."""
    alert = open_alert(compound_id, key)
    return close(alert) if alert else None


def _close(held: Alert, ending: str, user: User | None) -> Alert:
    held.ending, held.closed_at = ending, timezone.now()
    return _step(held, State.CLOSED, "alert.closed", user, ending=str(ending))


def _step(held: Alert, state: str, kind: str, user: User | None, **payload: Any) -> Alert:
    held.state = state
    held.save()
    events.record(kind, compound=held.compound_id, actor=user, alert=held.pk, **payload)
    return held


def _held(alert: Alert) -> Alert:
    held: Alert = Alert.objects.select_for_update().get(pk=alert.pk)
    return held


def _check_guard(user: User, compound_id: int) -> None:
    if not user.is_active or not user.roles_in(compound_id) & GUARDS:
        raise PermissionDenied


def _id(row: Any) -> Any:
    return getattr(row, "pk", row)
