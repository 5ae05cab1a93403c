"""How I am told: the ways for each kind of message, my e-mail address, this phone, quiet hours."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from community.models import Compound, ContactPoint, Medium, TellingRule, User
from community.notifications import choices, kinds, proving, reach, readers
from residents.models import Person
from residents.pages.who import acting, at_home


@at_home
@require_http_methods(["GET", "POST"])
def ways(request: HttpRequest, person: Person) -> HttpResponse:
    """The page, and each of its forms by the name of its button."""
    user, compound = acting(request), person.compound
    faults: dict[str, Any] = {}
    if request.method == "POST":
        deed = next((name for name in DEEDS if name in request.POST), "save")
        try:
            DEEDS[deed](user, compound, request.POST)
        except ValidationError as error:
            faults[deed] = error.messages
        else:
            return redirect("home-telling")
    context = _facts(user, compound) | {"faults": faults, "given": request.POST}
    return render(request, "home/telling.html", context, status=422 if faults else 200)


def _save(user: User, compound: Compound, given: Any) -> None:
    media = choices.offered(compound)
    for topic in kinds.TOPICS:
        if topic not in choices.FIXED:
            named = given.getlist(topic)
            choices.choose(user, compound, topic, [way for way in media if way in named])


def _ask(user: User, compound: Compound, given: Any) -> None:
    try:
        proving.ask_email(user, compound, given.get("address", ""))
    except ValidationError as error:
        if getattr(error, "code", "") == "invalid":
            raise ValidationError(_("This is no e-mail address. Look at it again.")) from error
        raise


def _prove(user: User, compound: Compound, given: Any) -> None:
    proving.prove_email(user, compound, given.get("code", ""))


def _forget(user: User, compound: Compound, _given: Any) -> None:
    readers.set_address(user, compound, Medium.EMAIL, "")


DEEDS = {"save": _save, "ask": _ask, "prove": _prove, "forget": _forget}


def _facts(user: User, compound: Compound) -> dict[str, Any]:
    offered = choices.offered(compound)
    mail = ContactPoint.objects.filter(user=user, compound=compound, medium=Medium.EMAIL).first()
    waiting = proving.waiting(user, compound)
    return {
        "topics": choices.chosen(user, compound),
        "offers": [str(Medium(medium).label) for medium in offered],
        "mail": reach.masked(str(mail.address)) if mail else "",
        "mails": Medium.EMAIL in offered,
        "pushes": Medium.WEB_PUSH in offered,
        "waiting": reach.masked(waiting.address) if waiting else "",
        "rule": TellingRule.objects.filter(compound=compound).first() or TellingRule(),
    }
