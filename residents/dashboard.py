"""What waits in the lists of the files, for the office's sidebar."""

from __future__ import annotations

from typing import Any

from residents.models import Signal


def badges(request: Any) -> dict[str, int]:
    """Signals that wait, counted no further than a hundred."""
    rows = Signal.objects.visible_to(request.user).of(request.compound).pending()
    return {"residents.signal": rows.order_by()[:100].count()}
