"""Cars inside whose plates look most like the one that stands at the exit, with their pictures.

A misread at either gate leaves an exit without a stay. The guard compares the two pictures and
says which car it is, and which of the two plates is right; the rule is then asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from community.models import Lane
from community.vision import grammar
from parking import operations as parking
from parking.models import Stay
from security.failed import around
from security.guesses import Guess, Looks, newest_readings, read_text
from security.models import Passage, Reading

#: Rules after which an exit may belong to another plate's stay.
IN_DOUBT = frozenset(
    {"vehicle_not_registered_leaving", "plate_unsure", "plate_not_read", "stay_kind_differs"}
)
SHOWN = 3


@dataclass(frozen=True)
class View:
    """The part of a picture that shows the plate; ``box`` is an SVG view box."""

    url: str
    box: str
    width: int
    height: int


@dataclass(frozen=True)
class Alike:
    """A car inside, with the picture of its entry; ``against`` is what was read at the exit.

    ``opens``: it may leave by its own right, so that the same press opens. ``other`` is the exit's
    plate where that one may be the right one.
    """

    stay: int
    plate: str
    kind: str
    home: str
    since: datetime | None
    picture_url: str
    against: str
    opens: bool
    other: str = ""
    plate_view: View | None = None


def inside_like(passage: Passage, looks: Looks) -> list[Alike]:
    """The likeliest cars inside, likest first; none where the exit is not in doubt."""
    if passage.direction != Lane.Direction.EXIT or passage.way or passage.code not in IN_DOUBT:
        return []
    text = read_text(passage, looks.readings.get(passage.pk))
    if not text:
        return []
    near = [stay for stay, _far in parking.candidates(passage.compound_id, text, SHOWN + 1)]
    stays = [stay for stay in near if stay.plate != passage.plate][:SHOWN]
    entries = Passage.objects.select_related("picture").in_bulk(
        [stay.entry_passage for stay in stays if stay.entry_passage]
    )
    seen = newest_readings(entries.values())
    opens = {guess.plate for guess in looks.likeliest.get(passage.pk, []) if guess.may}
    other = passage.plate if grammar.is_plate(passage.plate) else ""
    found = []
    for stay in stays:
        entry = entries.get(stay.entry_passage or 0)
        view = plate_view(entry, seen.get(entry.pk)) if entry is not None else None
        one = _alike(stay, url_of(entry), text, stay.plate in opens, other)
        found.append(replace(one, plate_view=view))
    return found


def _alike(stay: Stay, url: str, text: str, opens: bool, other: str) -> Alike:
    home = stay.vehicle.unit.code if stay.vehicle and stay.vehicle.unit else ""
    return Alike(
        stay.pk, stay.plate, stay.plate_kind, home, stay.entered_at, url, text, opens,
        "" if stay.vehicle_id else other,
    )  # fmt: skip


def url_of(passage: Passage | None) -> str:
    """Where the picture of a crossing is; empty where none is kept."""
    picture = passage.picture if passage is not None else None
    shown = picture is not None and picture.erased_at is None
    return reverse("guard-picture", args=[picture.pk]) if picture and shown else ""


def plate_view(passage: Passage, reading: Reading | None) -> View | None:
    """The plate alone, large enough to compare; None where the camera did not say where it is."""
    url, picture = url_of(passage), passage.picture
    if not url or picture is None or reading is None or not reading.box:
        return None
    box = around(reading.box, picture.width, picture.height)
    return View(url, box, picture.width, picture.height)


def others(guesses: list[Guess], alike: list[Alike]) -> list[Guess]:
    """Guesses that are not among the cars inside: each car is shown once."""
    shown = {one.plate for one in alike}
    return [guess for guess in guesses if guess.plate not in shown]
