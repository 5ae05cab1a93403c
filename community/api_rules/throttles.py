"""How often one may call, counted by all processes together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from community.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class SharedThrottle(SimpleRateThrottle):
    """Counts in the cache that all processes share; without it nobody is held up.

    A count may be short by calls that arrive at the same instant: it bounds a loop gone wild, it
    is no account.
    """

    @property
    def cache(self) -> Any:  # type: ignore[override]
        return caches["shared"]

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except Exception:
            # The gate's devices call here too: a cache that is down closes no gate.
            log.exception("throttle_without_cache")
            return True


class Callers(SharedThrottle):
    """Ten calls a second of one token, one person or one unknown address."""

    scope = "caller"
    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"throttle-{self.scope}-{_who(request) or self.get_ident(request)}"


class Writers(SharedThrottle):
    """Two changes a second of one token or one person."""

    scope = "writer"
    rate = "120/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        who = _who(request)
        if request.method in SAFE_METHODS or not who:
            return None
        return f"throttle-{self.scope}-{who}"


def _who(request: Request) -> str:
    """A name for the caller that is no secret; empty for one who is not known."""
    if isinstance(request.auth, ApiToken):
        return f"token-{request.auth.pk}"
    user: Any = request.user
    return f"user-{user.pk}" if user is not None and user.is_authenticated else ""
