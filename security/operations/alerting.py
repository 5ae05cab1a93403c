"""Alerts: raised once while open, taken by a person, closed by a person or by what they say."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import events
from community.models import Compound, Device, Lane, User
from security.models import GUARDS, Alert


def open_alert(compound_id: int, key: str) -> Alert | None:
    """The alert raised under ``key`` and not yet closed."""
    rows = Alert.objects.filter(compound_id=compound_id, key=key)
    return rows.exclude(state=Alert.State.CLOSED).first()


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
            return Alert.objects.exclude(state=Alert.State.CLOSED).get(
                compound_id=compound_id, key=key
            )
        events.record("alert.raised", compound=compound_id, alert=alert.pk, severity=int(severity))
        return alert


def acknowledge(alert: Alert, user: User) -> Alert:
    """``user`` sees to it. Who took it first stays; raises PermissionDenied."""
    return _move(alert, user, Alert.State.ACKNOWLEDGED, "alert.acknowledged")


def close(alert: Alert, user: User | None = None) -> Alert:
    """It is over: said by ``user``, or by the device itself where there is none."""
    return _move(alert, user, Alert.State.CLOSED, "alert.closed")


def close_by_key(compound_id: int, key: str) -> Alert | None:
    """Close what is open under ``key``, if anything is."""
    alert = open_alert(compound_id, key)
    return close(alert) if alert else None


def _move(alert: Alert, user: User | None, state: Alert.State, kind: str) -> Alert:
    if user is not None and not user.roles_in(alert.compound_id) & GUARDS:
        raise PermissionDenied
    with events.writing():
        held: Alert = Alert.objects.select_for_update().get(pk=alert.pk)
        if held.state in (state, Alert.State.CLOSED):
            return held
        held.state = state
        held.taken_by = held.taken_by or user
        if state == Alert.State.CLOSED:
            held.closed_at = timezone.now()
        held.save(update_fields=["state", "taken_by", "closed_at"])
        events.record(kind, compound=held.compound_id, actor=user, alert=held.pk)
        return held


def _id(row: Any) -> Any:
    return getattr(row, "pk", row)
