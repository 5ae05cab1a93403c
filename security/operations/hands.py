"""What a guard does by hand.

Callers show only what ``visible_to`` shows; the role is checked here once more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.devices import operations as devices
from community.models import Command, Device, Lane, User
from community.verdicts import Outcome
from security.models import GUARDS, KeepOpen, Passage
from security.operations.locks import SEND_WITHIN, locked_lane, locked_passage, order_open
from security.operations.watchlist import check_answered
from security.reasons import UNCHOSEN, KeepOpenReason, OpenReason, RefuseReason

State = Passage.State
LONGEST = timedelta(hours=12)
#: Two presses at one lane within this are one wish.
SAME_PRESS = timedelta(seconds=5)
NOTE_MAX = 200
OVER = (State.GONE, State.STORED, State.CROSSED)


class AlreadyDecided(Exception):
    """Somebody was quicker. ``passage.decided_by`` says who; nobody where the gate itself did."""

    def __init__(self, passage: Passage) -> None:
        super().__init__(passage.pk)
        self.passage = passage

    def __str__(self) -> str:
        who = self.passage.decided_by
        if self.passage.state == State.REFUSED:
            text = _("%(who)s has already refused this car.") if who else _("Already refused.")
        else:
            text = _("%(who)s has already opened.") if who else _("The barrier is already open.")
        return text % {"who": who} if who else text


class PassageOver(Exception):
    """The car is gone, or was never there to decide about."""

    def __str__(self) -> str:
        return _("This car is no longer waiting. Open the lane itself if another one is.")


def open_by_hand(
    *,
    lane: Lane,
    passage: Passage | None = None,
    user: User,
    reason: str,
    note: str = "",
    chosen: bool = True,
) -> Passage:
    """Open for a waiting car, or the bare lane, and keep who and why.

    ``chosen``: by the guard alone; reasons that come with a deed of ours are not.

    One opening however many press: the same user gets the passage again. Raises PermissionDenied,
    ValidationError (reason, note, no barrier), AlreadyDecided, PassageOver.
    """
    _check_guard(user, lane.compound_id)
    _check_reason(OpenReason, reason, note, chosen=chosen)
    with events.writing():
        held, locked = _held(lane, passage)
        if held is not None and _is_open(held):
            return _again(held, user)
        if held is not None and held.state in OVER:
            raise PassageOver
        if held is not None:
            check_answered(held, reason)
        barrier = _barrier(locked)
        opened = _sign_opened(held or _bare(locked), user, reason, note)
        _tell("gate.opened_by_hand", locked, user, passage=opened.pk, reason=reason)
        order_open(opened, barrier, locked, since=opened.decided_at, by=user)
        return opened


def refuse(passage: Passage, user: User, reason: str = "not_expected", note: str = "") -> Passage:
    """Send a waiting car away. Raises as ``open_by_hand``."""
    _check_guard(user, passage.compound_id)
    _check_reason(RefuseReason, reason, note)
    with events.writing():
        held, lane = locked_passage(passage)
        if held.state in (State.OPENED, State.CROSSED, State.REFUSED):
            return _again(held, user)
        if held.state != State.WAITING:
            raise PassageOver
        check_answered(held)
        held.state, held.outcome = State.REFUSED, Outcome.DENY.value
        _sign(held, user, reason, note)
        _tell("gate.passage_refused", lane, user, passage=held.pk, reason=reason)
        return held


def keep_open(lane: Lane, user: User, reason: str, until: datetime, note: str = "") -> KeepOpen:
    """Hold the lane open until an end, 12 hours at most; one that is held stays as it is.

    Raises PermissionDenied, ValidationError.
    """
    _check_guard(user, lane.compound_id)
    _check_reason(KeepOpenReason, reason, note)
    with events.writing():
        locked, now = locked_lane(lane.pk), timezone.now()
        _check_until(until, now)
        held = KeepOpen.objects.filter(lane=locked, released_at=None).first()
        if held:
            return held
        held = KeepOpen.objects.create(
            compound_id=locked.compound_id,
            lane=locked,
            reason=reason,
            note=note[:NOTE_MAX],
            started_at=now,
            until=until,
            started_by=user,
        )
        _order(_barrier(locked), "keep_open", f"keep-open-{held.pk}", locked, user, until=until)
        end = int(until.timestamp())
        _tell("gate.kept_open", locked, user, keep_open=held.pk, reason=reason, until=end)
        return held


def release(lane: Lane, user: User) -> KeepOpen | None:
    """End the lane's standing open. Without one, the barrier is still told to let go (None).

    Raises PermissionDenied, ValidationError.
    """
    _check_guard(user, lane.compound_id)
    with events.writing():
        locked, now = locked_lane(lane.pk), timezone.now()
        held = KeepOpen.objects.filter(lane=locked, released_at=None).first()
        if held:
            return end_keep_open(held, locked, now, user)
        # The last release may have failed: the guard who presses again is right to.
        key = f"release-{locked.pk}-{int(now.timestamp()) // 5}"
        _order(_barrier(locked), "release", key, locked, user)
        return None


def end_keep_open(held: KeepOpen, lane: Lane, now: datetime, user: User | None = None) -> KeepOpen:
    """Release a lane that stands open. The caller holds the lane's lock."""
    held.released_at, held.released_by = now, user
    held.save(update_fields=["released_at", "released_by"])
    if lane.barrier is not None:
        _order(lane.barrier, "release", f"keep-open-{held.pk}-release", lane, user)
    _tell("gate.released", lane, user, keep_open=held.pk)
    return held


def _held(lane: Lane, passage: Passage | None) -> tuple[Passage | None, Lane]:
    """The passage to open for, or a bare opening of a moment ago; and its lane, locked."""
    if passage is None:
        locked = locked_lane(lane.pk)
        return _just_opened(locked), locked
    held, locked = locked_passage(passage)
    if locked.pk != lane.pk:
        raise PermissionDenied
    return held, locked


def _sign_opened(passage: Passage, user: User, reason: str, note: str) -> Passage:
    passage.state, passage.outcome = State.OPENED, Outcome.ALLOW.value
    passage.decided_at = timezone.now()
    _sign(passage, user, reason, note)
    return passage


def _bare(lane: Lane) -> Passage:
    now = timezone.now()
    return Passage(
        compound_id=lane.compound_id,
        lane=lane,
        direction=lane.direction,
        code="opened_by_hand",
        seen_at=now,
        decided_at=now,
    )


def _just_opened(lane: Lane) -> Passage | None:
    """The bare lane, opened a moment ago: a second press is the same wish."""
    since = timezone.now() - SAME_PRESS
    rows = Passage.objects.select_related("command", "decided_by")
    found: Passage | None = rows.filter(
        lane=lane, code="opened_by_hand", state=State.OPENED, decided_at__gte=since
    ).first()
    return found if found and _is_open(found) else None


def _is_open(passage: Passage) -> bool:
    """Opened, and not by a command that failed or was lost."""
    lost = (Command.State.FAILED, Command.State.UNKNOWN)
    command = passage.command
    return passage.state == State.OPENED and (command is None or command.state not in lost)


def _again(passage: Passage, user: User) -> Passage:
    if passage.by_hand and passage.decided_by_id == user.pk:
        return passage
    raise AlreadyDecided(passage)


def _sign(passage: Passage, user: User, reason: str, note: str) -> None:
    passage.by_hand, passage.decided_by = True, user
    passage.reason, passage.note = reason, note.strip()[:NOTE_MAX]
    passage.save()


def _order(
    device: Device, action: str, key: str, lane: Lane, user: User | None, **parameters: Any
) -> Command:
    return devices.order(
        device,
        action,
        key=key,
        lane=lane,
        expires_at=timezone.now() + SEND_WITHIN,
        parameters=parameters,
        requested_by=user,
    )


def _tell(kind: str, lane: Lane, user: User | None, **payload: Any) -> None:
    events.record(kind, compound=lane.compound_id, actor=user, lane=lane.pk, **payload)


def _barrier(lane: Lane) -> Device:
    if lane.barrier is None or not lane.barrier.is_active:
        raise ValidationError(_("This lane has no barrier that Linli can open."))
    return lane.barrier


def _check_guard(user: User, compound_id: int) -> None:
    if not user.is_active or not user.roles_in(compound_id) & GUARDS:
        raise PermissionDenied


def _check_reason(reasons: type[Any], reason: str, note: str, *, chosen: bool = True) -> None:
    if reason not in reasons.values or (chosen and reason in UNCHOSEN):
        raise ValidationError({"reason": _("Choose a reason.")})
    if reason == "other" and not note.strip():
        raise ValidationError({"note": _("Say in a few words what the reason is.")})


def _check_until(until: datetime, now: datetime) -> None:
    if timezone.is_naive(until) or not now < until <= now + LONGEST:
        raise ValidationError({"until": _("Choose an end within the next 12 hours.")})
