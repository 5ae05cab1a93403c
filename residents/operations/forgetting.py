"""Visitors whose visit is long over: names, numbers, plates and codes go, comings and goings stay.

What a person shows of the past must not depend on who came; the counts of nights and of passes do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from community import events, retention
from community.models import RetentionRule
from residents.models import Visit, VisitPlate, VisitStay

#: Stands where a name stood.
NOBODY = "—"
BATCH = 200
SUBJECT = RetentionRule.Subject.VISITS


def forget_visits(rows: Any) -> int:
    """Take from these visits all that says who came; how many. In the open transaction."""
    keys = list(rows.values_list("pk", flat=True))
    VisitPlate.objects.filter(visit__in=keys).delete()
    VisitStay.objects.filter(visit__in=keys).exclude(plate="").update(plate="")
    gone = {"name": NOBODY, "phone": "", "secret": "", "spoken": "", "spoken_index": ""}
    return int(Visit.objects.filter(pk__in=keys).update(**gone))


def retire_visits(now: datetime | None = None) -> int:
    """Forget who came with visits that are over for longer than their period; how many.

    Nobody who is still inside is forgotten. Stopped half-way, the next run goes on.
    """
    now, total = now or timezone.now(), 0
    for compound_id, days in retention.periods(SUBJECT):
        due = _over(compound_id, now - timedelta(days=days))
        count = 0
        while keys := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with events.writing():
                count += forget_visits(Visit.objects.filter(pk__in=keys))
        retention.note(compound_id, SUBJECT, days, count)
        total += count
    return total


def _over(compound_id: int, cut: datetime) -> Any:
    rows = Visit.objects.of(compound_id).exclude(name=NOBODY)
    over = rows.filter(Q(ends_at__lt=cut) | Q(revoked_at__lt=cut))
    inside = VisitStay.objects.inside().filter(compound_id=compound_id)
    return over.exclude(pk__in=inside.values("visit"))
