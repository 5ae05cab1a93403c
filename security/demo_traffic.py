"""A plausible day at the gates of the demo compound: who came and went, and how it was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from community.verdicts import Outcome
from community.vision import grammar
from parking.models import Vehicle
from security.models import Passage
from security.reasons import OpenReason, RefuseReason

DAY = timedelta(hours=24)
#: The last minutes stay empty: there the live demo begins.
QUIET = timedelta(minutes=4)
State = Passage.State


@dataclass(frozen=True)
class Story:
    """How a passage went: the rule that spoke, and what the guard did about it."""

    outcome: Outcome
    code: str
    state: str = State.CROSSED
    reason: str = ""
    note: str = ""

    @property
    def by_hand(self) -> bool:
        return bool(self.reason)

    @property
    def is_open(self) -> bool:
        return self.state == State.CROSSED


@dataclass(frozen=True)
class Trip:
    """One car at one lane. ``plate`` is empty where it could not be read; ``raw`` is what was."""

    at: datetime
    direction: str
    plate: str
    kind: str
    story: Story
    vehicle: Vehicle | None = None
    entered: datetime | None = None
    raw: str = ""


KNOWN = Story(Outcome.ALLOW, "vehicle_registered")
LEAVES = Story(Outcome.ALLOW, "admitted_leaving")
STRANGERS = (
    Story(Outcome.ASK, "vehicle_not_registered", reason=OpenReason.HOME_AGREED),
    Story(Outcome.ASK, "vehicle_not_registered", reason=OpenReason.HOME_AGREED),
    Story(Outcome.ASK, "vehicle_not_registered", reason=OpenReason.DELIVERY),
    Story(Outcome.ASK, "vehicle_not_registered", reason=OpenReason.REPAIR),
)
SENT_AWAY = (
    Story(Outcome.ASK, "vehicle_not_registered", State.REFUSED, RefuseReason.NOT_EXPECTED),
    Story(Outcome.ASK, "vehicle_not_registered", State.REFUSED, RefuseReason.HOME_DECLINED),
    Story(Outcome.ASK, "vehicle_not_registered", State.GONE),
)
UNREAD = (
    Story(Outcome.FAIL, "plate_not_read", reason=OpenReason.OTHER, note="车牌有泥，已核对业主"),
    Story(Outcome.FAIL, "plate_not_read", reason=OpenReason.OTHER, note="雨大看不清，已核对业主"),
    Story(Outcome.FAIL, "plate_not_read", State.GONE),
)
UNSURE = Story(Outcome.ASK, "plate_unsure", reason=OpenReason.HOME_AGREED)
EXPIRED = Story(Outcome.ASK, "vehicle_expired", reason=OpenReason.HOME_AGREED)
BARRED = Story(Outcome.DENY, "vehicle_barred", State.REFUSED)


def day(rng: Random, vehicles: Sequence[Vehicle], count: int, now: datetime) -> list[Trip]:
    """About ``count`` passages of the last 24 hours up to ``now`` (aware), oldest first.

    ``vehicles`` are the registered cars; the trips of each car alternate, the first one leaves.
    """
    start, end = now - DAY, now - QUIET
    today = now.date()
    trips: list[Trip] = []
    valid = [car for car in vehicles if _is_good(car, today)]
    for car in rng.sample(valid, len(valid)):
        if len(trips) >= count * 0.82:
            break
        trips += _commute(rng, car, start, end)
    for _ in range(round(count * 0.05)):
        trips += _visit(rng, start, end)
    trips += _oddities(rng, vehicles, count, start, end)
    return sorted(trips, key=lambda trip: trip.at)


def _is_good(car: Vehicle, today: date) -> bool:
    ended = car.valid_until is not None and car.valid_until < today
    return not car.barred_reason and car.valid_from <= today and not ended


def _commute(rng: Random, car: Vehicle, start: datetime, end: datetime) -> Iterator[Trip]:
    """Out in the morning and back in the evening, or out for an errand and back."""
    for midnight in {_midnight(start), _midnight(end)}:
        if rng.random() < 0.75:
            out = midnight + timedelta(minutes=rng.gauss(8 * 60, 45))
            back = midnight + timedelta(minutes=rng.gauss(18 * 60 + 20, 70))
        else:
            out = midnight + timedelta(minutes=rng.uniform(9 * 60, 20 * 60))
            back = out + timedelta(minutes=rng.uniform(25, 150))
        # A pair that the window cuts is left out: so the first trip of every car leaves.
        if start < out < end:
            yield Trip(out, "exit", car.plate, car.kind, KNOWN, car)
            if out < back < end:
                yield Trip(back, "entry", car.plate, car.kind, KNOWN, car)


def _visit(rng: Random, start: datetime, end: datetime) -> Iterator[Trip]:
    arrives, plate = _daytime(rng, start, end), stranger(rng)
    if rng.random() < 0.3:
        yield Trip(arrives, "entry", plate, "blue", rng.choice(SENT_AWAY))
        return
    yield Trip(arrives, "entry", plate, "blue", rng.choice(STRANGERS))
    leaves = arrives + timedelta(minutes=rng.uniform(6, 140))
    if leaves < end:
        yield Trip(leaves, "exit", plate, "blue", LEAVES, entered=arrives)


def _oddities(
    rng: Random, vehicles: Sequence[Vehicle], count: int, start: datetime, end: datetime
) -> Iterator[Trip]:
    """What a guard remembers of a day: mud on a plate, an expired right, a barred car."""
    muddy = Random(count)  # noqa: S311 - a draw of its own leaves the rest of the day as it is
    for _ in range(round(count * 0.03)):
        at, story = _daytime(rng, start, end), rng.choice(UNREAD)
        raw = misread(muddy, muddy.choice(vehicles).plate) if vehicles else ""
        yield Trip(at, "entry", "", "unknown", story, raw=raw)
    for _ in range(round(count * 0.015)):
        yield Trip(_daytime(rng, start, end), "entry", stranger(rng), "blue", UNSURE)
    today = end.date()
    for car in vehicles:
        if car.barred_reason:
            yield Trip(_daytime(rng, start, end), "entry", car.plate, car.kind, BARRED, car)
        elif car.valid_until and car.valid_until < today and rng.random() < 0.5:
            yield Trip(_daytime(rng, start, end), "entry", car.plate, car.kind, EXPIRED, car)


def stranger(rng: Random) -> str:
    """A plate that no home has registered: the office letter W is not used by the demo's cars."""
    body = "".join(rng.choice(grammar.DIGITS) for _ in range(5))
    return rng.choice("豫豫豫鲁冀晋陕皖鄂苏") + "W" + body


def misread(rng: Random, plate: str) -> str:
    """The plate with one character taken for one that looks like it, where it has such a one."""
    alike = [
        (place, other)
        for place, own in enumerate(plate)
        for other in grammar.SERIAL
        if place > 1 and other != own and grammar.swap_cost(own, other) <= 0.4
    ]
    if not alike:
        return plate[:-1]
    place, other = rng.choice(alike)
    return plate[:place] + other + plate[place + 1 :]


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _daytime(rng: Random, start: datetime, end: datetime) -> datetime:
    """A moment of the window, by day if it can be."""
    for _ in range(20):
        at = start + (end - start) * rng.random()
        if 7 <= at.hour < 22:
            break
    return at
