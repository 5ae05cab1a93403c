"""One's own account: where it is signed in, one-time codes, and the second step of signing in."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.account import operations
from community.account.agents import describe
from community.account.forms import CodeForm, ConfirmForm, PasswordForm
from community.account.operations import asks_code
from community.account.token_pages import shown_tokens
from community.account.token_pages import urlpatterns as token_urls
from community.models import User
from community.pages import back, speak

#: Who gave the right password and has not given the code yet.
HALF = "half_signed_in"
HALF_S = 300
HALF_TRIES = 10


def ask_code(request: HttpRequest, user: Any, target: str) -> HttpResponse:
    """The password was right: keep that for five minutes, and ask for the code."""
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": target,
        "tries": 0,
    }
    return redirect("sign-in-code")


def _half(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who has given the password in this browser within the last five minutes."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_S or half["tries"] >= HALF_TRIES:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != half["hash"]:
        return None
    return user, half


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    found = _half(request)
    if found is None:
        request.session.pop(HALF, None)
        return redirect("sign-in")
    user, half = found
    form = CodeForm(user, request.POST or None)
    if request.method == "POST":
        request.session[HALF] = half | {"tries": half["tries"] + 1}
        if form.is_valid():
            del request.session[HALF]
            login(request, user, backend=half["backend"])
            return speak(redirect(half["next"]), user.language)
    return render(request, "account/code.html", {"form": form}, status=200)


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Where I am signed in, and whether one-time codes protect it."""
    user: Any = request.user
    rows = [
        {
            "reference": operations.reference(row.session_key),
            "here": row.session_key == request.session.session_key,
            "about": describe(row.agent),
            "row": row,
        }
        for row in operations.open_sessions(user)
    ]
    rows.sort(key=lambda each: not each["here"])
    facts = {
        "sessions": rows,
        "has_codes": asks_code(user),
        "tokens": shown_tokens(user),
        "may_make_tokens": user.is_superuser or bool(user.roles_by_compound()),
    }
    return render(request, "account/overview.html", facts)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one session of mine, or all but this one."""
    user: Any = request.user
    here = request.session.session_key
    only = request.POST.get("session", "")
    operations.end_sessions(user, user, only=only, keep=None if only else here)
    return redirect(back(request, "/account/"))


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Take an app for one-time codes into use."""
    user: Any = request.user
    if asks_code(user):
        return redirect("account")
    authenticator = operations.begin_codes(user)
    form = ConfirmForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _show_backup(request, form.backup_codes)
    secret = operations.shared_secret(authenticator)
    groups = " ".join(secret[index : index + 4] for index in range(0, len(secret), 4))
    facts = {"form": form, "secret": groups, "qr": _qr(_address(user, secret))}
    return render(request, "account/codes.html", facts)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, deed: str) -> HttpResponse:
    """Turn the codes off, or make new backup codes, after asking for the password again."""
    user: Any = request.user
    if not asks_code(user):
        return redirect("account")
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if deed == "renew":
            return _show_backup(request, operations.renew_backup_codes(user))
        operations.stop_codes(user, user)
        return redirect("account")
    return render(request, "account/change.html", {"form": form, "deed": deed})


def _show_backup(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "account/backup.html", {"codes": codes})


def _address(user: User, secret: str) -> str:
    """The address that apps read from the QR code."""
    label = quote(f"Linli:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Linli'})}"


def _qr(text: str) -> SafeString:
    drawn = segno.make(text, micro=False, error="m")
    svg: str = drawn.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno, no text in it


urlpatterns = [
    *token_urls,
    path("sign-in/code/", code, name="sign-in-code"),
    path("account/", overview, name="account"),
    path("account/sessions/end/", end, name="account-end"),
    path("account/codes/", codes, name="account-codes"),
    path("account/codes/off/", change, {"deed": "off"}, name="account-codes-off"),
    path("account/codes/renew/", change, {"deed": "renew"}, name="account-codes-renew"),
]
