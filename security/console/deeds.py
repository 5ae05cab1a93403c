"""The guard's deeds: each answers with the changed fragment and one sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.models import Gate, Lane
from security import operations
from security.console.access import for_guards
from security.console.shown import decision_context, lanes_context
from security.forms import KeepOpenForm, OpenForm, ReasonForm, RefuseForm
from security.models import DoorWatch, KeepOpen, Passage
from security.operations.watchlist import answer_hits


def answer(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The changed fragment for htmx; without scripts, back to the board."""
    if not request.htmx:
        return redirect("guard")
    return render(request, template, context, status=status)


Said = dict[str, Any]


def say(state: str, text: str, **more: Any) -> Said:
    """What was done, in one sentence; ``undo`` is the correction that can be taken back."""
    return {"state": state, "text": text, **more}


def decided(request: Any, said: Said, status: int = 200) -> HttpResponse:
    context = decision_context(request) | {"said": said}
    return answer(request, "guard/decision.html", context, status)


#: What an operation says when it does not do what it was asked to.
REFUSALS = (operations.AlreadyDecided, operations.PassageOver, ValidationError)


def why_not(error: Exception) -> str:
    """Why a deed was not done, and who was there first."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    passage = getattr(error, "passage", None)
    if passage is None or passage.decided_by is None:
        return str(error)
    time = timezone.localtime(passage.decided_at).strftime("%H:%M:%S")
    facts = {"who": passage.decided_by, "time": time}
    if passage.state == Passage.State.REFUSED:
        return _("%(who)s has already refused this car, at %(time)s.") % facts
    return _("%(who)s has already let this car through, at %(time)s.") % facts


def waiting_passage(request: Any, key: int) -> Passage:
    rows = Passage.objects.visible_to(request.user).of(request.compound)
    return get_object_or_404(rows.select_related("lane"), pk=key)


def chosen_passage(request: Any, key: int) -> Any:
    """The same request, looking at this passage: the card with the errors is that car's card."""
    request.GET = request.GET.copy()
    request.GET["passage"] = str(key)
    return request


@for_guards
@require_POST
def open_passage(request: Any, key: int) -> HttpResponse:
    passage = waiting_passage(request, key)
    form = OpenForm(request.POST)
    if not form.is_valid():
        context = decision_context(chosen_passage(request, key), form)
        return answer(request, "guard/decision.html", context, 422)
    try:
        operations.open_by_hand(
            lane=passage.lane, passage=passage, user=request.user, **form.cleaned_data
        )
    except REFUSALS as error:
        return decided(request, say("ask", why_not(error)), 409)
    reason = dict(form.reasons)[form.cleaned_data["reason"]]
    facts = {"lane": passage.lane.name, "reason": reason}
    return decided(request, say("hand", _("%(lane)s: opening. Reason: %(reason)s") % facts))


@for_guards
@require_POST
def refuse_passage(request: Any, key: int) -> HttpResponse:
    passage = waiting_passage(request, key)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        context = decision_context(chosen_passage(request, key), refusal=form)
        return answer(request, "guard/decision.html", context, 422)
    try:
        operations.refuse(passage, request.user, **form.cleaned_data)
    except REFUSALS as error:
        return decided(request, say("ask", why_not(error)), 409)
    return decided(request, say("deny", _("%(lane)s: refused.") % {"lane": passage.lane.name}))


@for_guards
@require_POST
def compare(request: Any, key: int) -> HttpResponse:
    """Whether it is what the manager's note means; nothing opens by it."""
    passage = waiting_passage(request, key)
    answer_ = request.POST.get("answer", "")
    chosen_passage(request, key)
    if answer_ not in ("yes", "no"):
        return decided(request, say("ask", _("Choose whether it is what the note means.")), 422)
    answer_hits(passage, request.user, is_it=answer_ == "yes")
    text = _("Kept. Now decide: open or refuse.")
    return decided(request, say("info", text))


def menu_context(request: Any, lane: Lane, **forms: ReasonForm) -> dict[str, Any]:
    kept = KeepOpen.objects.filter(lane=lane, released_at=None, until__gt=timezone.now())
    return {
        "lane": lane,
        "blind_exit": DoorWatch.objects.filter(lane=lane, tells_exit=False).exists(),
        "kept": kept.select_related("started_by").first(),
        "cars": lane.gate.kind == Gate.Kind.VEHICLE,
        "entering": lane.direction == Lane.Direction.ENTRY,
        "open_form": forms.get("open_form") or OpenForm(),
        "keep_form": forms.get("keep_form") or KeepOpenForm(),
    }


def own_lane(request: Any, key: int) -> Lane:
    rows = Lane.objects.visible_to(request.user).of(request.compound).filter(is_active=True)
    return get_object_or_404(rows, pk=key)


@for_guards
@require_GET
def lane_menu(request: Any, key: int) -> HttpResponse:
    return render(request, "guard/lane_menu.html", menu_context(request, own_lane(request, key)))


def lane_done(request: Any, lane: Lane, said: Said) -> HttpResponse:
    """The lanes again, with what was done; the dialog that sent it closes."""
    request.GET = request.GET.copy()
    request.GET["lane"] = str(lane.pk)
    found = answer(request, "guard/lanes.html", lanes_context(request) | {"said": said})
    if request.htmx:
        found["HX-Retarget"] = "#lanes"
        found["HX-Trigger"] = "close-dialog"
    return found


@for_guards
@require_POST
def open_lane(request: Any, key: int) -> HttpResponse:
    lane = own_lane(request, key)
    form = OpenForm(request.POST)
    if not form.is_valid():
        context = menu_context(request, lane, open_form=form)
        return answer(request, "guard/lane_menu.html", context, 422)
    try:
        operations.open_by_hand(lane=lane, user=request.user, **form.cleaned_data)
    except REFUSALS as error:
        return lane_done(request, lane, say("ask", why_not(error)))
    reason = dict(form.reasons)[form.cleaned_data["reason"]]
    facts = {"lane": lane.name, "reason": reason}
    return lane_done(request, lane, say("hand", _("%(lane)s: opening. Reason: %(reason)s") % facts))


@for_guards
@require_POST
def keep_open(request: Any, key: int) -> HttpResponse:
    lane = own_lane(request, key)
    form = KeepOpenForm(request.POST)
    if not form.is_valid():
        context = menu_context(request, lane, keep_form=form)
        return answer(request, "guard/lane_menu.html", context, 422)
    try:
        kept = operations.keep_open(lane=lane, user=request.user, **form.cleaned_data)
    except ValidationError as error:
        return lane_done(request, lane, say("ask", why_not(error)))
    until = timezone.localtime(kept.until).strftime("%H:%M")
    facts = {"lane": lane.name, "until": until}
    said = say("hand", _("%(lane)s stays open until %(until)s.") % facts)
    return lane_done(request, lane, said)


@for_guards
@require_POST
def release(request: Any, key: int) -> HttpResponse:
    lane = own_lane(request, key)
    try:
        operations.release(lane=lane, user=request.user)
    except ValidationError as error:
        return lane_done(request, lane, say("ask", why_not(error)))
    said = say("allow", _("%(lane)s is back to one car at a time.") % {"lane": lane.name})
    return lane_done(request, lane, said)
