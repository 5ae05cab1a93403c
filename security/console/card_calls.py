"""The bell on a card: the home is asked for who waits, every guard reads what it says.

Let in by the home, the same passage is opened that the guard's own form opens.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.models import Unit
from community.vision import grammar
from residents.models import Visit
from security import operations
from security.console.access import for_guards
from security.console.deeds import answer, chosen_passage, decided, say, waiting_passage, why_not
from security.console.shown import decision_context
from security.models import HomeCall, Passage

REFUSALS = (operations.AlreadyDecided, operations.PassageOver, ValidationError)


@for_guards
@require_POST
def call(request: Any, key: int) -> HttpResponse:
    """Ring at a home for who waits here."""
    passage = waiting_passage(request, key)
    code = request.POST.get("home", "").strip()[:32]
    unit = Unit.objects.of(request.compound).filter(code=code).first()
    if unit is None:
        return _faulty(request, key, _("There is no home with this number here."))
    plate = passage.plate if grammar.is_plate(passage.plate) else ""
    kind = request.POST.get("kind", "") or Visit.Kind.GUEST
    try:
        operations.call_home(
            passage.lane, unit, kind=kind, plate=plate, passage=passage, actor=request.user
        )
    except ValidationError as refusal:
        return _faulty(request, key, " ".join(refusal.messages))
    said = say("info", _("%(home)s is called. The answer appears here.") % {"home": unit.code})
    return decided(chosen_passage(request, key), said)


def _faulty(request: Any, key: int, text: str) -> HttpResponse:
    context = decision_context(chosen_passage(request, key)) | {"call_fault": text}
    context["call_given"] = request.POST
    return answer(request, "guard/decision.html", context, 422)


def _last_call(passage: Passage) -> HomeCall:
    found = HomeCall.objects.filter(passage=passage).order_by("-pk").first()
    if found is None:
        raise Http404
    return found


@for_guards
@require_POST
def admit(request: Any, key: int) -> HttpResponse:
    """Open for who waits here, since the home lets them in."""
    passage = waiting_passage(request, key)
    try:
        operations.admit(_last_call(passage), user=request.user)
    except REFUSALS as error:
        return decided(request, say("ask", why_not(error)), 409)
    return decided(request, say("hand", _("%(lane)s: opening.") % {"lane": passage.lane.name}))


@for_guards
@require_POST
def hang_up(request: Any, key: int) -> HttpResponse:
    operations.hang_up(_last_call(waiting_passage(request, key)), actor=request.user)
    return decided(chosen_passage(request, key), say("info", _("The call is ended.")))


urlpatterns = [
    path("guard/passages/<int:key>/call/", call, name="guard-card-call"),
    path("guard/passages/<int:key>/call/open/", admit, name="guard-card-admit"),
    path("guard/passages/<int:key>/call/end/", hang_up, name="guard-card-hang-up"),
]
