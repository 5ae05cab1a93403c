"""What became of a message, in plain words for its reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Delivery, Medium, Notification

State = Delivery.State
WORDS: dict[str, Any] = {
    State.PENDING: _("%(medium)s: goes out soon"),
    State.SENDING: _("%(medium)s: is going out"),
    State.SENT: _("%(medium)s: sent %(at)s"),
    State.DELIVERED: _("%(medium)s: arrived %(at)s"),
    State.FAILED: _("%(medium)s: did not arrive, the next way was taken"),
    State.GIVEN_UP: _("%(medium)s: could not be delivered"),
}
ON_PAPER: dict[str, Any] = {
    State.PENDING: _("To be printed at the desk"),
    State.SENT: _("Printed at the desk: ask there for it"),
    State.DELIVERED: _("Handed over at the desk %(at)s"),
}


def of_messages(rows: Iterable[Notification]) -> dict[int, list[str]]:
    """For each message the ways that it took, in their order; one question for all."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    ways = Delivery.objects.filter(notification__in=[row.pk for row in rows]).order_by("pk")
    for way in ways.only("notification_id", "medium", "state", "finished_at"):
        found[way.notification_id].append(_said(way))
    return dict(found)


def _said(way: Delivery) -> str:
    words = ON_PAPER if way.medium == Medium.PAPER else {}
    said = words.get(way.state) or WORDS[way.state]
    at = f"{timezone.localtime(way.finished_at):%m-%d %H:%M}" if way.finished_at else ""
    return str(said) % {"medium": way.get_medium_display(), "at": at}
