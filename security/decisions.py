"""What to do about a reading: the rules in the order in which they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from community.devices import operations as devices
from community.models import Device, Gate, Lane
from community.prepared import prepared
from community.verdicts import Outcome, Verdict
from community.vision import grammar
from parking import access
from parking import operations as parking
from parking.models import Vehicle
from residents import operations as residents
from security.models import KeepOpen, Passage
from security.readings import ReadingInput

#: A time off by more than this is plainly old, or plainly in the future.
PLAIN = timedelta(seconds=60)
#: An answer later than this after arrival opens nothing: the guard looks instead.
DECIDE_WITHIN = timedelta(seconds=2)
#: An invited car that was opened for and did not drive is still entering within this.
SAME_ENTRY = timedelta(minutes=2)
#: Below this a single character makes the whole plate unsure, whatever the rest says: in real
#: pictures it keeps back V read as Y and G as 6, and asks about one right plate in a hundred more.
WEAKEST_CHARACTER = 0.88
#: Codes of a first look that a better reading of the same car replaces.
PASSING = frozenset({"plate_not_read", "plate_unsure", "decided_too_late"})


@dataclass(frozen=True)
class Moment:
    """When a reading was taken, by which clock, and why that keeps it from opening (or None)."""

    at: datetime
    source: str
    fault: Verdict | None


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    vehicle: Vehicle | None = None
    #: The lane stands open: there is nothing to order and nobody to ask.
    free: bool = False


def moment(reading: ReadingInput, device: Device) -> Moment:
    """The corrected time of a reading, and the rule that keeps it from opening anything."""
    if reading.captured_at is None:
        fault = None if reading.is_realtime else _ask("reading_history")
        return Moment(reading.received_at, "received", fault)
    at, source = devices.corrected(device, reading.captured_at, reading.received_at)
    return Moment(at, source, _time_fault(reading, at, source))


def _time_fault(reading: ReadingInput, at: datetime, source: str) -> Verdict | None:
    age = reading.received_at - at
    if not reading.is_realtime:
        return _ask("reading_history")
    if devices.is_fresh(at, source, reading.received_at):
        return None
    # A clock that was steady and is not now: neither its age nor its future can be believed.
    if source == devices.OUTLIER and abs(age) < PLAIN:
        return _ask("reading_time_unsure")
    if age > timedelta():
        return _ask("reading_too_old", age=_seconds(age))
    return _ask("reading_from_future", age=_seconds(-age))


def plate_of(reading: ReadingInput) -> str | None:
    """The whole plate that was read, normalised; None where it is no plate."""
    plate = grammar.parse(reading.plate)
    return plate if plate and grammar.is_plate(plate) else None


def decide(
    reading: ReadingInput, *, lane: Lane, plate: str | None, at: datetime, now: datetime
) -> Decision:
    """The decision on a live reading. Called with the lane locked."""
    unusable = _lane_fault(lane)
    if unusable:
        return Decision(unusable)
    free = is_kept_open(lane, now)
    if plate is None:
        return Decision(Verdict(Outcome.FAIL, "plate_not_read"), free=free)
    if free:
        return _through_open_lane(reading, lane, plate, at)
    if not is_sure(reading, lane):
        return Decision(_ask("plate_unsure", confidence=_percent(reading.confidence)))
    verdict, vehicle = _asked(reading, lane, plate, at)
    entering = _is_entering(verdict, lane, plate, now)
    if entering:
        verdict = Verdict(Outcome.ALLOW, "visit_expected", verdict.facts)
    verdict = _held_back(verdict, reading, lane, now)
    if verdict.opens and lane.direction == Lane.Direction.ENTRY:
        verdict = parking.keep_place(lane.compound, plate, verdict, now)
    if verdict.code == "visit_expected" and verdict.opens and not entering:
        verdict = _counted(verdict, now)
    return Decision(verdict, vehicle)


def is_sure(reading: ReadingInput, lane: Lane) -> bool:
    """Sure enough as a whole, and in its weakest character, to open this lane."""
    weakest = min(reading.characters, default=1.0)
    return reading.confidence >= lane.sure_from and weakest >= WEAKEST_CHARACTER


def is_kept_open(lane: Lane, now: datetime) -> bool:
    return bool(_kept_open(lane=lane.pk, now=now))


@prepared(lane=int, now=datetime)
def _kept_open(lane: int, now: datetime) -> QuerySet[Any, Any]:
    rows = KeepOpen.objects.filter(lane=lane, released_at=None, until__gt=now)
    return rows.order_by().values_list("pk")[:1]


def _asked(
    reading: ReadingInput, lane: Lane, plate: str, at: datetime
) -> tuple[Verdict, Vehicle | None]:
    return access.may_pass(
        compound=lane.compound,
        lane=lane,
        direction=lane.direction,
        plate=plate,
        kind=reading.kind,
        at=at,
    )


def _through_open_lane(reading: ReadingInput, lane: Lane, plate: str, at: datetime) -> Decision:
    """The car drives through whatever we say; the record keeps what would have been said."""
    would, vehicle = _asked(reading, lane, plate, at)
    facts = {"would": would.code, "outcome": would.outcome.value}
    facts |= {name: would.facts[name] for name in ("visit", "home") if name in would.facts}
    return Decision(Verdict(Outcome.ALLOW, "lane_kept_open", facts), vehicle, free=True)


def _is_entering(verdict: Verdict, lane: Lane, plate: str, now: datetime) -> bool:
    """Whether this is an invited car that was just opened for here, and did not drive yet."""
    if verdict.code not in ("visit_expected", "visit_used_up"):
        return False
    opened = Passage.objects.filter(lane=lane, plate=plate, visit=verdict.facts["visit"])
    opened = opened.filter(state=Passage.State.OPENED, decided_at__gte=now - SAME_ENTRY)
    return opened.exists()


def _counted(verdict: Verdict, now: datetime) -> Verdict:
    """An invited car uses up one entry of its visit, in the transaction that opens for it."""
    if residents.count_entry(verdict.facts["visit"], now):
        return verdict
    return Verdict(Outcome.DENY, "visit_used_up", verdict.facts)


def _lane_fault(lane: Lane) -> Verdict | None:
    if not lane.is_active:
        return _ask("lane_not_in_use")
    if lane.gate.kind != Gate.Kind.VEHICLE:
        return _ask("lane_not_for_vehicles")
    return None


def _held_back(verdict: Verdict, reading: ReadingInput, lane: Lane, now: datetime) -> Verdict:
    """What parking allows, unless this lane cannot open or the moment has passed."""
    if not verdict.opens:
        return verdict
    if lane.barrier is None or not lane.barrier.is_active:
        return _ask("lane_without_barrier", **verdict.facts)
    if now - reading.received_at > DECIDE_WITHIN:
        return _ask("decided_too_late", **verdict.facts)
    return verdict


def _ask(code: str, **facts: Any) -> Verdict:
    return Verdict(Outcome.ASK, code, facts)


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())


def _percent(share: float) -> int:
    return int(100 * share)
