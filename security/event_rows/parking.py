"""Lines about car parks: full, and with room again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.models import Event
from security.event_rows.row import EventRow, Known


def of_area(event: Event, known: Known) -> EventRow | None:
    area = known.areas.get(event.payload.get("area", 0))
    if area is None:
        return None
    full = event.kind == "parking.area_full"
    return EventRow(
        event.sequence,
        event.at,
        "due" if full else "info",
        _("Full") if full else _("Room again"),
        _("All %(n)s places are taken. Visitors wait, residents still come in.")
        % {"n": area.capacity}
        if full
        else _("A place is free. Visitors may come in again."),
        str(area),
        who=_("Car park"),
    )
