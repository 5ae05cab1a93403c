"""The link by which somebody opens their own account, as text and as a code to scan."""

from __future__ import annotations

from typing import Any

import segno
from django.urls import reverse
from django.utils.safestring import mark_safe

from community.models import User
from residents import operations
from residents.models import Person


def link(request: Any, person: Person, *, actor: User | None) -> dict[str, Any]:
    """A fresh invitation: ``address`` and ``code`` (SVG). An older one opens nothing any more."""
    token = operations.invite_person(person, actor=actor)
    address = request.build_absolute_uri(reverse("home-join", args=[token]))
    svg = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2)
    return {"address": address, "code": mark_safe(svg)}  # noqa: S308 - drawn from our own address
