"""People on foot in the demo's past: who came and went by card, code, PIN and pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from community import events
from community.models import Command, Compound, Gate, Lane, User
from community.verdicts import Outcome
from residents.models import Person, Residency, Visit, WayIn
from security.demo_commands import obeyed
from security.demo_rows import guards_of
from security.demo_traffic import DAY, QUIET
from security.models import Passage, Presentation, WatchEntry
from security.operations.watchlist import add_watch
from security.reasons import OpenReason

#: People who were out once or twice in the last day.
WALKERS = 110
BATCH = 40
State = Passage.State
WAYS = ("card", "card", "card", "qr", "qr", "pin")
#: What is refused at a door now and then: (way, rule, facts).
REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("card", "card_unknown", {}),
    ("card", "card_ended", {"reason": "lost"}),
    ("pin", "pin_wrong", {}),
    ("pin", "pin_wrong", {}),
    ("qr", "code_too_old", {"minutes": 3}),
    ("qr", "code_used", {}),
    ("pass", "pass_too_early", {}),
)


@dataclass(frozen=True)
class Walk:
    """Somebody at a door. ``who`` and ``visit`` are empty where nobody was known."""

    at: datetime
    direction: str
    way: str
    code: str
    facts: dict[str, Any]
    who: Person | None = None
    visit: Visit | None = None
    outcome: Outcome = Outcome.ALLOW


def load(compound: Compound) -> None:
    """A day on foot; nothing where somebody has walked through a door already."""
    lanes = list(
        Lane.objects.of(compound)
        .filter(gate__kind=Gate.Kind.PEDESTRIAN, barrier__isnull=False)
        .select_related("barrier", "gate")
        .order_by("pk")
    )
    _watch(compound)
    known = Passage.objects.of(compound).filter(lane__in=lanes).exclude(way="")
    if not lanes or known.exists():
        return
    rng = Random(f"people of {compound.code}")  # noqa: S311 - a plausible day, not a secret
    now = timezone.now().astimezone(ZoneInfo(compound.timezone))
    walks = sorted(_day(rng, compound, now), key=lambda walk: walk.at)
    writer = Writer(compound, lanes, rng)
    for start in range(0, len(walks), BATCH):
        writer.write(walks[start : start + BATCH])


def _watch(compound: Compound) -> None:
    """One plate that a paper names, for trying the card out."""
    manager = User.objects.filter(username="manager", held_roles__compound=compound).first()
    if manager is None or WatchEntry.objects.of(compound).exists():
        return
    add_watch(
        compound=compound,
        kind=WatchEntry.Kind.PLATE,
        value="豫A00W19",
        basis=WatchEntry.Basis.PROTECTION,
        reference="保护令 演示 3 号",
        reason="不得接近 3-2-1202，请先联系经理",
        expires_at=timezone.now() + timedelta(days=60),
        actor=manager,
    )


def _day(rng: Random, compound: Compound, now: datetime) -> Iterator[Walk]:
    homes = _homes(compound, now)
    people = list(Person.objects.of(compound).filter(pk__in=homes).order_by("pk"))
    for person in rng.sample(people, min(WALKERS, len(people))):
        yield from _out_and_back(rng, person, homes[person.pk], now)
    for way, code, facts in REFUSED:
        yield Walk(_moment(rng, now), "entry", way, code, facts, outcome=Outcome.DENY)
    for person in people[:2]:
        facts = {"person": person.pk}
        yield Walk(
            _moment(rng, now), "entry", "card", "card_two_gates", facts, person, None, Outcome.ASK
        )
    for visit in Visit.objects.of(compound).filter(entries__gt=0, revoked_at=None):
        facts = {"visit": visit.pk, "unit": visit.home}
        at = min(max(visit.starts_at, now - DAY) + timedelta(minutes=10), now - QUIET)
        yield Walk(at, "entry", "pass", "pass_valid", facts, None, visit)


def _homes(compound: Compound, now: datetime) -> dict[int, str]:
    """The home of whoever holds a card or code, by person."""
    holders = WayIn.objects.of(compound).active().values("person")
    rows = Residency.objects.of(compound).current(now.date()).filter(person__in=holders)
    return dict(rows.values_list("person_id", "unit__code"))


def _out_and_back(rng: Random, person: Person, home: str, now: datetime) -> Iterator[Walk]:
    facts, way = {"person": person.pk, "unit": home}, rng.choice(WAYS)
    out = _moment(rng, now)
    back = out + timedelta(minutes=rng.uniform(12, 560))
    yield Walk(out, "exit", way, "resident", facts, person)
    if back < now - QUIET:
        yield Walk(back, "entry", way, "resident", facts, person)


def _moment(rng: Random, now: datetime) -> datetime:
    """A moment of the last day, by day if it can be."""
    at = now - QUIET
    for _try in range(20):
        at = now - QUIET - (DAY - QUIET) * rng.random()
        if 6 <= at.hour < 22:
            break
    return at


class Writer:
    """Writes walks in their order, as the doors would have."""

    def __init__(self, compound: Compound, lanes: Sequence[Lane], rng: Random) -> None:
        self.compound, self.rng, self.guards = compound, rng, guards_of(compound)
        self.lanes = {way: [lane for lane in lanes if lane.direction == way] for way in _WAYS}
        self.number = 0

    def write(self, walks: Sequence[Walk]) -> None:
        passages = [passage for walk in walks if (passage := self._passage(walk)) is not None]
        with events.writing():
            commands = [self._command(passage) for passage in passages if passage.crossed_at]
            Command.objects.bulk_create(commands)
            Passage.objects.bulk_create(passages)
            Presentation.objects.bulk_create(self._shown(passage) for passage in passages)
            drafts = [draft for passage in passages for draft in _drafts(passage)]
            for at, kind, actor, payload in sorted(drafts, key=lambda draft: draft[0]):
                events.record(kind, compound=self.compound, actor=actor, at=at, **payload)

    def _passage(self, walk: Walk) -> Passage | None:
        lanes = self.lanes[walk.direction]
        if not lanes:
            return None
        lane, asked = self.rng.choice(lanes), walk.outcome is Outcome.ASK
        wait = self.rng.uniform(8, 30) if asked else self.rng.uniform(0.01, 0.05)
        opened = walk.outcome is not Outcome.DENY
        passage = Passage(
            compound=self.compound,
            lane=lane,
            direction=walk.direction,
            way=walk.way,
            person=walk.who,
            visit=walk.visit,
            outcome=Outcome.ALLOW.value if opened else Outcome.DENY.value,
            code=walk.code,
            facts=walk.facts,
            state=State.CROSSED if opened else State.REFUSED,
            seen_at=walk.at,
            decided_at=walk.at + timedelta(seconds=wait),
        )
        if asked and self.guards:
            passage.by_hand, passage.decided_by = True, self.rng.choice(self.guards)
            passage.reason = OpenReason.HOME_AGREED
        if opened:
            passage.crossing = lane.crossing
            passage.crossed_at = passage.decided_at + timedelta(seconds=lane.crossing_after_s)
        return passage

    def _command(self, passage: Passage) -> Command:
        self.number += 1
        key = f"demo-foot-{self.compound.code}-{self.number}"
        return obeyed(passage, key, self.rng.randint(60, 140))

    def _shown(self, passage: Passage) -> Presentation:
        return Presentation(
            compound=self.compound,
            lane=passage.lane,
            key=f"demo-{passage.pk}",
            way=passage.way,
            received_at=passage.seen_at,
            passage=passage,
        )


_WAYS = ("entry", "exit")


def _drafts(passage: Passage) -> Iterator[tuple[datetime, str, User | None, dict[str, Any]]]:
    """The lines that this passage left in the ledger, each with its moment."""
    where = {"passage": passage.pk, "lane": passage.lane_id}
    first = Outcome.ASK.value if passage.by_hand else passage.outcome
    seen = passage.seen_at + timedelta(milliseconds=30) if passage.by_hand else passage.decided_at
    yield seen, "gate.passage_decided", None, {**where, "outcome": first, "code": passage.code}
    if passage.by_hand:
        by_hand = {**where, "reason": str(passage.reason)}
        yield passage.decided_at, "gate.opened_by_hand", passage.decided_by, by_hand
    if passage.crossed_at:
        how = {**where, "how": passage.crossing}
        yield passage.crossed_at, "gate.passage_crossed", None, how
