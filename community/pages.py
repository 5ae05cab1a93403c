"""Signing in and out, the landing page of each role, language and compound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community import operations
from community.forms import SignInForm
from community.middleware import SESSION_KEY
from community.models import Compound

GUARD_ROLES = frozenset({"guard", "manager"})
RESIDENT_ROLES = frozenset({"resident", "landlord"})
OFFICE_ROLES = frozenset({"manager", "desk", "cashier", "installer"})


@dataclass(frozen=True)
class Place:
    """A door that a role opens, in one compound."""

    url: str
    icon: str
    title: str
    about: str
    compound: Compound


class SignIn(LoginView):
    template_name = "pages/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In an empty installation nobody can sign in: the first account comes first."""
        from community.first_start.operations import is_needed

        return redirect("first-start") if is_needed() else super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Signed in, the page speaks the language that the person chose for themselves."""
        from community.account.operations import asks_code
        from community.account.pages import ask_code

        if asks_code(form.get_user()):
            return ask_code(self.request, form.get_user(), self.get_success_url())
        return speak(super().form_valid(form), form.get_user().language)


class SignOut(LogoutView):
    next_page = "sign-in"


def speak(answer: HttpResponse, language: str) -> HttpResponse:
    """Keep a language in the browser, past this session."""
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


def back(request: HttpRequest, default: str = "/") -> str:
    """Where the form said to return to, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else default


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    user: Any = request.user
    if user.is_authenticated and chosen in dict(settings.LANGUAGES):
        operations.choose_language(user, chosen)
    return speak(redirect(back(request)), chosen)


@require_POST
@login_required
def compound(request: HttpRequest) -> HttpResponse:
    """Work in another compound, among those where the user holds a role."""
    key = request.POST.get("compound", "")
    rows = Compound.objects.visible_to(request.user)
    chosen = get_object_or_404(rows, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    request.session[SESSION_KEY] = chosen.pk
    return redirect(back(request))


def places(user: Any) -> list[Place]:
    """The doors that a user's roles open, compound by compound."""
    found = []
    for each in Compound.objects.visible_to(user).order_by("name"):
        roles = user.roles_in(each)
        if roles & GUARD_ROLES and (url := url_of("guard")):
            about = _("The gates, live: who waits, who passed, who was refused")
            found.append(Place(url, "device-cctv", _("Guard's desk"), about, each))
        if roles & RESIDENT_ROLES and (url := url_of("home")):
            about = _("Your household, registration, messages and data")
            found.append(Place(url, "home", _("My home"), about, each))
        if "courier" in roles and (url := url_of("courier")):
            about = _("Put parcels into the lockers")
            found.append(Place(url, "package", _("Parcels"), about, each))
        if roles & OFFICE_ROLES:
            about = _("Places, devices, people, vehicles and the ledger")
            office = reverse("admin:index")
            found.append(Place(office, "building", _("Manager's office"), about, each))
    return found


def url_of(name: str, *arguments: Any) -> str:
    """A door of an upper app, where that app is installed."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def fixed_url(name: str) -> str:
    """``url_of`` for the doors that stand on every page: looked up once, not at each of them."""
    return _looked_up(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=256)
def _looked_up(name: str, _urls: str | None, _prefix: str) -> str:
    return url_of(name)


def first_door(user: Any, found: list[Place]) -> Place | None:
    """The one door to go through without asking: a guard's own, or the only one."""
    if len(found) == 1:
        return found[0]
    only_guard = all(roles <= {"guard"} for roles in user.roles_by_compound().values())
    return found[0] if found and only_guard and len(user.roles_by_compound()) == 1 else None


@require_GET
@login_required
def landing(request: HttpRequest) -> HttpResponseBase:
    """Each role comes to its own door; who has several chooses."""
    found = places(request.user)
    door = first_door(request.user, found)
    if door:
        request.session[SESSION_KEY] = door.compound.pk
        return redirect(door.url)
    if not found and getattr(request.user, "is_superuser", False) and url_of("setup"):
        return redirect("setup")
    return render(request, "pages/landing.html", {"places": found})


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's own sign-in page leads to the one that everybody uses.

    Who is signed in and may not enter is told so: signing in again would lead back here for ever.
    """
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied
    target = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('sign-in')}?next={target}")


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: say how long it lasts."""
    minutes = round(60 * settings.AXES_COOLOFF_TIME)
    return render(request, "pages/locked_out.html", {"minutes": minutes}, status=429)
