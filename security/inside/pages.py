"""The roll on screen, on paper and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from security.console.access import for_guards, number
from security.inside import roll
from security.inside.roll import CAR, RESIDENT, VISITOR, WORKER, Block, Home, Roll, Row
from security.listing import as_file, local
from security.operations.rolls import note_roll

#: With more people than this the page begins with the buildings, and shows homes once one is
#: chosen. Paper and file always hold everybody.
SHOWN = 400


def kind_word(kind: str) -> str:
    words = {
        RESIDENT: _("Lives here"),
        VISITOR: _("Visitor"),
        WORKER: _("Staff or helper"),
        CAR: _("Car"),
    }
    return words[kind]


@for_guards
@require_GET
def page(request: Any) -> HttpResponse:
    """Who is inside: counts, buildings, and the people of what was chosen."""
    building, text = _asked(request)
    taken = roll.take(request.user, request.compound)
    if "format" in request.GET:
        note_roll(request.compound, request.user, how="file")
        return as_file(_lines(taken, building, text), "inside", request.GET["format"])
    blocks = roll.narrowed(taken, building=building, text=text)
    is_small = sum(1 for _row in taken.rows()) <= SHOWN
    context = _context(taken) | {
        "blocks": blocks if building or text or is_small else [],
        "buildings": taken.blocks,
        "building": building,
        "text": text,
        "nothing": _nothing(text),
    }
    return render(request, "inside/page.html", context)


@for_guards
@require_GET
def paper(request: Any) -> HttpResponse:
    """The roll as it is carried out: everybody, with a box to tick."""
    building, _text = _asked(request)
    taken = roll.take(request.user, request.compound)
    note_roll(request.compound, request.user, how="paper")
    context = _context(taken) | {"blocks": roll.narrowed(taken, building=building)}
    return render(request, "inside/paper.html", context)


def _asked(request: Any) -> tuple[int, str]:
    text = request.GET.get("q", "").strip()[:40]
    return number(request.GET.get("building")), text


def _context(taken: Roll) -> dict[str, Any]:
    kinds = (RESIDENT, VISITOR, WORKER, CAR)
    return {
        "roll": taken,
        "now": taken.at,
        "counts": {kind: taken.count(kind) for kind in kinds},
        "words": {kind: kind_word(kind) for kind in kinds},
        "unknown": taken.unknown(),
        "assumed": taken.assumed(),
    }


def _nothing(text: str) -> dict[str, str]:
    if text:
        after = _("Try a name, a home number or a plate.")
        return {"icon": "search", "title": _("Nobody found"), "next": after}
    after = _("Whoever comes in by card, code, PIN or pass appears here by themselves.")
    return {"icon": "users", "title": _("Nobody is known to be inside"), "next": after}


def _lines(taken: Roll, building: int, text: str) -> Iterator[tuple[Any, ...]]:
    yield (
        _("Building"), _("Home"), _("Who"), _("What they are"), _("People"), _("Inside since"),
        _("How it is known"),
    )  # fmt: skip
    for block in roll.narrowed(taken, building=building, text=text):
        for home in block.homes.values():
            yield from _lines_of(block, home)
    for guard in () if building or text else taken.guards:
        yield (_("No home here"), "", guard, _("On duty"), 1, "", _("by the shift book"))


def _lines_of(block: Block, home: Home) -> Iterator[tuple[Any, ...]]:
    name = block.name or _("No home here")
    for row in home.inside:
        people: Any = row.people if row.kind != CAR else ""
        since = local(row.since)
        yield (name, home.code, row.name, kind_word(row.kind), people, since, _known(row))
    for person in home.unknown:
        yield (name, home.code, person, kind_word(RESIDENT), 1, "", _("not known"))


def _known(row: Row) -> str:
    return _("assumed") if row.assumed else _("seen by the door")


urlpatterns = [
    path("guard/inside/", page, name="guard-inside"),
    path("guard/inside/paper/", paper, name="guard-inside-paper"),
]
