"""A random key in a phone's cookie finds its ticket again, and names nobody (ADR 84)."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

COOKIE, DAYS = "linli_park", 365
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def key_of(request: HttpRequest) -> str:
    """The key that the phone sent; empty where it sent none of ours."""
    found = request.COOKIES.get(COOKIE, "")
    return found if _KEY.fullmatch(found) else ""


def remember(answer: HttpResponse, request: HttpRequest, key: str) -> HttpResponse:
    """Only the pages of parking get it back, and no script."""
    answer.set_cookie(
        COOKIE, key, max_age=DAYS * 86_400, path="/park/", secure=request.is_secure(),
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer
