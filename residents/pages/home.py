"""The home page, its own cards, the messages, and what makes it installable."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from community import home_parts, notifications, operations
from community.models import Notification
from community.notifications import progress
from residents import household, standing
from residents.models import Person
from residents.pages.who import acting, at_home, files_of

#: What the service worker may keep: nothing of anybody.
SHELL = (
    "css/base.css",
    "css/pieces.css",
    "css/home.css",
    "js/home/main.js",
    "js/home/form.js",
    "js/home/keep.js",
    "js/home/pass.js",
    "js/home/qr.js",
    "js/home/photos.js",
    "js/home/visit.js",
    "icons.svg",
    "favicon.svg",
    "img/home-192.png",
)
#: To be raised when one of them changes.
SHELL_VERSION = 3
MESSAGES = 50


@at_home
@require_GET
def index(request: HttpRequest, person: Person) -> HttpResponse:
    """Who I am, where I live, and a place for each card."""
    cards = [
        {"name": card.name, "url": reverse(card.url), "title": card.title}
        for card in home_parts.cards()
    ]
    facts = {
        "person": person,
        "files": files_of(request),
        "homes": household.homes_of(person),
        "greeting": _greeting(),
        "today": timezone.localdate(),
        "unread": Notification.objects.visible_to(acting(request)).filter(read_at=None).count(),
        "cards": cards,
    }
    return render(request, "home/index.html", facts)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if 5 <= hour < 11:
        return _("good morning")
    return _("good afternoon") if 11 <= hour < 18 else _("good evening")


@at_home
@require_GET
def household_card(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "home/card_household.html", {"groups": household.of(person)})


@at_home
@require_GET
def registration_card(request: HttpRequest, person: Person) -> HttpResponse:
    facts = {
        "standings": standing.of_person(person),
        "endings": standing.open_endings(person),
        "homes": household.lived_in(person),
    }
    return render(request, "home/card_registration.html", facts)


@at_home
@require_GET
def lets_card(request: HttpRequest, person: Person) -> HttpResponse:
    """For landlords; for others an empty answer, which leaves no card."""
    return render(request, "home/card_lets.html", {"lets": standing.lets_of(person)})


@at_home
@require_GET
def messages(request: HttpRequest, person: Person) -> HttpResponse:
    """What was told to this sign-in; opening the page reads it."""
    user = acting(request)
    rows = list(Notification.objects.visible_to(user).order_by("-pk")[:MESSAGES])
    ways = progress.of_messages(rows)
    said = [
        {
            "row": row,
            "text": notifications.words(row),
            "new": not row.read_at,
            "ways": ways.get(row.pk, []),
        }
        for row in rows
    ]
    operations.mark_read(user, [row.pk for row in rows if row.read_at is None])
    return render(request, "home/messages.html", {"said": said})


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": static(f"img/home-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        | {"purpose": "any maskable"}
        for size in (192, 512)
    ]
    facts: dict[str, Any] = {
        "id": "/home/",
        "name": _("Linli: my home"),
        "short_name": _("Linli"),
        "start_url": "/home/",
        "scope": "/home/",
        "display": "standalone",
        "background_color": "#f3f5f4",
        "theme_color": "#17586b",
        "icons": icons,
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script lies below /home/, so that it can rule these pages and no others."""
    files = json.dumps([static(name) for name in SHELL])
    facts = {"files": files, "version": SHELL_VERSION, "debug": settings.DEBUG}
    answer = render(request, "home/sw.js", facts, content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_GET
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows without a network: the same for everybody."""
    return render(request, "home/offline.html")
