"""Coming in: by a code to the phone, by a link, by a printed code."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from community.account.operations import asks_code
from community.account.pages import ask_code as ask_second
from community.models import User
from community.pages import speak
from residents import masking, operations, rules
from residents.operations.doors import Refused, TooMany
from residents.pages.who import address

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: What the browser knows of a code that is on its way.
WAITING = "home_ticket"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The phone's number; what follows looks the same whether or not it is on file."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_target(request))
    facts: dict[str, Any] = {"next": _target(request), "phone": request.POST.get("phone", "")[:30]}
    if request.method == "POST":
        try:
            ticket = operations.ask_code(facts["phone"], address(request))
        except ValidationError as error:
            facts["error"] = error.messages[0]
        except TooMany as error:
            return _wait(request, error.wait_s)
        else:
            kept = {"pk": ticket.pk, "next": facts["next"]}
            kept["phone"] = masking.phone(rules.clean_phone(facts["phone"]))
            request.session[WAITING] = kept
            return redirect("home-code")
    return render(request, "home/sign_in.html", facts)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits; five guesses."""
    kept = request.session.get(WAITING)
    if not kept:
        return redirect("home-sign-in")
    facts: dict[str, Any] = {"phone": kept["phone"], "asks_document": kept.get("document", False)}
    if request.method == "POST":
        given = request.POST.get("code", "")[:20]
        end = request.POST.get("document_end", "")[:8]
        try:
            user = operations.check_code(kept["pk"], given, address(request), end)
        except TooMany as error:
            return _wait(request, error.wait_s)
        except Refused as refusal:
            facts |= _said(refusal)
            facts["code"] = given if refusal.why == "document" else ""
            if refusal.why == "document":
                request.session[WAITING] = kept | {"document": True}
        else:
            return enter(request, user, kept["next"])
    return render(request, "home/code.html", facts)


def _said(refusal: Refused) -> dict[str, Any]:
    if refusal.why == "document":
        return {"asks_document": True}
    if refusal.why == "desk":
        text = _("This number was not used here for a long time. Please come to the desk once.")
        return {"error": text, "over": True}
    if refusal.why == "wrong" and refusal.left:
        text = ngettext(
            "This does not fit. You can try %(count)s more time.",
            "This does not fit. You can try %(count)s more times.",
            refusal.left,
        )
        return {"error": text % {"count": refusal.left}}
    return {"error": _("This code does not count any more. Ask for a new one."), "over": True}


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: looking at it uses nothing up, since messengers look at links too."""
    person = operations.person_of_invitation(token)
    if request.method == "POST":
        try:
            user = operations.use_invitation(token, address(request))
        except TooMany as error:
            return _wait(request, error.wait_s)
        if user is not None:
            return enter(request, user, reverse("home"))
        person = None
    facts = {"name": _veiled(person.name), "compound": person.compound} if person else {}
    return render(request, "home/join.html", facts, status=200 if person else 404)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """A code that the desk has printed."""
    facts: dict[str, Any] = {}
    if request.method == "POST":
        try:
            user = operations.use_desk_code(request.POST.get("code", ""), address(request))
        except TooMany as error:
            return _wait(request, error.wait_s)
        if user is not None:
            return enter(request, user, reverse("home"))
        facts["error"] = _("This code does not count. Compare it with the paper, or ask the desk.")
    return render(request, "home/paper.html", facts)


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Sign in with a fresh session key; who has an app for codes is asked for its code too."""
    request.session.pop(WAITING, None)
    if asks_code(user):
        user.backend = BACKEND
        return ask_second(request, user, target)
    login(request, user, backend=BACKEND)
    return speak(redirect(target), user.language)


def _veiled(name: str) -> str:
    """许** : enough for the invited to know themselves."""
    return name[:1] + "*" * min(3, max(1, len(name) - 1))


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe and wanted.startswith("/home/") else reverse("home")


def _wait(request: HttpRequest, wait_s: int) -> HttpResponse:
    minutes = max(1, -(-wait_s // 60))
    return render(request, "home/wait.html", {"minutes": minutes}, status=429)
