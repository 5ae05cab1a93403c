"""A round as it is walked: begun, confirmed point by point, complete or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import User
from security.models import GUARDS, Alert, PatrolPoint, PatrolRound, PatrolRoute, PatrolScan
from security.operations.alerting import close_by_key, raise_alert

State = PatrolRound.State
How, Reason = PatrolScan.How, PatrolScan.Reason
NOTE_MAX = 200


class RoundOver(Exception):
    """The round has ended, or may not begin yet; ``round`` is how it stands now."""

    def __init__(self, patrol: PatrolRound) -> None:
        super().__init__(patrol.pk)
        self.round = patrol

    def __str__(self) -> str:
        if self.round.state == State.PLANNED:
            time = timezone.localtime(self.round.opens_at).strftime("%H:%M")
            return _("This round may begin from %(time)s.") % {"time": time}
        return _("This round has ended. Look whether another one is due.")


def start_round(patrol: PatrolRound, user: User, now: datetime | None = None) -> PatrolRound:
    """``user`` begins to walk. Beginning twice changes nothing; who began first stays.

    Raises PermissionDenied, RoundOver.
    """
    _check(user, patrol.compound_id)
    with events.writing():
        held, now = _locked(patrol.pk), now or timezone.now()
        if held.state == State.RUNNING:
            return held
        if held.state != State.PLANNED or not held.opens_at <= now < held.due_at:
            raise RoundOver(held)
        held.state, held.started_at, held.started_by = State.RUNNING, now, user
        held.save(update_fields=["state", "started_at", "started_by"])
        _tell("patrol.started", held, user, now)
        # Late, but walked: nobody needs to go and look any more.
        close_by_key(held.compound_id, alert_key(held))
        return held


def start_extra(route: PatrolRoute, user: User, now: datetime | None = None) -> PatrolRound:
    """Walk a route of one's own accord; the one under way, where ``user`` walks it already.

    Raises PermissionDenied, ValidationError for a route out of use.
    """
    _check(user, route.compound_id)
    with events.writing():
        locked = PatrolRoute.objects.select_for_update().get(pk=route.pk)
        if not locked.is_active:
            raise ValidationError(_("This route is out of use. Choose another one."))
        mine = PatrolRound.objects.filter(route=locked, state=State.RUNNING, started_by=user)
        if found := mine.first():
            return found
        now = now or timezone.now()
        until = now + timedelta(minutes=locked.duration_min)
        stops = list(locked.stops.order_by("order").values_list("point_id", flat=True))
        made = PatrolRound(
            compound_id=locked.compound_id, route=locked, stops=stops, is_extra=True,
            planned_at=now, opens_at=now, late_at=now, due_at=until,
            state=State.RUNNING, started_at=now, started_by=user,
        )  # fmt: skip
        made.save()
        _tell("patrol.started", made, user, now)
        return made


def confirm_point(
    patrol: PatrolRound,
    point: PatrolPoint,
    user: User,
    *,
    how: str = How.CODE,
    reason: str = "",
    note: str = "",
    now: datetime | None = None,
) -> PatrolScan:
    """``user`` is at ``point``. A repeat gives the first confirmation back, and changes nothing.

    The last missing point completes the round. Raises PermissionDenied, ValidationError (reason,
    note, a point of another round), RoundOver.
    """
    _check(user, patrol.compound_id)
    _check_reason(how, reason, note)
    with events.writing():
        held, now = _locked(patrol.pk), now or timezone.now()
        if point.pk not in held.stops:
            raise ValidationError(_("This point does not belong to the round."))
        scans = list(PatrolScan.objects.filter(round=held).select_related("by", "point"))
        for scan in scans:
            if scan.point_id == point.pk:
                return scan
        if held.state != State.RUNNING:
            raise RoundOver(held)
        passed = {scan.point_id for scan in scans}
        scan = _save_scan(
            PatrolScan(
                compound_id=held.compound_id, round=held, point=point, at=now, by=user, how=how,
                reason=reason, note=note.strip(), out_of_order=_skips(held, point.pk, passed),
            )
        )  # fmt: skip
        _tell("patrol.point_confirmed", held, user, now, point=point.pk, how=str(how))
        if not set(held.stops) - passed - {point.pk}:
            _end(held, State.DONE, now, user)
        return scan


def end_rounds(now: datetime | None = None) -> int:
    """By the clock: late beginnings alert, and what is over ends as it was walked; how many."""
    now = now or timezone.now()
    rows = PatrolRound.objects.filter(state__in=[State.PLANNED, State.RUNNING], late_at__lte=now)
    told = 0
    for key in list(rows.order_by("due_at").values_list("pk", flat=True)[:500]):
        told += end_round(key, now)
    return told


def end_round(key: int, now: datetime) -> int:
    """What the clock says of one round at ``now``: how many things there were to tell."""
    with events.writing():
        return _judge(_locked(key), now)


def alert_key(patrol: PatrolRound) -> str:
    return f"patrol-{patrol.pk}"


def _judge(held: PatrolRound, now: datetime) -> int:
    if held.state == State.PLANNED and now < held.due_at:
        return _alert(held, "patrol_late", Alert.Severity.IMPORTANT)
    if held.state not in (State.PLANNED, State.RUNNING) or now < held.due_at:
        return 0
    passed = set(PatrolScan.objects.filter(round=held).values_list("point_id", flat=True))
    held.missed = len(set(held.stops) - passed)
    if held.state == State.PLANNED:
        _end(held, State.MISSED, now)
        return 1 + _alert(held, "patrol_missed", Alert.Severity.IMPORTANT)
    _end(held, State.INCOMPLETE, now)
    return 1 + _alert(held, "patrol_incomplete", Alert.Severity.IMPORTANT)


def _alert(held: PatrolRound, kind: str, severity: int) -> int:
    """Once for each round, also when somebody has closed it since: 1 where it is new."""
    known = Alert.objects.filter(compound_id=held.compound_id, key=alert_key(held))
    if known.exists() and kind != "patrol_incomplete":
        return 0
    zone = timezone.localtime(held.planned_at)
    raise_alert(
        compound=held.compound_id,
        kind=kind,
        key=alert_key(held),
        severity=severity,
        facts={
            "name": held.route.name,
            "time": zone.strftime("%H:%M"),
            "missed": held.missed,
            "round": held.pk,
        },
    )
    return 1


def _end(held: PatrolRound, state: PatrolRound.State, now: datetime, by: Any = None) -> None:
    held.state, held.ended_at = state, now
    held.save(update_fields=["state", "ended_at", "missed"])
    _tell(f"patrol.{state.value}", held, by, now, missed=held.missed)


def _save_scan(scan: PatrolScan) -> PatrolScan:
    try:
        with transaction.atomic():
            scan.save()
    except IntegrityError:  # the same code, read by two phones at once
        return PatrolScan.objects.get(round=scan.round, point=scan.point)
    return scan


def _skips(held: PatrolRound, point: int, passed: set[int]) -> bool:
    """Whether a point before this one of an ordered route is still to come."""
    before = held.stops[: held.stops.index(point)]
    return held.route.in_order and not set(before) <= passed


def _locked(key: int) -> PatrolRound:
    rows: Any = PatrolRound.objects.select_for_update(of=("self",))
    held: PatrolRound = rows.select_related("route", "started_by").get(pk=key)
    return held


def _check(user: User, compound_id: int) -> None:
    if not user.is_active or not user.roles_in(compound_id) & GUARDS:
        raise PermissionDenied


def _check_reason(how: str, reason: str, note: str) -> None:
    if how == How.CODE:
        if reason or note:
            raise ValidationError(_("A scanned point needs no reason."))
        return
    if reason not in Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if reason == Reason.OTHER and not note.strip():
        raise ValidationError({"note": _("Say in a few words what the reason is.")})
    if len(note) > NOTE_MAX:
        raise ValidationError({"note": _("Keep it within 200 characters.")})


def _tell(kind: str, held: PatrolRound, user: User | None, at: datetime, **facts: Any) -> None:
    events.record(kind, compound=held.compound_id, actor=user, at=at, round=held.pk, **facts)
