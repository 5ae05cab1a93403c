"""Wrong PINs: a home is locked at a lane after some, the lane slows down for guesses at many homes.

Others still pass: a card, a code and the PIN of another home are not kept waiting by the first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from community import events
from community.models import Lane, Unit
from community.verdicts import Outcome, Verdict
from residents.models import GuessLock

#: Wrong PINs of one home at one lane until it is locked there, and for how long.
MOST_OF_HOME = 5
HOME_LOCKED = timedelta(minutes=15)
#: Wrong PINs at one lane, of whichever homes, within WINDOW, until it takes PINs slowly only.
MOST_OF_LANE = 15
WINDOW = timedelta(minutes=10)
SLOW = timedelta(seconds=30)


def home(lane: Lane, code: str) -> Unit | None:
    """The home of this number in the lane's compound."""
    rows = Unit.objects.filter(compound_id=lane.compound_id, code=code.strip()[:32])
    found: Unit | None = rows.first()
    return found


def waits(lane: Lane, code: str, at: datetime) -> Verdict | None:
    """The refusal while this home, or the lane's PIN pad, has to wait; None otherwise."""
    for lock in GuessLock.objects.filter(lane=lane, unit=None) | GuessLock.objects.filter(
        lane=lane, unit__code=code.strip()[:32]
    ):
        if lock.locked_until is not None and lock.locked_until > at:
            seconds = round((lock.locked_until - at).total_seconds())
            kind = "pin_home_locked" if lock.unit_id else "pin_lane_slow"
            facts = {"minutes": max(1, round(seconds / 60)), "seconds": max(1, seconds)}
            return Verdict(Outcome.DENY, kind, facts)
    return None


def wrong(lane: Lane, unit: Unit | None, at: datetime) -> Verdict:
    """Count a wrong PIN. The lane is told to the guards when it is tried at many homes."""
    locked = unit is not None and _count(_lock(lane, unit, at), at, MOST_OF_HOME, HOME_LOCKED)
    if _count(_lock(lane, None, at), at, MOST_OF_LANE, SLOW):
        events.record("residents.pins_tried_at_many_homes", compound=lane.compound_id, lane=lane.pk)
    if unit is None or not locked:
        return Verdict(Outcome.DENY, "pin_wrong")
    events.record("residents.pin_locked", compound=lane.compound_id, lane=lane.pk, unit=unit.pk)
    minutes = int(HOME_LOCKED.total_seconds() // 60)
    return Verdict(Outcome.DENY, "pin_home_locked", {"minutes": minutes})


def right(lane: Lane, unit: Unit | None) -> None:
    """A right PIN clears its home's count; the lane's runs out by itself."""
    GuessLock.objects.filter(lane=lane, unit=unit, wrong__gt=0).update(wrong=0)


def _lock(lane: Lane, unit: Unit | None, at: datetime) -> GuessLock:
    rows = GuessLock.objects.select_for_update(of=("self",))
    lock = rows.filter(lane=lane, unit=unit).first()
    lock = lock or GuessLock(compound_id=lane.compound_id, lane=lane, unit=unit, since=at)
    if at - lock.since > WINDOW:
        lock.wrong, lock.since = 0, at
    return lock


def _count(lock: GuessLock, at: datetime, most: int, wait: timedelta) -> bool:
    """Count one more; True when the limit is reached, not again at each guess beyond it."""
    lock.wrong += 1
    reached = lock.wrong == most
    if lock.wrong >= most:
        lock.locked_until = at + wait
    if reached and lock.unit_id is not None:
        lock.wrong = 0
    lock.save()
    return reached
