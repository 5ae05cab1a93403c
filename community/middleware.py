"""Which compound a signed-in user is working in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from community.models import Compound

SESSION_KEY = "compound"


def current_compound(user: Any, session: Any) -> Compound | None:
    """The compound chosen in the session while the user may see it, else the first they may."""
    seen = Compound.objects.visible_to(user)
    chosen = session.get(SESSION_KEY)
    return (seen.filter(pk=chosen).first() if chosen else None) or seen.order_by("pk").first()


class CompoundMiddleware:
    """Gives each request a lazy ``request.compound`` (falsy when there is none)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.compound = SimpleLazyObject(lambda: current_compound(request.user, request.session))  # type: ignore[attr-defined]
        return self.get_response(request)
