"""Lines of the feed about guards themselves: shifts, changes at a screen, patrols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext as _

from community import feed
from community.models import Event, User
from security.event_rows import EventRow
from security.models import PatrolRound

Known = dict[int, Any]
#: These change other pages, or an alert says them already: no line of their own.
SILENT = (
    "shift.prepared",
    "shift.withdrawn",
    "patrol.point_confirmed",
    "patrol.incomplete",
    "patrol.missed",
)


def _signed(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    return "due", _("Shift"), _("%(who)s has signed the handover.") % _who(event, users)


def _accepted(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    before = users.get(event.payload.get("outgoing", 0), "")
    facts = _who(event, users) | {"before": before}
    return "allow", _("Shift"), _("%(who)s has taken the shift over from %(before)s.") % facts


def _changed(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    before = users.get(event.payload.get("previous", 0), "")
    facts = _who(event, users) | {"before": before}
    return "info", _("Guard"), _("%(who)s works at the screen of %(before)s now.") % facts


def _refused(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    named = users.get(event.payload.get("user", 0), "")
    facts = _who(event, users) | {"named": named}
    said = _("At the screen of %(who)s, somebody could not prove to be %(named)s.")
    return "deny", _("Guard"), said % facts


def _started(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    facts = _who(event, users) | {"route": _route(event, rounds)}
    return "info", _("Patrol"), _("%(who)s walks “%(route)s”.") % facts


def _done(event: Event, users: Known, rounds: Known) -> tuple[str, str, str]:
    return "allow", _("Patrol"), _("“%(route)s” is complete.") % {"route": _route(event, rounds)}


BUILDERS: dict[str, Callable[[Event, Known, Known], tuple[str, str, str]]] = {
    "shift.signed": _signed,
    "shift.accepted": _accepted,
    "guard.changed": _changed,
    "guard.change_refused": _refused,
    "patrol.started": _started,
    "patrol.done": _done,
}


def _who(event: Event, users: Known) -> dict[str, Any]:
    return {"who": users.get(event.actor_id or 0, _("A guard"))}


def _route(event: Event, rounds: Known) -> str:
    found = rounds.get(event.payload.get("round", 0))
    if found is None:
        return _("a round")
    return f"{found.route.name} {timezone.localtime(found.planned_at):%H:%M}"


@feed.present(*BUILDERS, *SILENT)
def rows(batch: list[Event], language: str) -> dict[int, feed.Row]:
    """Rows of duty events; the language is already active."""
    told = [event for event in batch if event.kind in BUILDERS]
    people = {event.actor_id for event in told} | {
        event.payload.get(name) for event in told for name in ("outgoing", "previous", "user")
    }
    users = {row.pk: row for row in User.objects.filter(pk__in=people - {None})} if told else {}
    keys = {event.payload["round"] for event in told if "round" in event.payload}
    rounds = {
        row.pk: row
        for row in (PatrolRound.objects.filter(pk__in=keys).select_related("route") if keys else ())
    }
    template = get_template("pieces/event.html")
    made: dict[int, feed.Row] = {}
    for event in batch:
        html = ""
        if event.kind in BUILDERS:
            mark, who, why = BUILDERS[event.kind](event, users, rounds)
            row = EventRow(event.sequence, event.at, mark, who, why, "", groups="duty", who=who)
            html = template.render({"row": row}).strip()
        made[event.pk] = {"html": html, "lane": None, "passage": None}
    return made
