"""One line of the feed for each kind of event; what the events point to is read in batches."""

from __future__ import annotations

from collections.abc import Callable

from community.models import Event
from security.event_rows import corrections, gates
from security.event_rows.alerts import of_alert
from security.event_rows.calls import of_call
from security.event_rows.devices import DEVICES, of_device
from security.event_rows.parking import of_area
from security.event_rows.row import EventRow, Known, know

__all__ = ["ROWS", "EventRow", "Known", "know"]

ROWS: dict[str, Callable[[Event, Known], EventRow | None]] = {
    "gate.passage_decided": gates.decided,
    "gate.passage_stored": gates.stored,
    "gate.opened_by_hand": gates.opened_by_hand,
    "gate.passage_refused": gates.refused,
    "gate.passage_gone": gates.gone,
    "gate.face_mistaken": gates.face_mistaken,
    "gate.plate_corrected": corrections.corrected,
    "gate.correction_undone": corrections.undone,
    "gate.kept_open": gates.kept_open,
    "gate.released": gates.released,
    "gate.home_called": of_call,
    "gate.home_answered": of_call,
    "gate.home_call_ended": of_call,
    "alert.raised": of_alert,
    "alert.acknowledged": of_alert,
    "alert.assigned": of_alert,
    "alert.closed": of_alert,
    "parking.area_full": of_area,
    "parking.area_free": of_area,
    **dict.fromkeys(DEVICES, of_device),
}
