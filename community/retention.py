"""Erases what its rule no longer lets us keep, in batches that never hold the writer long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from community import events
from community.models import (
    Compound,
    Event,
    HandlerRun,
    LedgerHead,
    Look,
    Notification,
    RetentionRule,
)

BATCH = 500
Subject = RetentionRule.Subject
#: Days kept where a compound has set no period of its own. Personal data goes as soon as its
#: purpose is served (Personal Information Protection Law, articles 19 and 47); what law keeps for
#: longer (video, the ledger, looks) is kept until a compound says how long.
DEFAULTS: dict[str, int] = {
    Subject.NOTIFICATIONS: 180,
    Subject.SIGNS: 90,
    Subject.DOCUMENTS: 180,
    Subject.REQUESTS: 730,
    Subject.NOTICES: 1095,
    Subject.REGISTRATIONS: 1095,
    Subject.VISITS: 30,
    Subject.PARCELS: 180,
    Subject.LICENCES: 30,
    Subject.CAR_REPORTS: 180,
    # Vouchers are kept for 30 years (Accounting Archives Measures of 2015, annex 1); a claim may
    # be raised for three years (Civil Code, article 188).
    Subject.PAYMENTS: 10958,
    Subject.DEBTS: 1096,
    # A face is sensitive; its picture serves until a doubt about the passage is settled.
    Subject.FACE_SHOTS: 3,
}


def days_kept(compound_id: int, subject: str) -> int | None:
    """How many days a class of records is kept in a compound; None: without end."""
    own = RetentionRule.objects.filter(compound_id=compound_id, subject=subject).first()
    return own.days if own else DEFAULTS.get(subject)


def periods(subject: str) -> list[tuple[int, int]]:
    """(compound, days kept) of every compound where a class of records goes by itself."""
    own = dict(RetentionRule.objects.filter(subject=subject).values_list("compound_id", "days"))
    ours = DEFAULTS.get(subject)
    compounds = Compound.objects.order_by("pk").values_list("pk", flat=True)
    found = ((pk, own.get(pk, ours)) for pk in compounds)
    return [(pk, days) for pk, days in found if days is not None]


def retire(now: datetime | None = None) -> dict[str, int]:
    """Apply the periods of the floor's own records; returns rows erased per subject."""
    now = now or timezone.now()
    erased: dict[str, int] = {}
    for subject in (Subject.EVENTS, Subject.LOOKS, Subject.NOTIFICATIONS):
        for compound_id, days in periods(subject):
            cut = now - timedelta(days=days)
            count = _retire(subject, compound_id, cut)
            erased[subject] = erased.get(subject, 0) + count
            note(compound_id, subject, days, count)
    return erased


def _retire(subject: str, compound_id: int, cut: datetime) -> int:
    if subject == Subject.EVENTS:
        return _retire_events(compound_id, cut)
    if subject == Subject.LOOKS:
        return _retire_rows(Look, compound_id, {"at__lt": cut})
    return _retire_rows(Notification, compound_id, {"created_at__lt": cut})


def note(compound_id: int, subject: str, days: int, count: int) -> None:
    """One line in the ledger for what went; none where nothing did."""
    if not count:
        return
    with events.writing():
        events.record(
            "retention.applied", compound=compound_id, subject=subject, days=days, count=count
        )


def _retire_events(compound_id: int, cut: datetime) -> int:
    """Move the low-water mark first, then erase below it: the triggers allow nothing else.

    The mark stops before an event whose handlers are still to run.
    """
    old = Event.objects.filter(compound_id=compound_id, recorded_at__lt=cut)
    mark = old.aggregate(mark=Max("sequence"))["mark"]
    waiting = (
        HandlerRun.objects.filter(compound_id=compound_id, state="pending")
        .order_by("event__sequence")
        .values_list("event__sequence", flat=True)
        .first()
    )
    if mark is None:
        return 0
    mark = min(mark, waiting - 1) if waiting else mark
    with events.writing():
        LedgerHead.objects.filter(pk=compound_id, low_water__lt=mark).update(low_water=mark)
    return _retire_rows(Event, compound_id, {"sequence__lte": mark})


def _retire_rows(model: type, compound_id: int, where: dict[str, object]) -> int:
    total = 0
    while True:
        with events.writing():
            rows = model.objects.filter(compound_id=compound_id, **where)  # type: ignore[attr-defined]
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                return total
            model.objects.filter(pk__in=ids).delete()  # type: ignore[attr-defined]
            total += len(ids)
