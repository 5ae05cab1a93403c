"""What browsers are told: which sources a page may use, who may frame it, which device it may ask.

Our own pages run under a policy without inline code, inline style or eval. The office is drawn by
unfold, whose Alpine evaluates its attributes: only below ``/admin/`` eval is allowed (ADR 8).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache

import structlog
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

log = structlog.get_logger(__name__)
Policy = dict[str, list[str]]

NONE, SELF = "'none'", "'self'"
STRICT: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "media-src": [SELF, "blob:"],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}
#: Features that a page must not ask the browser for.
FEATURES = (
    "accelerometer",
    "browsing-topics",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)
#: Pages that look through the device's camera.
CAMERA_PAGES = re.compile(r"^/(camera|kiosk|patrol|courier|home/face|desk/face)(/|$)")
THEME = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


class SecurityHeaders:
    """Sets the headers that a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.office = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_office = request.path.startswith(self.office)
        policy = office_policy() if is_office else STRICT
        response.headers.setdefault("Content-Security-Policy", written(policy, request))
        response.headers.setdefault("Permissions-Policy", permissions(request.path))
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def written(policy: Policy, request: HttpRequest) -> str:
    """The policy as a header; the live feed is named, since older browsers' 'self' lacks it."""
    scheme = "wss" if request.is_secure() else "ws"
    feed = f"{scheme}://{request.META.get('HTTP_HOST', '')}"
    safe = re.fullmatch(r"wss?://[A-Za-z0-9.:\[\]-]+", feed)
    parts = policy | {"connect-src": [*policy["connect-src"], *([feed] if safe else [])]}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in parts.items())


def office_policy() -> Policy:
    """Unfold's needs: eval for Alpine, and its one block of colours, named by its hash."""
    return STRICT | {
        "script-src": [SELF, "'unsafe-eval'"],
        "style-src": [SELF, *theme_hash()],
    }


@lru_cache(maxsize=1)
def theme_hash() -> list[str]:
    """The hash of the colours that unfold writes into each page; drawn here from its own template.

    Nothing of a request enters it, so nobody can have other styles allowed.
    """
    colours = admin.site._get_colors("COLORS", None)  # type: ignore[attr-defined]
    facts = {"colors": colours, "border_radius": settings.UNFOLD.get("BORDER_RADIUS")}
    drawn = render_to_string("unfold/layouts/skeleton.html", facts)
    blocks = THEME.findall(drawn)
    if len(blocks) != 1:
        log.error("office_colours_not_found", blocks=len(blocks))
    return [f"'sha256-{_digest(block)}'" for block in blocks]


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def permissions(path: str) -> str:
    """Only pages made for it may ask for the camera; no page may ask for anything else."""
    camera = "camera=(self)" if CAMERA_PAGES.match(path) else "camera=()"
    return ", ".join([camera, *(f"{name}=()" for name in FEATURES)])
