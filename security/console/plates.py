"""Plates that were misread: opened for by one key, put right, and taken back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.vision import grammar
from parking.models import Vehicle
from security import failed, guesses, operations
from security.console.access import for_guards, number
from security.console.deeds import (
    REFUSALS,
    chosen_passage,
    decided,
    say,
    waiting_passage,
    why_not,
)
from security.models import Correction, Passage

#: Cars found for what a guard types; and guesses in the dialog.
FOUND, GUESSED = 8, 4


def any_passage(request: Any, key: int) -> Passage:
    rows = Passage.objects.visible_to(request.user).of(request.compound)
    return get_object_or_404(rows.select_related("lane", "picture", "vehicle"), pk=key)


@for_guards
@require_POST
def claim(request: Any, key: int) -> HttpResponse:
    """The guess that a guard chose: opened for by hand, the misread learnt."""
    passage = waiting_passage(request, key)
    plate = request.POST.get("plate", "")[: grammar.MOST]
    try:
        operations.open_as(passage, request.user, plate)
    except REFUSALS as error:
        return decided(chosen_passage(request, key), say("ask", why_not(error)), 409)
    correction = passage.corrections.filter(undone_at=None).first()
    facts = {"lane": passage.lane.name, "plate": plate}
    text = _("%(lane)s: opening for %(plate)s. Reason: plate misread") % facts
    return decided(request, say("hand", text, undo=correction.pk if correction else None))


@for_guards
@require_POST
def same_car(request: Any, key: int) -> HttpResponse:
    """The car at the exit came in under another plate: the guard says which of the two is right."""
    passage = waiting_passage(request, key)
    plate = request.POST.get("plate", "")[: grammar.MOST]
    # "Now decide" is said of this car: no other one may be under the guard's Enter key.
    chosen_passage(request, key)
    try:
        stay = number(request.POST.get("stay")) or 0
        operations.same_car(passage, request.user, stay, plate)
    except REFUSALS as error:
        return decided(request, say("ask", why_not(error)), 409)
    text = _("%(plate)s: entry and exit are put together. Now decide.")
    return decided(request, say("hand", text % {"plate": plate}))


def _named(request: Any) -> str:
    """The car that was chosen, else what was typed."""
    return str(request.POST.get("plate") or request.POST.get("typed", ""))


def dialog_context(request: Any, passage: Passage, error: str = "") -> dict[str, Any]:
    readings = guesses.newest_readings([passage])
    reading, picture = readings.get(passage.pk), passage.picture
    shown = picture if picture and not picture.erased_at else None
    standing = passage.corrections.filter(undone_at=None).select_related("made_by").first()
    likeliest = guesses.guesses([passage], readings, GUESSED).get(passage.pk, [])
    return {
        "passage": passage,
        "picture": shown,
        "crop": failed.around(reading.box, shown.width, shown.height) if shown and reading else "",
        "read": guesses.read_text(passage, reading),
        "standing": standing,
        "likeliest": likeliest,
        "plate_error": error,
        "typed": _named(request)[:20],
        "waits": passage.state == Passage.State.WAITING,
    }


@for_guards
@require_GET
def plate_dialog(request: Any, key: int) -> HttpResponse:
    context = dialog_context(request, any_passage(request, key))
    return render(request, "guard/plate.html", context)


@for_guards
@require_GET
def find_plate(request: Any, key: int) -> HttpResponse:
    """Registered cars by a part of the plate or the home; or the plate itself as typed."""
    passage = any_passage(request, key)
    text = request.GET.get("typed", "").strip()[:20]
    plate = grammar.normalise(text)
    cars = Vehicle.objects.visible_to(request.user).of(request.compound).registered()
    wanted = Q(unit__code__icontains=text) | (Q(plate__contains=plate) if plate else Q())
    found = (
        list(cars.filter(wanted).select_related("unit").order_by("plate")[:FOUND]) if text else []
    )
    stranger = grammar.is_plate(plate) and plate not in {car.plate for car in found}
    context = {
        "passage": passage,
        "found": found,
        "typed": text,
        "stranger": {"plate": plate, "kind": grammar.kind_of(plate).value} if stranger else None,
    }
    return render(request, "guard/plate_found.html", context)


@for_guards
@require_POST
def correct(request: Any, key: int) -> HttpResponse:
    """Put the plate right; errors stay in the dialog, under the field."""
    passage = any_passage(request, key)
    chosen_passage(request, key)
    try:
        correction = operations.correct_plate(passage, request.user, _named(request))
    except ValidationError as error:
        context = dialog_context(request, passage, why_not(error))
        return render(request, "guard/plate.html", context, status=422)
    if correction.undone_at is not None:
        return done(request, say("hand", _("The plate is again as it was read.")))
    facts = {"plate": correction.plate, "read": correction.read}
    text = _("Plate put right: %(plate)s.") % facts
    if correction.misread_id:
        text = _("Plate put right: %(plate)s. It comes first when %(read)s is read again.") % facts
    return done(request, say("hand", text, undo=correction.pk))


@for_guards
@require_POST
def undo(request: Any, key: int) -> HttpResponse:
    rows = Correction.objects.visible_to(request.user).of(request.compound)
    row = get_object_or_404(rows, pk=key)
    chosen_passage(request, row.passage_id)
    operations.undo_correction(row, request.user)
    return done(request, say("hand", _("The plate is again as it was read.")))


def done(request: Any, said: dict[str, Any]) -> HttpResponse:
    """The card again, with what was done; the dialog that sent it closes."""
    answer = decided(request, said)
    if request.htmx:
        answer["HX-Retarget"] = "#decision"
        answer["HX-Trigger"] = "close-dialog"
    return answer
