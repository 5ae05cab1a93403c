"""Erases what its rule no longer lets us keep, in batches that never hold the writer long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from community import events
from community.models import Event, HandlerRun, LedgerHead, Look, Notification, RetentionRule

BATCH = 500


def retire(now: datetime | None = None) -> dict[str, int]:
    """Apply every rule of the floor's own records; returns rows erased per subject."""
    now = now or timezone.now()
    erased: dict[str, int] = {}
    for rule in RetentionRule.objects.all():
        cut = now - timedelta(days=rule.days)
        count = 0
        if rule.subject == RetentionRule.Subject.EVENTS:
            count = _retire_events(rule.compound_id, cut)
        elif rule.subject == RetentionRule.Subject.LOOKS:
            count = _retire_rows(Look, rule.compound_id, {"at__lt": cut})
        elif rule.subject == RetentionRule.Subject.NOTIFICATIONS:
            count = _retire_rows(Notification, rule.compound_id, {"created_at__lt": cut})
        erased[rule.subject] = erased.get(rule.subject, 0) + count
        if count:
            _note(rule, count)
    return erased


def _note(rule: RetentionRule, count: int) -> None:
    with events.writing():
        events.record(
            "retention.applied",
            compound=rule.compound_id,
            subject=rule.subject,
            days=rule.days,
            count=count,
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
