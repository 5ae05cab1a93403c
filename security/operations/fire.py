"""The fire alarm's input: exit doors open and stay so until somebody ends it on purpose.

The lock itself must fail open by the fire panel's own wire; this road is the second one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.devices import operations as devices
from community.models import Command, Compound, Gate, Lane, User
from security.models import GUARDS, Alert, FireAlarm
from security.operations.alerting import close_by_key, raise_alert
from security.operations.locks import SEND_WITHIN

#: A device that keeps time itself holds the door so long; then it is told again.
HELD = timedelta(hours=6)
#: A door that cannot be held is opened again this often.
PULSE = timedelta(seconds=5)


def burning(compound_id: int) -> FireAlarm | None:
    """The alarm that stands in this compound."""
    rows = FireAlarm.objects.filter(compound_id=compound_id, ended_at=None)
    found: FireAlarm | None = rows.select_related("lane").first()
    return found


def start_fire(compound_id: int, *, lane: Lane | None = None) -> FireAlarm:
    """Open all exit doors. While an alarm stands, another word of it changes nothing."""
    with events.writing():
        Compound.objects.select_for_update().get(pk=compound_id)
        standing = burning(compound_id)
        if standing is not None:
            return standing
        alarm: FireAlarm = FireAlarm.objects.create(
            compound_id=compound_id, lane=lane, started_at=timezone.now()
        )
        _record("security.fire_started", alarm, None)
        raise_alert(
            compound=compound_id,
            kind="fire_alarm",
            key=f"fire_alarm-{alarm.pk}",
            severity=Alert.Severity.URGENT,
            lane=lane,
        )
        for door in exit_doors(compound_id):
            _hold(alarm, door, "0")
    return alarm


def end_fire(alarm: FireAlarm, user: User, *, sure: bool) -> FireAlarm:
    """The danger is over: doors close again; once. Raises PermissionDenied, ValidationError."""
    if not user.is_active or not user.roles_in(alarm.compound_id) & GUARDS:
        raise PermissionDenied
    if not sure:
        raise ValidationError(_("Confirm that the fire brigade or the manager said it is over."))
    with events.writing():
        held: FireAlarm = FireAlarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
        if held.ended_at is not None:
            return held
        held.ended_at, held.ended_by = timezone.now(), user
        held.save(update_fields=["ended_at", "ended_by"])
        for door in exit_doors(held.compound_id):
            key = f"fire-{held.pk}-{door.pk}-release"
            _order(door, Command.Action.RELEASE, key, user)
        close_by_key(held.compound_id, f"fire_alarm-{held.pk}")
        _record("security.fire_ended", held, user)
    return held


def hold_exit_doors(now: datetime | None = None) -> int:
    """Keep exit doors open while an alarm stands: again before a hold is over, or pulse by pulse.

    The number of orders.
    """
    now = now or timezone.now()
    orders = 0
    for alarm in FireAlarm.objects.filter(ended_at=None):
        for door in exit_doors(alarm.compound_id):
            with events.writing():
                orders += _keep_holding(alarm, door, now)
    return orders


def exit_doors(compound_id: int) -> list[Lane]:
    """Lanes on foot that lead out and have a door that Linli opens."""
    rows = Lane.objects.filter(
        compound_id=compound_id,
        is_active=True,
        gate__kind=Gate.Kind.PEDESTRIAN,
        direction=Lane.Direction.EXIT,
        barrier__is_active=True,
    )
    return list(rows.select_related("barrier").order_by("pk"))


def _keep_holding(alarm: FireAlarm, door: Lane, now: datetime) -> int:
    age = int((now - alarm.started_at) / HELD)
    last = Command.objects.filter(key=f"fire-{alarm.pk}-{door.pk}-{age}").first()
    if last is None:
        _hold(alarm, door, str(age))
        return 1
    if last.state != Command.State.FAILED:
        return 0
    slot = int(now.timestamp() // PULSE.total_seconds())
    key = f"fire-{alarm.pk}-{door.pk}-open-{slot}"
    if Command.objects.filter(key=key).exists():
        return 0
    _order(door, Command.Action.OPEN, key, None)
    return 1


def _hold(alarm: FireAlarm, door: Lane, number: str) -> None:
    key, until = f"fire-{alarm.pk}-{door.pk}-{number}", timezone.now() + HELD
    _order(door, Command.Action.KEEP_OPEN, key, None, until=until)


def _order(door: Lane, action: str, key: str, user: User | None, **parameters: Any) -> None:
    if door.barrier is None:
        return
    devices.order(
        door.barrier,
        action,
        key=key,
        lane=door,
        expires_at=timezone.now() + SEND_WITHIN,
        parameters=parameters,
        requested_by=user,
    )


def _record(kind: str, alarm: FireAlarm, actor: User | None) -> None:
    events.record(kind, compound=alarm.compound_id, actor=actor, alarm=alarm.pk, lane=alarm.lane_id)
