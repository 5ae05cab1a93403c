"""Registered cars that a badly read plate may be, for the guard to compare.

First what guards said of this very misread before, then the plates that look most like it, with
look-alike characters (8 and B, 0 and D) nearest. All of a page's plates are ranked in one go, with
the same few questions whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Lane
from community.vision import grammar
from parking.models import Stay, Vehicle
from security.models import Misread, Passage, Reading

SHOWN = 2
KEPT_S = 30
#: Rules after which the plate itself is in doubt.
DOUBTFUL = frozenset({"plate_not_read", "plate_unsure"})
#: Rules that a single look-alike may have brought about, and how near a car must be for that.
STRANGE = frozenset({"vehicle_not_registered", "vehicle_not_registered_leaving"})
LOOKALIKE = 0.6


@dataclass(frozen=True)
class Guess:
    """A registered plate that may be the one in the picture; ``against`` is what was read.

    ``hint`` says what the gate knows of that car; ``learnt``, that a guard named it at this misread
    before. Only a car that ``may`` pass by right can be opened for with one key.
    """

    plate: str
    kind: str
    home: str
    against: str
    hint: str = ""
    learnt: bool = False
    may: bool = True
    named: bool = True  # a car of that plate is registered


@dataclass(frozen=True)
class Looks:
    """What is known of some passages' plates, read once for all of them."""

    readings: dict[int, Reading]
    likeliest: dict[int, list[Guess]]


def look_at(passages: Iterable[Passage]) -> Looks:
    rows = list({row.pk: row for row in passages}.values())
    readings = newest_readings(rows)
    return Looks(readings, guesses(rows, readings))


def newest_readings(passages: Iterable[Passage]) -> dict[int, Reading]:
    """The newest reading of each passage, by the passage's key."""
    keys = [row.pk for row in passages]
    rows = Reading.objects.filter(passage__in=keys).order_by("pk") if keys else []
    return {row.passage_id: row for row in rows}


def read_text(passage: Passage, reading: Reading | None) -> str:
    """What the camera made of the plate, also where a person put it right since."""
    raw = grammar.parse(reading.plate_raw) if reading else ""
    return passage.read_as or passage.plate or raw or ""


def guesses(
    passages: Iterable[Passage], readings: dict[int, Reading], shown: int = SHOWN
) -> dict[int, list[Guess]]:
    """The likeliest cars for each passage of one compound, likest first; none where it is sure."""
    rows = list(passages)
    texts = {row.pk: read_text(row, readings.get(row.pk)) for row in rows}
    read = {text for text in texts.values() if text}
    if not read:
        return {}
    known = _know(rows[0].compound_id, read, {texts[row.pk] for row in rows if _reach(row)} - {""})
    return {row.pk: known.guesses(row, texts[row.pk], shown) for row in rows if texts[row.pk]}


def _reach(passage: Passage) -> float:
    """How far from the text a plate may be to be guessed; 0 where the text is not in doubt."""
    if not passage.plate or passage.code in DOUBTFUL:
        return grammar.MOST
    return LOOKALIKE if passage.code in STRANGE else 0.0


@dataclass(frozen=True)
class _Known:
    """What the guesses of some texts rest on, read once for all."""

    learnt: dict[str, list[str]]  # plates by text
    near: dict[str, list[tuple[int, float]]]  # keys of vehicles with their distance, by text
    by_key: dict[int, Any]
    by_plate: dict[str, Any]

    def guesses(self, passage: Passage, text: str, shown: int) -> list[Guess]:
        learnt = self.learnt.get(text, [])
        reach = _reach(passage)
        near = [
            self.by_key[key].plate
            for key, distance in self.near.get(text, [])
            if distance <= reach and key in self.by_key
        ]
        plates = dict.fromkeys([*learnt, *near])
        plates.pop(passage.plate, None)
        chosen = list(plates)[: max(shown, len(learnt))]
        return [self._guess(plate, passage, text, plate in learnt) for plate in chosen]

    def _guess(self, plate: str, passage: Passage, text: str, learnt: bool) -> Guess:
        car = self.by_plate.get(plate)
        if car is None:
            kind = grammar.kind_of(plate).value
            return Guess(plate, kind, "", text, _("not registered"), learnt, may=False, named=False)
        state, inside = car.state_on(timezone.localdate()), car.is_inside
        entering = passage.direction == Lane.Direction.ENTRY
        # The rule itself is asked when the key is pressed; this only spares a press in vain.
        may = state == "valid" and not (entering and inside)
        hint = str(Vehicle.STATES[state]) if state != "valid" else (_("inside") if inside else "")
        return Guess(plate, car.kind, car.unit.code if car.unit else "", text, hint, learnt, may)


def _know(compound: int, read: set[str], doubted: set[str]) -> _Known:
    learnt, near = _learnt(compound, read), _nearest(compound, doubted)
    plates = {plate for named in learnt.values() for plate in named}
    keys = {key for found in near.values() for key, _distance in found}
    rows = Vehicle.objects.of(compound).registered().select_related("unit")
    named = Q(pk__in=keys) | Q(plate__in=plates)
    stays = Stay.objects.whole().filter(compound_id=compound, plate=OuterRef("plate"), left_at=None)
    found = rows.filter(named if keys or plates else Q(pk__in=[]))
    cars: list[Any] = list(found.annotate(is_inside=Exists(stays)))
    return _Known(
        learnt,
        near,
        {car.pk: car for car in cars},
        {car.plate: car for car in cars},
    )


def _learnt(compound: int, texts: set[str]) -> dict[str, list[str]]:
    """Plates that guards named at these misreads, the last one first."""
    rows = Misread.objects.filter(compound_id=compound, read__in=texts).order_by("-learnt_at")
    found: dict[str, list[str]] = {}
    for read, plate in rows.values_list("read", "plate"):
        found.setdefault(read, []).append(plate)
    return found


def _nearest(compound: int, texts: set[str]) -> dict[str, list[tuple[int, float]]]:
    """Vehicles that look most like each text; kept for a while, since ranking takes its time."""
    names = {f"near-{compound}-{sha256(text.encode()).hexdigest()[:32]}": text for text in texts}
    kept = {names[name]: found for name, found in cache.get_many(names).items()}
    missing = texts - kept.keys()
    if missing:
        ranked = Vehicle.objects.likest(compound, sorted(missing), SHOWN + 1)
        fresh = {text: list(found.items()) for text, found in ranked.items()}
        cache.set_many({name: fresh[t] for name, t in names.items() if t in fresh}, KEPT_S)
        kept |= fresh
    return kept
