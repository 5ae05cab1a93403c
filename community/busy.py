"""Where the database has no turn for somebody in time: said calmly, and kept what they typed.

Nothing of what was asked has happened then: every verb is one transaction.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

log = structlog.get_logger(__name__)

#: Seconds after which asking again makes sense.
AGAIN_S = 2
#: What a page gives back to be sent again: as much as any of our forms has.
MOST_FIELDS, MOST_CHARACTERS = 60, 20_000


class Busy:
    """Answers 503 for a view that the database refused, as when it stayed locked too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error) if isinstance(error, OperationalError) else None


def server_error(request: HttpRequest) -> HttpResponseBase:
    """``handler500``: what the database refused outside of a view is no fault of ours either."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError):
        return answer(request, error)
    return defaults.server_error(request)


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("page_busy", path=request.path, why=str(error))
    said = _("The computer here is very busy just now. Nothing was changed. Please try again.")
    if "json" in request.headers.get("Accept", ""):
        found: HttpResponse = JsonResponse({"detail": said}, status=503)
    elif request.headers.get("HX-Request"):
        found = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    else:
        # Without the request: its user and its compound would ask the database again.
        facts: dict[str, Any] = {"said": said, "is_post": request.method == "POST"}
        facts |= {"fields": _typed(request), "path": request.get_full_path()}
        found = HttpResponse(render_to_string("503.html", facts), status=503)
    found["Retry-After"] = str(AGAIN_S)
    found["Cache-Control"] = "no-store"
    return found


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent once more; empty for secrets and for what has pictures."""
    secret = getattr(request, "sensitive_post_parameters", None)
    if request.method != "POST" or secret or request.FILES:
        return []
    found = [(name, value) for name, values in request.POST.lists() for value in values]
    size = sum(len(name) + len(str(value)) for name, value in found)
    return found if len(found) <= MOST_FIELDS and size <= MOST_CHARACTERS else []
