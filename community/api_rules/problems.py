"""Refusals: one form for all, with a stable code and a sentence in the caller's language.

``{"code": "invalid", "detail": "…", "fields": {"plate": ["…"]}}``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as Refusal
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from community.busy import AGAIN_S

log = structlog.get_logger(__name__)
WHOLE = api_settings.NON_FIELD_ERRORS_KEY
INVALID = _("Something in this call is not right, and nothing was changed. See the fields.")
BUSY = _("The office's computer is busy. Send the same call again.")
SENTENCES: dict[str, Any] = {
    "not_authenticated": _("Nobody is signed in. Send a token, or sign in first."),
    "permission_denied": _("Your role does not allow this here. Ask the property manager."),
    "csrf_failed": _("This browser's call lacks its CSRF token. Load the page again."),
    "not_found": _("There is nothing here that you may see. Addresses end in a slash."),
    "method_not_allowed": _("This address does not take this method. See the description."),
    "not_acceptable": _("Answers are JSON. Ask for application/json."),
    "unsupported_media_type": _("The body has a form that is not taken here. Send JSON."),
    "parse_error": _("The body cannot be read. Check that it is whole and valid."),
    "throttled": _("Too many calls. Wait as long as Retry-After says."),
}
#: Codes whose sentence is always ours; other refusals may bring their own.
OURS = frozenset(SENTENCES) - {"permission_denied"}


class Conflict(exceptions.APIException):
    """Something else came first; ``code`` says what, the sentence who and when."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"
    default_detail = _("This has changed meanwhile. Read it again.")


@contextmanager
def refusals(late: Mapping[Any, str] | None = None) -> Iterator[None]:
    """What an operation refuses becomes status 400 with each field's faults.

    ``late`` names the code of status 409 for what says that somebody else came first: a kind of
    exception, or the code of a ValidationError.
    """
    late = late or {}
    kinds: tuple[type[Exception], ...] = tuple(kind for kind in late if isinstance(kind, type))
    try:
        yield
    except Refusal as refusal:
        code = late.get(getattr(refusal, "code", None))
        if code is not None:
            raise Conflict(" ".join(refusal.messages), code) from refusal
        raise exceptions.ValidationError(_faults(refusal)) from refusal
    except kinds as fault:
        code = next(late[kind] for kind in kinds if isinstance(fault, kind))
        raise Conflict(str(fault), code) from fault


def _faults(refusal: Refusal) -> dict[str, Any]:
    if not hasattr(refusal, "error_dict"):
        return {WHOLE: refusal.messages}
    faults = dict(refusal.message_dict)
    if whole := faults.pop(NON_FIELD_ERRORS, None):
        faults[WHOLE] = whole
    return faults


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The handler of all exceptions of the API; None for what is our own fault."""
    if isinstance(exc, OperationalError):
        log.warning("api_busy", why=str(exc))
        busy = _problem("busy", BUSY, status.HTTP_503_SERVICE_UNAVAILABLE)
        busy["Retry-After"] = str(AGAIN_S)
        return busy
    if isinstance(exc, Refusal):
        exc = exceptions.ValidationError(_faults(exc))
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        fields = exc.detail if isinstance(exc.detail, dict) else {WHOLE: exc.detail}
        told = _body("invalid", INVALID, fields)
    else:
        told = _told(exc, response.data)
    response.data = told
    return response


def _told(exc: Exception, data: Any) -> dict[str, Any]:
    detail = data.get("detail", "") if isinstance(data, dict) else ""
    code = getattr(detail, "code", "error")
    if code == "permission_denied" and str(detail).startswith("CSRF Failed"):
        code = "csrf_failed"
    has_own = bool(exc.args) and code not in OURS
    return _body(code, detail if has_own else SENTENCES.get(code, detail))


def _body(code: str, detail: Any, fields: Any = None) -> dict[str, Any]:
    return {"code": code, "detail": str(detail), "fields": fields or {}}


def _problem(code: str, detail: Any, number: int) -> Response:
    return Response(_body(code, detail), status=number)


def nothing_here(request: HttpRequest) -> JsonResponse:
    """Below `/api/` an unknown address is refused in the same form."""
    return JsonResponse(_body("not_found", SENTENCES["not_found"]), status=404)
