"""Handing over at the desk: what there is to know, both signatures, and what was handed over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.account.proof import NotProven, prove
from security.console.access import for_guards
from security.models import Handover
from security.operations import shifts
from security.shifts import snapshot, telling
from security.shifts.forms import AcceptForm, NoteForm

State = Handover.State


def own(request: Any, key: int) -> Handover:
    rows = Handover.objects.visible_to(request.user).of(request.compound)
    found: Handover = get_object_or_404(
        rows.select_related("compound", "outgoing", "incoming"), pk=key
    )
    return found


@for_guards
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """The outgoing guard's page: the shift as it stands now, notes, and the signature."""
    mine = _open(request).filter(outgoing=request.user).first()
    if mine and mine.state == State.SIGNED:
        return redirect("guard-handover", mine.pk)
    form = NoteForm(request.POST or None, initial={"note": mine.note if mine else ""})
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            mine = shifts.prepare_handover(request.compound, request.user, note)
            if request.POST.get("deed") == "sign":
                shifts.sign_handover(mine, request.user)
        except shifts.HandoverMoved as moved:
            return redirect("guard-handover", moved.handover.pk)
        signed = request.POST.get("deed") == "sign"
        return redirect("guard-handover", mine.pk) if signed else redirect("guard-shift")
    return render(request, "shifts/begin.html", _now(request, mine) | {"form": form})


def _open(request: Any) -> Any:
    rows = Handover.objects.visible_to(request.user).of(request.compound).open()
    return rows.select_related("compound", "outgoing")


def _now(request: Any, mine: Handover | None) -> dict[str, Any]:
    now = timezone.now()
    since = snapshot.shift_began(mine or Handover(compound=request.compound, prepared_at=now))
    taken = snapshot.take(request.compound, since=since, now=now)
    return {
        "mine": mine,
        "waiting": _open(request).filter(state=State.SIGNED).exclude(outgoing=request.user),
        "sections": telling.sections(taken),
        "figures": telling.figures(taken),
        "since": since,
        "now": now,
    }


@for_guards
@require_GET
def handover(request: Any, key: int) -> HttpResponse:
    """One handover as it was signed; the next guard signs here."""
    return _show(request, own(request, key))


def _show(
    request: Any,
    held: Handover,
    form: AcceptForm | None = None,
    said: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    signed = held.state == State.SIGNED
    manages = "manager" in request.user.roles_in(request.compound)
    context = {
        "handover": held,
        "sections": telling.sections(held.snapshot) if held.snapshot else [],
        "figures": telling.figures(held.snapshot) if held.snapshot else [],
        "since": telling.moment(held.snapshot.get("since")),
        "form": (form or AcceptForm(held.compound, held.outgoing)) if signed else None,
        "said": said,
        "mine": held.outgoing_id == request.user.pk,
        "may_withdraw": held.state in (State.PREPARED, State.SIGNED)
        and (held.outgoing_id == request.user.pk or manages),
    }
    return render(request, "shifts/handover.html", context, status=status)


@sensitive_post_parameters()
@for_guards
@require_POST
def accept(request: Any, key: int) -> HttpResponse:
    """The incoming guard signs, at whichever screen the handover is open."""
    held = own(request, key)
    form = AcceptForm(held.compound, held.outgoing, request.POST)
    if not form.is_valid():
        return _show(request, held, form, status=422)
    user = form.cleaned_data["guard"]
    try:
        prove(request, user, form.cleaned_data["secret"])
    except NotProven as refusal:
        shifts.note_refusal(held.compound, at=request.user, named=user, code=refusal.code)
        form.add_error("secret", str(refusal))
        return _show(request, held, form, status=429 if refusal.code == "locked" else 422)
    try:
        shifts.accept_handover(held, user, form.cleaned_data["remark"])
    except shifts.HandoverMoved as moved:
        said = {"state": "ask", "text": str(moved)}
        return _show(request, own(request, key), said=said, status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _show(request, held, form, status=422)
    return redirect("guard-handover", held.pk)


@for_guards
@require_POST
def withdraw(request: Any, key: int) -> HttpResponse:
    held = own(request, key)
    try:
        shifts.withdraw_handover(held, request.user)
    except shifts.HandoverMoved as moved:
        said = {"state": "ask", "text": str(moved)}
        return _show(request, own(request, key), said=said, status=409)
    return redirect("guard-shift")
