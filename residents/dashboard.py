"""What waits in the lists of the files, for the office's sidebar."""

from __future__ import annotations

from typing import Any

from residents.models import Signal


def badges(request: Any) -> dict[str, Any]:
    """Signals that wait, for the sidebar to count."""
    rows = Signal.objects.visible_to(request.user).of(request.compound)
    return {"residents.signal": rows.pending()}
