"""How the gates' events look in the feed: the same rows on first load, live and in a search."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from community import feed
from community.models import Compound, Event, User
from community.vision.grammar import normalise
from security.duty_rows import BUILDERS
from security.event_rows import ROWS, know
from security.models import Passage

SHOWN = 60  # rows on first load
SEARCH_BACK = timedelta(days=30)
#: These change what the page shows elsewhere, and have no line of their own.
SILENT = ("gate.passage_crossed", "device.command_ordered", "device.command_done")


@feed.present(*ROWS, *SILENT)
def rows(batch: list[Event], language: str) -> dict[int, feed.Row]:
    """Rows of gate, device and alert events; the language is already active."""
    known = know(batch)
    template = get_template("pieces/event.html")
    made: dict[int, feed.Row] = {}
    for event in batch:
        build = ROWS.get(event.kind)
        row = build(event, known) if build else None
        made[event.pk] = {
            "html": template.render({"row": row}).strip() if row else "",
            "lane": event.payload.get("lane"),
            "passage": event.payload.get("passage"),
        }
    return made


def backlog(user: User, compound: Compound, query: str = "") -> list[str]:
    """The newest rows that ``user`` may see, newest first; with ``query``, those of its plates."""
    seen = Event.objects.visible_to(user).of(compound).filter(kind__in=[*ROWS, *BUILDERS])
    if query:
        seen = seen.filter(_about_plates(user, compound, query))
    batch = list(seen.select_related("actor").order_by("-sequence")[:SHOWN])
    made = feed.rows(batch, get_language() or settings.LANGUAGE_CODE)
    return [html for event in batch if (html := made.get(event.pk, {}).get("html"))]


def _about_plates(user: User, compound: Compound, query: str) -> Q:
    since = timezone.now() - SEARCH_BACK
    found = Passage.objects.visible_to(user).of(compound)
    found = found.filter(seen_at__gte=since, plate__contains=normalise(query))
    keys = list(found.order_by("-seen_at").values_list("pk", flat=True)[:SHOWN])
    return Q(at__gte=since, kind__startswith="gate.", payload__passage__in=keys)
