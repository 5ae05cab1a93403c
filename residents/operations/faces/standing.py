"""Consents that stand, and how they end. Called by the verbs of ways in and of consent."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from community import events
from community.models import User
from residents.models import Consent, Person


def stands(person_id: int, purpose: str) -> bool:
    """A consent that was given and not withdrawn."""
    found: bool = Consent.objects.standing().filter(person_id=person_id, purpose=purpose).exists()
    return found


def end_consents(person: Person, actor: User | None) -> None:
    """Whoever moves out or is erased consents to nothing any more. In ``events.writing``."""
    for row in Consent.objects.standing().filter(person=person).select_for_update(of=("self",)):
        end(row, "residents.consent_ended", actor)


def follow_merge(keep: Person, gone: Person, actor: User | None) -> None:
    """What the empty file consented to stays on record with the kept one, and counts no more."""
    end_consents(gone, actor)
    Consent.objects.filter(guardian=gone).exclude(person=keep).update(guardian=keep)
    Consent.objects.filter(person=gone).exclude(guardian=keep).update(person=keep)


def end(row: Consent, kind: str, actor: User | None) -> None:
    """It counts no more; ``kind`` is the event that says why. In ``events.writing``."""
    row.withdrawn_at, row.withdrawn_by = timezone.now(), actor
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(kind, row, actor)


def record(kind: str, row: Consent, actor: User | None) -> None:
    """A step of the ledger of consents is an event."""
    told: dict[str, Any] = {"consent": row.pk, "person": row.person_id, "purpose": row.purpose}
    told |= {"text": row.text_id, "guardian": row.guardian_id}
    events.record(kind, compound=row.compound_id, actor=actor, **told)
