"""That somebody who stands at another's screen is who they say, locked out like any sign-in."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.account.forms import refused
from community.account.operations import DIGITS, CodeRefused, asks_code, check_code
from community.models import User


class NotProven(Exception):
    """Why it is not taken as proof, in the reader's language; ``code`` says it in one word."""

    def __init__(self, code: str, text: Any) -> None:
        super().__init__(code)
        self.code, self.text = code, text

    def __str__(self) -> str:
        return str(self.text)


def prove(request: HttpRequest, user: User, secret: str) -> None:
    """One's own password or, for who uses an app, one of its codes: enough for a signature.

    Raises NotProven, with ``code`` "wrong" or "locked". A failure counts towards the lock-out.
    """
    _check_lock(request, user)
    text = "".join(secret.split())
    if text.isdecimal() and len(text) == DIGITS and asks_code(user):
        _prove_code(request, user, secret)
    else:
        _prove_password(request, user, secret)
    _forget_failures(request, user)


def prove_fully(request: HttpRequest, user: User, password: str, code: str) -> User:
    """What signing in asks for: the password, and the code where ``user`` has an app.

    The user as authenticated, ready for ``login``. Raises NotProven; "code_missing" where the
    password was right and the code is still to come.
    """
    _check_lock(request, user)
    proven = _prove_password(request, user, password)
    if asks_code(user):
        if not code.strip():
            raise NotProven("code_missing", _("Enter the code that your app shows now."))
        _prove_code(request, user, code)
    return proven


def _prove_password(request: HttpRequest, user: User, password: str) -> User:
    found: Any = authenticate(request, username=user.username, password=password)
    if found is None or found.pk != user.pk:
        _check_lock(request, user)
        raise NotProven("wrong", _("This is not the password of that name. Please try again."))
    proven: User = found
    return proven


def _prove_code(request: HttpRequest, user: User, code: str) -> None:
    try:
        check_code(user, code)
    except CodeRefused as refusal:
        user_login_failed.send(
            sender=__name__, credentials={"username": user.username}, request=request
        )
        _check_lock(request, user)
        raise NotProven("wrong", refused(refusal)) from refusal


def _check_lock(request: HttpRequest, user: User) -> None:
    if AxesProxyHandler.is_allowed(request, {"username": user.username}):
        return
    # The page that asked says so itself: the middleware need not answer in its place.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    minutes = round(60 * settings.AXES_COOLOFF_TIME)
    text = ngettext(
        "Too many wrong tries for this name. Wait %(count)s minute, then try again.",
        "Too many wrong tries for this name. Wait %(count)s minutes, then try again.",
        minutes,
    )
    raise NotProven("locked", text % {"count": minutes})


def _forget_failures(request: HttpRequest, user: User) -> None:
    """As a sign-in does: who proves it starts again at no failure."""
    address: Any = request.axes_ip_address  # type: ignore[attr-defined]
    AxesProxyHandler.reset_attempts(username=user.username, ip_address=address)
