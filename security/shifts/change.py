"""Another guard takes the running screen: signs in over it, and the page goes on."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import login
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from community.account.proof import NotProven, prove_fully
from community.middleware import SESSION_KEY
from community.models import Compound, User
from security.console.access import for_guards, number
from security.operations import shifts
from security.shifts.forms import ChangeForm


@sensitive_post_parameters()
@for_guards
@require_http_methods(["GET", "POST"])
def change(request: Any) -> HttpResponse:
    """The dialog over the desk (htmx), or a page of its own."""
    if request.method == "GET":
        chosen = {"guard": number(request.GET.get("guard")) or None}
        return _show(request, ChangeForm(request.compound, request.user, initial=chosen))
    form = ChangeForm(request.compound, request.user, request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    user, given = form.cleaned_data["guard"], form.cleaned_data
    try:
        proven = prove_fully(request, user, given["password"], given["code"])
    except NotProven as refusal:
        if refusal.code != "code_missing":
            shifts.note_refusal(request.compound, at=request.user, named=user, code=refusal.code)
        form.add_error("code" if refusal.code == "code_missing" else "password", str(refusal))
        locked = refusal.code == "locked" and not request.htmx
        return _show(request, form, 429 if locked else 422)
    return _take_over(request, proven)


def _show(request: Any, form: ChangeForm, status: int = 200) -> HttpResponse:
    template = "shifts/change_dialog.html" if request.htmx else "shifts/change.html"
    return render(request, template, {"form": form}, status=status)


def _take_over(request: Any, user: User) -> HttpResponse:
    """The old session ends with everything in it but the compound; the page gets a new token."""
    compound: Compound = request.compound
    leaves: User = User.objects.get(pk=request.user.pk)
    place = compound.pk
    login(request, user)
    request.session[SESSION_KEY] = place
    shifts.note_guard_change(Compound.objects.get(pk=place), leaves=leaves, comes=user)
    if not request.htmx:
        return redirect("guard")
    news = {"name": str(user), "seal": str(user)[:1], "token": get_token(request)}
    said = {"state": "info", "text": _("%(who)s works at this screen now.") % {"who": user}}
    answer = render(request, "guard/said.html", {"said": said})
    # Header lines are ASCII: names travel escaped.
    answer["HX-Trigger"] = json.dumps({"guard-changed": news, "close-dialog": True})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#said", "innerHTML"
    return answer
