"""Lines about plates that a person put right."""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.models import Event
from security.event_rows.row import EventRow, Known, actor, of_passage, signed


def corrected(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    read = passage.read_as if passage else ""
    if read:
        said = _("Plate put right: it was read as %(read)s.") % {"read": read}
    else:
        said = _("Plate put right.")
    return _by_hand(event, known, said)


def undone(event: Event, known: Known) -> EventRow:
    return _by_hand(event, known, _("The correction of the plate was taken back."))


def _by_hand(event: Event, known: Known, said: str) -> EventRow:
    return of_passage(
        event,
        known,
        mark="hand",
        label=_("By hand"),
        why=signed(said, actor(event, known)),
        groups="car hand",
    )
