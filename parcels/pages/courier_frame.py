"""What stands around every step of a courier: the bank, what is free, what was done this time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Window
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from community.prepared import Prepared
from parcels import operations
from parcels.models import Compartment, Courier, LockerBank, Parcel, ParcelQuestion, Unanswered, Way
from parcels.operations.asking import STALE
from parcels.operations.telling import rule_of
from parcels.pages.who import SINCE

SHOWN, ASKED = 12, 8
#: What a recipient answered, as the courier does it.
ANSWERED = {
    Way.LOCKER: _("Into the locker"),
    Way.DESK: _("To the desk"),
    Way.DOOR: _("To the door"),
    Way.NEIGHBOUR: _("To the neighbour"),
}
#: A box of each size: its top, its height and the line of its lid, in a drawing of 100 x 100.
BOXES = {"small": (64, 30, 72.4), "medium": (42, 52, 56.6), "large": (10, 84, 33.5)}


#: What a courier put in this time, the last ones, and how many it is in all.
_done = Prepared(
    lambda courier, since: Parcel.objects.of_courier(courier).filter(created_at__gte=since)
    .exclude(state__in=[Parcel.State.OPENING, Parcel.State.UNDONE])
    .annotate(count=Window(Count("pk"))).order_by("-pk")
    .values_list("state", "waybill_tail", "label", "compartment__number", "person__name", "count")
    [:SHOWN],
    courier=int, since=datetime,
)  # fmt: skip
_waiting = Prepared(
    lambda courier, since: ParcelQuestion.objects.unsettled()
    .filter(courier=courier, asked_at__gt=since).select_related("person")
    .only("compound", "waybill", "until", "way", "answered_at", "settled", "person__name")
    .order_by("-answered_at", "until")[:ASKED],
    courier=int, since=datetime,
)  # fmt: skip


def frame(request: HttpRequest, courier: Courier, bank: LockerBank) -> dict[str, Any]:
    """What stands around every step: the bank, what is free, what was put in this time."""
    since = parse_datetime(request.session.get(SINCE, "")) or timezone.now() - timedelta(hours=1)
    rows = _done(courier=courier.pk, since=since)
    free = operations.free_by_size(bank)
    sizes = [
        (size, Compartment.Size(size).label, free[size], getattr(bank, f"{size}_cm"), *BOXES[size])
        for size in free
    ]
    done = [
        {"state": Parcel.State(state).label, "tail": tail, "number": number,
         "name": f"{(name or label)[:1]}*"}
        for state, tail, label, number, name, _all in rows
    ]  # fmt: skip
    return {
        "courier": courier, "bank": bank, "sizes": sizes, "done": done,
        "count": rows[0][-1] if rows else 0, "errors": {}, "asked": waiting(courier),
    }  # fmt: skip


def said(refusal: ValidationError) -> dict[str, str]:
    """Refusals by the field under which they stand; ``page`` for those of none."""
    told = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
    fields = ("waybill", "tail", "hint", "size", "label")
    return {name if name in fields else "page": texts[0] for name, texts in told.items()}


def waiting(courier: Courier) -> list[dict[str, Any]]:
    """Questions that this courier asked and has not settled, answered ones first."""
    since = timezone.now() - STALE
    found = [standing(row) for row in _waiting(courier=courier.pk, since=since)]
    return sorted(found, key=lambda one: one["state"] == "waits")


def standing(row: ParcelQuestion) -> dict[str, Any]:
    """How a question stands: ``waits``, ``answered`` (``way``) or ``silent``, and what follows."""
    state = "waits" if row.is_open(timezone.now()) else "answered" if row.way else "silent"
    follows = row.way
    if state == "silent":
        desk = rule_of(row.compound_id).unanswered == Unanswered.DESK
        follows = Way.DESK if desk else ""
    name = row.person.name[:1]
    word = ANSWERED.get(Way(row.way)) if row.way else ""
    return {"row": row, "state": state, "follows": follows, "name": f"{name}*", "word": word}
