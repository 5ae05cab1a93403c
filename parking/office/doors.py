"""Who may open a page of the office's money."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def for_roles(roles: frozenset[str]) -> Callable[[View], View]:
    """Only for who holds one of ``roles`` in the compound that they work in."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.compound or not request.user.roles_in(request.compound) & roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    return wrap
