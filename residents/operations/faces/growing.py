"""Who turns 14 decides alone: what a guardian agreed to is asked anew, and ends unanswered.

Up to 13 a guardian consents (Personal Information Protection Law, article 31). What stands on the
birthday goes on for a while, so that nobody stands before a shut door without having been asked.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from community import events, notifications
from residents.models import Consent, Person
from residents.operations.faces.consents import CHILD_UNDER, withdraw_consent, years_before
from residents.operations.faces.standing import record
from residents.reaching import reader

#: From the day of asking; then what the guardian agreed to counts no more.
GRACE = timedelta(days=30)


def ask_grown(today: date | None = None) -> dict[str, int]:
    """Ask everybody who is 14 by now, once, and end what was not answered in time.

    Safe to run again: how many people were ``asked``, how many consents ``outgrown``.
    """
    day = today or timezone.localdate()
    rows = Consent.objects.standing().filter(
        child=True, person__birth_date__lte=years_before(day, CHILD_UNDER)
    )
    fresh = rows.filter(asked_anew_at=None).order_by("person_id")
    people = list(fresh.values_list("person_id", flat=True).distinct())
    asked = sum(_ask(key, day) for key in people)
    late = list(rows.filter(asked_anew_at__lt=_start_of(day) - GRACE).order_by("pk"))
    for row in late:
        withdraw_consent(row, kind="residents.consent_outgrown")
    return {"asked_anew": asked, "outgrown": len(late)}


def _ask(person_id: int, day: date) -> int:
    """One message for everything that was agreed to; to the guardian as well, in other words."""
    with events.writing():
        held: Person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
        rows = Consent.objects.standing().filter(person=held, child=True, asked_anew_at=None)
        found = list(rows.select_for_update(of=("self",)).select_related("guardian__user"))
        for row in found:
            row.asked_anew_at = _start_of(day)
            row.save(update_fields=["asked_anew_at"])
            record("residents.consent_asked_anew", row, None)
        if not found:
            return 0
        facts: dict[str, Any] = {"name": held.name, "until": (day + GRACE).isoformat()}
        _tell(held, held, "residents.face_of_age", facts)
        if (guardian := found[0].guardian) is not None:
            _tell(held, guardian, "residents.face_of_age_guardian", facts)
    return 1


def _tell(child: Person, to: Person, kind: str, facts: dict[str, Any]) -> None:
    key = f"face-of-age-{child.pk}-{to.pk}"
    notifications.tell(reader(to), kind, compound=child.compound, key=key, facts=facts)


def _start_of(day: date) -> datetime:
    """Midnight: the clock runs at another hour each night."""
    return timezone.make_aware(datetime.combine(day, time.min))
