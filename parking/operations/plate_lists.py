"""Plates that are let in, or kept out, by a list: with a reason and an end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from community import events
from community.models import Compound
from parking.models import ListEntry
from parking.operations import rules

if TYPE_CHECKING:
    from community.models import User


def list_plate(
    *,
    compound: Compound,
    plate: str,
    kind: str,
    reason: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: User | None = None,
) -> ListEntry:
    """Put a plate on a list; raises ValidationError that names the field."""
    plate, reason = rules.clean_plate(plate), rules.clean_text("reason", reason, 120)
    start = valid_from or rules.today(compound)
    if kind not in ListEntry.Kind.values:
        raise rules.fault("kind", "kind_unknown")
    if not reason:
        raise rules.fault("reason", "reason_missing")
    if valid_until is not None and valid_until < start:
        raise rules.fault("valid_until", "ends_before_start")
    with events.writing():
        _end_lapsed(compound, plate)
        try:
            with transaction.atomic():
                entry: ListEntry = ListEntry.objects.create(
                    compound=compound, plate=plate, kind=kind, reason=reason, valid_from=start,
                    valid_until=valid_until,
                )  # fmt: skip
        except IntegrityError as error:
            raise rules.fault("plate", "plate_on_list") from error
        events.record(
            "parking.plate_listed", compound=compound, actor=actor, entry=entry.pk, of=kind
        )
    return entry


def unlist_plate(entry: ListEntry, *, actor: User | None = None) -> ListEntry:
    """Take a plate off its list; a second time changes nothing."""
    with events.writing():
        entry = ListEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if entry.ended_at is None:
            entry.ended_at = timezone.now()
            entry.save(update_fields=["ended_at"])
            events.record(
                "parking.plate_unlisted", compound=entry.compound_id, actor=actor, entry=entry.pk
            )
    return entry


def _end_lapsed(compound: Compound, plate: str) -> None:
    """An entry whose last day is over stands in nobody's way."""
    over = ListEntry.objects.of(compound).running().filter(plate=plate)
    over.filter(valid_until__lt=rules.today(compound)).update(ended_at=timezone.now())
