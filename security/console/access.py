"""Who may stand at the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from security.models import GUARDS

View = Callable[..., HttpResponseBase]


def for_guards(view: View) -> View:
    """Signed in, and on duty in the compound in use; a fragment's request is sent to sign in."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.htmx:
                where = f"{reverse('sign-in')}?next={reverse('guard')}"
                return HttpResponse(headers={"HX-Redirect": where})
            return redirect_to_login(request.get_full_path())
        if not request.compound or not request.user.roles_in(request.compound) & GUARDS:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def number(text: str | None) -> int:
    """A row's number from a query; 0 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
