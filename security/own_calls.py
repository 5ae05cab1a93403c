"""Which calls are somebody's own: those to the homes where they live."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from residents import visiting
from residents.models import Person
from security.models import HomeCall


def calls_at(person: Person) -> Any:
    """Calls to the homes where this person lives, from the day they came to live there.

    What was said at the door before is no business of theirs.
    """
    homes = [unit.pk for unit in visiting.homes_of(person)]
    rows = HomeCall.objects.filter(compound_id=person.compound_id, unit__in=homes)
    since = person.residencies.current(timezone.localdate()).order_by("started_on").first()
    if since is not None and since.started_on is not None:
        rows = rows.filter(asked_at__date__gte=since.started_on)
    return rows
