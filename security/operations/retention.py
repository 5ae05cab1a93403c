"""What the gates keep of people's ways, and when it goes, by each compound's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events, retention
from community.models import RetentionRule
from security import pictures
from security.models import HomeCall, Misread, Passage, Picture, Reading

#: Rows in one transaction: the gate waits for it.
BATCH = 200
Subject = RetentionRule.Subject


def retire_pictures(now: datetime | None = None) -> int:
    """Erase the files whose time is over; their rows stay and say so. Returns the number.

    Stopped half-way, the next run goes on.
    """
    return sum(
        _tell(rule, _erase_files(rule.compound_id, cut))
        for rule, cut in _rules(Subject.PICTURES, now)
    )


def retire_face_shots(now: datetime | None = None) -> int:
    """Erase the pictures of passages by face, sooner than others: a face is sensitive. The number.

    The passage stays and says that its picture is gone.
    """
    now, erased = now or timezone.now(), 0
    for compound_id, days in retention.periods(Subject.FACE_SHOTS):
        shown = Passage.objects.filter(compound_id=compound_id, way="face").exclude(picture=None)
        count = _erase_files(
            compound_id, now - timedelta(days=days), pk__in=shown.values("picture")
        )
        retention.note(compound_id, Subject.FACE_SHOTS, days, count)
        erased += count
    return erased


def retire_readings(now: datetime | None = None) -> int:
    """Delete readings and passages whose time is over: they say who went where. The number.

    The ledger keeps its lines, which name no plate.
    """
    return sum(
        _tell(
            rule,
            _delete(Reading.objects.filter(compound_id=rule.compound_id, received_at__lt=cut))
            + _delete(Passage.objects.filter(compound_id=rule.compound_id, seen_at__lt=cut))
            # What was learnt from passages goes with the last of them.
            + _delete(Misread.objects.filter(compound_id=rule.compound_id, corrections=None)),
        )
        for rule, cut in _rules(Subject.READINGS, now)
    )


def retire_calls(now: datetime | None = None) -> int:
    """Delete calls to homes when the names of visitors go; the number."""
    now, deleted = now or timezone.now(), 0
    for compound_id, days in retention.periods(Subject.VISITS):
        rows = HomeCall.objects.filter(compound_id=compound_id)
        deleted += _delete(rows.filter(asked_at__lt=now - timedelta(days=days)))
    return deleted


def forget_calls_of(person_id: int, *, whole: bool) -> int:
    """Calls that somebody answered name no visitor any more, and if ``whole`` nobody who answered;
    how many. That somebody was called stays.
    """
    with events.writing():
        rows = HomeCall.objects.filter(answered_by=person_id)
        changed = rows.update(name="", plate="")
        if whole:
            rows.update(answered_by=None)
    return int(changed)


def _rules(subject: str, now: datetime | None) -> list[tuple[RetentionRule, datetime]]:
    now = now or timezone.now()
    rules = RetentionRule.objects.filter(subject=subject)
    return [(rule, now - timedelta(days=rule.days)) for rule in rules]


def _erase_files(compound_id: int, cut: datetime, **which: Any) -> int:
    due = Picture.objects.filter(compound_id=compound_id, erased_at=None, taken_at__lt=cut)
    due = due.filter(**which)
    erased = 0
    while batch := list(due.order_by("taken_at")[:BATCH]):
        # Files first: a row that says "erased" must be true.
        for picture in batch:
            pictures.discard(picture)
        with events.writing():
            rows = Picture.objects.filter(pk__in=[picture.pk for picture in batch])
            rows.update(erased_at=timezone.now())
        erased += len(batch)
    return erased


def _delete(old: Any) -> int:
    deleted = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with events.writing():
            old.model.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted


def _tell(rule: RetentionRule, count: int) -> int:
    if count:
        with events.writing():
            events.record(
                "retention.applied",
                compound=rule.compound_id,
                subject=rule.subject,
                days=rule.days,
                count=count,
            )
    return count
