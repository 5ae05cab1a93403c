"""What the office's first page says of the set-up, until it is complete."""

from __future__ import annotations

from typing import Any

from community.dashboard import Panel
from security.setup.access import SETTERS
from security.setup.steps import CheckList


def panels(request: Any) -> list[Panel]:
    """One card above the others; none for who sets nothing up, or once all is done."""
    if not request.user.roles_in(request.compound) & SETTERS:
        return []
    steps = CheckList(request.user, request.compound)
    if steps.is_complete:
        return []
    left = [step for step in steps.steps if not step.is_done]
    context = {"list": steps, "next": steps.next, "left": left[:3], "more": len(left) > 3}
    return [Panel("office/setup.html", context, wide=True, order=-1)]
