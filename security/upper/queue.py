"""What a platform is still to be told: read from the ledger behind its place, oldest first.

No row is written for a passage that waits (ADR 108): who passed stands in the ledger in order and
without gaps, and what is told of it is read from the passage when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from community.models import Event, Gate, Lane, LedgerHead
from security.models import Passage, Reading, UpperGate, UpperPlatform, UpperRefusal
from security.upper import letters

#: Cars that passed, and cars that a camera tells of later. Nothing else is ever looked at.
TOLD = ("gate.passage_crossed", "gate.passage_stored")
#: Objects of one request, and bytes of pictures in it after which it is full.
MOST, FULL_BYTES = 20, 2 * 1024 * 1024
#: Events looked at in one go.
LOOK = 200
#: Nobody counts further.
COUNTED = 10_000


@dataclass(frozen=True)
class Item:
    """One passage: ``sequence`` is its number in the ledger, 0 for one that is sent again."""

    sequence: int
    passage: Passage
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """What goes out together. ``start``: the cursor it was read at; ``end``: where it leads.

    ``lost``: passages in between that were erased before they could be sent.
    """

    start: int
    end: int
    items: list[Item]
    lost: int = 0


@dataclass(frozen=True)
class Road:
    """A lane as a platform knows it."""

    gate: UpperGate
    number: int


def roads(platform: UpperPlatform) -> dict[int, Road]:
    """Lanes whose passages are told, by their key. A lane's number is its place at its gate."""
    gates = {row.gate_id: row for row in platform.gates.filter(gate__kind=Gate.Kind.VEHICLE)}
    found: dict[int, Road] = {}
    count: dict[int, int] = {}
    lanes = Lane.objects.filter(gate__in=gates).order_by("pk")
    for key, gate in lanes.values_list("pk", "gate_id"):
        count[gate] = count.get(gate, 0) + 1
        found[key] = Road(gates[gate], count[gate])
    return found


def high(compound_id: int) -> int:
    """The last number of a compound's ledger."""
    return LedgerHead.objects.filter(pk=compound_id).values_list("last", flat=True).first() or 0


def low(compound_id: int) -> int:
    """The number up to which a compound's ledger is erased."""
    heads = LedgerHead.objects.filter(pk=compound_id)
    return heads.values_list("low_water", flat=True).first() or 0


def behind(platform: UpperPlatform) -> Any:
    """Events that a platform has not been told of, oldest first."""
    rows = Event.objects.of(platform.compound_id).filter(kind__in=TOLD)
    return rows.filter(sequence__gt=platform.cursor).order_by("sequence")


def next_batch(platform: UpperPlatform, known: dict[int, Road], most: int, skip: int = 0) -> Batch:
    """The oldest passages that were not told, ``most`` at most, after ``skip`` of them."""
    last = high(platform.compound_id)
    found = list(behind(platform).values_list("sequence", "payload")[:LOOK])
    end = found[-1][0] if len(found) == LOOK else max(last, platform.cursor)
    here = [
        (sequence, payload["passage"])
        for sequence, payload in found
        if (road := known.get(payload.get("lane"))) and sequence > road.gate.since
    ]
    rows = cars([key for _sequence, key in here])
    refused = _refused(platform, rows)
    wanted = [(sequence, rows[key]) for sequence, key in here if key in rows and key not in refused]
    items = _filled(platform, known, wanted[skip : skip + most])
    if items and len(items) + skip < len(wanted):
        end = items[-1].sequence
    gone = [key for sequence, key in here if key not in rows and sequence <= end]
    lost = len(gone) - Passage.objects.filter(pk__in=gone).count() if gone else 0
    return Batch(platform.cursor, end, items, lost)


def again(platform: UpperPlatform, known: dict[int, Road]) -> list[Item]:
    """Refused passages that the office wants to be sent once more."""
    rows = platform.refusals.filter(state=UpperRefusal.State.WAITING).order_by("pk")
    passages = cars(rows.values_list("passage", flat=True)[:MOST])
    wanted = [(0, row) for row in passages.values() if row.lane_id in known]
    return _filled(platform, known, wanted)


def cars(keys: Iterable[int]) -> dict[int, Passage]:
    """Passages of cars by their keys.

    Whoever goes on foot or by bicycle, or shows a pass or face, is none; nor is a barrier that a
    guard opened with no plate, no look of a camera and no ticket to say that a car was there.
    """
    rows = Passage.objects.filter(
        pk__in=list(keys), way="", person=None, lane__gate__kind=Gate.Kind.VEHICLE
    )
    looks = Exists(Reading.objects.filter(passage=OuterRef("pk")))
    rows = rows.filter(~Q(plate="") | looks | Q(facts__has_key="ticket"))
    return {row.pk: row for row in rows.select_related("picture").order_by("pk")}


def _refused(platform: UpperPlatform, rows: dict[int, Passage]) -> set[int]:
    known = platform.refusals.filter(passage__in=list(rows))
    return set(known.values_list("passage", flat=True))


def _filled(
    platform: UpperPlatform, known: dict[int, Road], wanted: list[tuple[int, Passage]]
) -> list[Item]:
    items: list[Item] = []
    size = 0
    for sequence, passage in wanted:
        road = known[passage.lane_id]
        told = letters.vehicle(
            passage, road.gate, road.number, with_picture=platform.sends_pictures
        )
        items.append(Item(sequence, passage, told))
        for shot in told.get("SubImageList", {}).get("SubImageInfoObject", ()):
            size += len(shot["Data"])
        if size >= FULL_BYTES:
            break
    return items


@dataclass(frozen=True)
class Waiting:
    """How much waits: ``count`` is no more than COUNTED; ``oldest`` is None where nothing does."""

    count: int
    oldest: datetime | None


def waiting(platform: UpperPlatform) -> Waiting:
    """Passages behind the platform's place, at the lanes of its gates."""
    if not platform.is_active:
        return Waiting(0, None)
    known = roads(platform)
    rows = behind(platform).filter(payload__lane__in=list(known))
    first = rows.values_list("at", flat=True).first()
    return Waiting(rows.order_by()[:COUNTED].count() if first else 0, first)
