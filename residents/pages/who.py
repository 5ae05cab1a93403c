"""Who is looking at a resident's page: the person, in the compound they chose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from community.middleware import SESSION_KEY
from community.models import User
from community.prepared import Prepared
from residents.models import Person

View = Callable[..., HttpResponse]


_files = Prepared(
    lambda user: Person.objects.whole().filter(user=user).select_related("compound").order_by("pk"),
    user=int,
)


def files_of(request: HttpRequest) -> list[Person]:
    """The person's files, that of the chosen compound first; read once per request."""
    if not hasattr(request, "_people"):
        rows = _files(user=request.user.pk) if request.user.pk else []
        chosen = request.session.get(SESSION_KEY)
        found = sorted(rows, key=lambda row: row.compound_id != chosen)
        request._people = found  # type: ignore[attr-defined]
    files: list[Person] = request._people  # type: ignore[attr-defined]
    return files


def acting(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR") or "unknown"


def at_home(view: Callable[..., HttpResponse]) -> View:
    """For those who are signed in and have a file; ``view(request, person, …)``.

    Nothing of it is kept by browsers or proxies.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            target = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('home-sign-in')}?{target}")
        files = files_of(request)
        if not files:
            return render(request, "home/no_file.html", status=404)
        return view(request, files[0], *args, **kwargs)

    answer: View = never_cache(inner)
    return answer


def language_of(request: HttpRequest) -> str:
    kept: str = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return kept
