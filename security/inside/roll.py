"""The roll: who came in last and has not been seen to leave, by building and home.

It says what the doors know, and names those of whom they know nothing. Nobody is left out because
they have no card: a resident without any crossing stands on it as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from community.models import Compound, Gate, Lane, Unit, User
from parking.models import Stay
from residents.models import Residency, VisitStay
from security import duty
from security.models import Passage

#: Who was last seen longer ago than this is unknown again.
LOOK_BACK = timedelta(days=30)
RESIDENT, VISITOR, WORKER, CAR = "resident", "visitor", "worker", "car"
#: People who live or work in a home for those who live there.
HELP = frozenset({Residency.Kind.LIVE_IN_HELP.value, Residency.Kind.EMPLOYEE.value})
NOWHERE = ""


@dataclass(frozen=True)
class Row:
    """One person (or several of one visit), or one car. ``assumed``: no sensor saw the crossing."""

    kind: str
    name: str
    since: datetime | None
    assumed: bool
    home: str = NOWHERE
    people: int = 1
    plate_kind: str = ""


@dataclass
class Home:
    code: str
    inside: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass
class Block:
    """One building; the one without a key is for those who belong to no home here."""

    key: int
    name: str
    homes: dict[str, Home] = field(default_factory=dict)

    def home(self, code: str) -> Home:
        return self.homes.setdefault(code, Home(code))

    def people(self) -> int:
        rows = (row for home in self.homes.values() for row in home.inside)
        return sum(row.people for row in rows if row.kind != CAR)

    def unknown(self) -> int:
        return sum(len(home.unknown) for home in self.homes.values())

    def cars(self) -> int:
        return sum(row.kind == CAR for home in self.homes.values() for row in home.inside)


@dataclass
class Roll:
    """``left``: residents whose last crossing was outward. ``blind``: no door sees who goes out."""

    at: datetime
    blocks: list[Block]
    left: int
    guards: list[str]
    blind: bool

    def count(self, kind: str) -> int:
        return sum(row.people for row in self.rows() if row.kind == kind)

    def rows(self) -> Iterable[Row]:
        return (
            row for block in self.blocks for home in block.homes.values() for row in home.inside
        )

    def unknown(self) -> int:
        return sum(block.unknown() for block in self.blocks)

    def assumed(self) -> int:
        return sum(row.people for row in self.rows() if row.assumed and row.kind != CAR)


class Book:
    """What is written down while the roll is taken."""

    def __init__(self) -> None:
        self.blocks: dict[int, Block] = {}
        self.seen: set[int] = set()
        self.left = 0

    def home(self, unit: Unit | None) -> Home:
        if unit is None:
            return self.blocks.setdefault(0, Block(0, NOWHERE)).home(NOWHERE)
        building = unit.building
        block = self.blocks.setdefault(building.pk, Block(building.pk, str(building)))
        return block.home(unit.code)


def take(user: User, compound: Compound, now: datetime | None = None) -> Roll:
    """The roll as it stands; a fixed number of questions, however many live here."""
    now = now or timezone.now()
    last, book = _last_crossings(user, compound, now), Book()
    _residents(user, compound, now, last, book)
    _others(user, compound, last, book)
    _visitors(user, compound, book)
    _cars(user, compound, book)
    return Roll(
        at=now,
        blocks=_in_order(book),
        left=book.left,
        guards=[str(guard) for guard in duty.on_duty(compound)],
        blind=not _ways_out(compound).exists(),
    )


def _ways_out(compound: Compound) -> Any:
    """Doors that know who goes out. Without one, who came in stays on the roll."""
    rows = Lane.objects.filter(compound=compound, is_active=True, barrier__isnull=False)
    return rows.filter(gate__kind=Gate.Kind.PEDESTRIAN, direction=Lane.Direction.EXIT)


def narrowed(roll: Roll, *, building: int = 0, text: str = "") -> list[Block]:
    """The blocks of one building, or of what somebody typed: a name, a home, a plate."""
    blocks = [block for block in roll.blocks if not building or block.key == building]
    if not text:
        return blocks
    found = [Block(block.key, block.name, _matching(block, text.casefold())) for block in blocks]
    return [block for block in found if block.homes]


def _matching(block: Block, text: str) -> dict[str, Home]:
    homes = {}
    for code, home in block.homes.items():
        if code.casefold().startswith(text):
            homes[code] = home
            continue
        inside = [row for row in home.inside if text in row.name.casefold()]
        unknown = [name for name in home.unknown if text in name.casefold()]
        if inside or unknown:
            homes[code] = Home(code, inside, unknown)
    return homes


def _last_crossings(user: User, compound: Compound, now: datetime) -> dict[int, Any]:
    """The last crossing of each person on foot: direction, moment, how it is known, why opened."""
    rows = Passage.objects.visible_to(user).of(compound)
    crossed = rows.filter(
        state=Passage.State.CROSSED, person__isnull=False, crossed_at__gte=now - LOOK_BACK
    )
    latest = [F("crossed_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("person_id"), order_by=latest)
    ranked = crossed.order_by().annotate(place=place).filter(place=1)
    return {row.person_id: row for row in ranked.select_related("person")}


def _residents(
    user: User, compound: Compound, now: datetime, last: dict[int, Any], book: Book
) -> None:
    rows = Residency.objects.visible_to(user).of(compound).current(timezone.localdate(now))
    whole = rows.select_related("person", "unit__building").order_by("unit__code", "started_on")
    for row in whole:
        if row.person_id in book.seen:
            continue  # who holds two homes is one person, to be found once
        book.seen.add(row.person_id)
        crossing, home = last.get(row.person_id), book.home(row.unit)
        if crossing is None:
            home.unknown.append(row.person.name)
        elif crossing.direction == Lane.Direction.EXIT:
            book.left += 1
        else:
            kind = WORKER if row.kind in HELP else RESIDENT
            home.inside.append(_of_crossing(kind, row.person.name, crossing, row.unit.code))


def _others(user: User, compound: Compound, last: dict[int, Any], book: Book) -> None:
    """Who came in by a duty, or moved out and has not left since."""
    for key, crossing in last.items():
        if key not in book.seen and crossing.direction == Lane.Direction.ENTRY:
            book.home(None).inside.append(_of_crossing(WORKER, crossing.person.name, crossing))


def _of_crossing(kind: str, name: str, crossing: Passage, home: str = NOWHERE) -> Row:
    assumed = crossing.crossing == Lane.Crossing.ASSUMED
    return Row(kind, name, crossing.crossed_at, assumed, home)


def _visitors(user: User, compound: Compound, book: Book) -> None:
    rows = VisitStay.objects.visible_to(user).of(compound).inside()
    for stay in rows.select_related("visit__unit__building").order_by("entered_at"):
        visit = stay.visit
        kind = VISITOR if visit.kind == "guest" else WORKER
        home = book.home(visit.unit)
        # One pass may bring several people: nobody counted them at the door.
        assumed = visit.people > 1
        row = Row(kind, visit.name, stay.entered_at, assumed, visit.home, visit.people)
        home.inside.append(row)


def _cars(user: User, compound: Compound, book: Book) -> None:
    rows = Stay.objects.visible_to(user).of(compound).whole().filter(left_at=None)
    for stay in rows.select_related("vehicle__unit__building").order_by("plate"):
        unit = stay.vehicle.unit if stay.vehicle else None
        home = book.home(unit)
        kind = stay.vehicle.kind if stay.vehicle else "blue"
        row = Row(CAR, stay.plate, stay.entered_at, stay.assumed, home.code, 1, kind)
        home.inside.append(row)


def _in_order(book: Book) -> list[Block]:
    def by_number(block: Block) -> tuple[bool, int, str]:
        digits = "".join(sign for sign in block.name if sign.isdecimal())
        return block.key == 0, int(digits or 0), block.name

    for block in book.blocks.values():
        kept = sorted(block.homes.items())
        block.homes = {code: home for code, home in kept if home.inside or home.unknown}
    return sorted(book.blocks.values(), key=by_number)
