"""Lines about calls to homes: who was called, and what the home said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.models import Event
from security.event_rows.row import EventRow, Known, actor, joined
from security.models import HomeCall

MARKS = {"let_in": "allow", "refused": "deny"}


def of_call(event: Event, known: Known) -> EventRow | None:
    call = known.calls.get(event.payload.get("call", 0))
    if call is None:
        return None
    said = str(event.payload.get("answer", "ringing"))
    who = call.name or str(call.get_kind_display())
    return EventRow(
        event.sequence,
        event.at,
        MARKS.get(said, "info"),
        str(HomeCall.State(said).label) if said in HomeCall.State.values else _("Note"),
        _("%(who)s for %(home)s") % {"who": who, "home": call.unit.code},
        joined(call.lane.name, actor(event, known)),
        groups="car",
        who=_("Call to a home"),
        lane=call.lane_id,
    )
