"""How I am told: the ways for each kind of message, my e-mail address, this phone, quiet hours."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from community.models import Compound, ContactPoint, Medium, Preference, TellingRule, User
from community.notifications import kinds, proving, reach, readers
from community.notifications.channels import media_in_use
from residents.models import Person
from residents.pages.who import acting, at_home

#: Ways that a person may choose. Paper from the desk is always behind them.
OWN = (Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH, Medium.SMS, Medium.EMAIL)
#: Sign-in codes and the like cannot be turned off.
FIXED = frozenset({"account"})


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
    offered = _offered(compound)
    for topic in kinds.TOPICS:
        if topic not in FIXED:
            chosen = [way for way in offered if way in given.getlist(topic)]
            readers.prefer(user, compound, topic, chosen)


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


def _offered(compound: Compound) -> list[str]:
    used = media_in_use(compound)
    return [medium for medium in OWN if medium in used]


def _facts(user: User, compound: Compound) -> dict[str, Any]:
    offered = _offered(compound)
    rows = Preference.objects.filter(user=user, compound=compound)
    chosen = {row.topic: row.media for row in rows}
    mail = ContactPoint.objects.filter(user=user, compound=compound, medium=Medium.EMAIL).first()
    waiting = proving.waiting(user, compound)
    return {
        "topics": [
            {
                "code": code,
                "label": label,
                "ways": [_way(code, medium, chosen) for medium in offered],
            }
            for code, label in kinds.TOPICS.items()
            if code not in FIXED
        ],
        "offers": [str(Medium(medium).label) for medium in offered],
        "mail": reach.masked(str(mail.address)) if mail else "",
        "mails": Medium.EMAIL in offered,
        "pushes": Medium.WEB_PUSH in offered,
        "waiting": reach.masked(waiting.address) if waiting else "",
        "rule": TellingRule.objects.filter(compound=compound).first() or TellingRule(),
    }


def _way(topic: str, medium: str, chosen: dict[str, list[str]]) -> dict[str, Any]:
    """Without a choice, the usual ways; e-mail only for who chose it."""
    usual = medium != Medium.EMAIL
    on = medium in chosen[topic] if topic in chosen else usual
    return {"code": medium, "label": Medium(medium).label, "on": on}
