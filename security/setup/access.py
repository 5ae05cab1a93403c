"""Who may set up what: managers everything of their compound, installers gates and devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from community.models import Compound, User

MANAGERS = frozenset({"manager"})
SETTERS = frozenset({"manager", "installer"})
View = Callable[..., HttpResponse]


def require(user: User, compound: Compound | int, roles: frozenset[str] = SETTERS) -> None:
    """Raises PermissionDenied unless the user holds one of these roles in the compound."""
    if not user.is_active or not user.roles_in(compound) & roles:
        raise PermissionDenied


def _to_sign_in(request: Any) -> HttpResponse:
    if request.htmx:
        where = f"{reverse('sign-in')}?next={reverse('setup')}"
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect_to_login(request.get_full_path())


def for_setters(roles: frozenset[str] = SETTERS) -> Callable[[View], View]:
    """Signed in, with one of these roles in the compound in use."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.compound:
                raise PermissionDenied
            require(request.user, request.compound, roles)
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return wrap


def for_operator(view: View) -> View:
    """The operator of the installation, who alone makes compounds."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)
