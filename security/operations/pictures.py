"""Rows of pictures: kept with their lane, erased when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from community import events
from community.models import Lane, RetentionRule
from security import pictures
from security.models import Alert, Picture
from security.operations.alerting import open_alert, raise_alert

log = structlog.get_logger(__name__)
BATCH = 200
DISK_KEY = "pictures-disk"


def keep_picture(data: bytes, lane: Lane, taken_at: datetime) -> Picture | None:
    """File and row of a picture of a lane; None where it is none, or the disk has no room."""
    try:
        picture = pictures.write(
            data, compound_id=lane.compound_id, lane_id=lane.pk, taken_at=taken_at
        )
    except pictures.PictureRefused as error:
        log.warning("picture_refused", lane=lane.pk, why=str(error))
        return None
    except OSError as error:
        tell_disk_full(lane.compound_id, error)
        return None
    picture.save()
    return picture


def tell_disk_full(compound_id: int, error: OSError) -> None:
    """One alert for as long as it stays open, however many pictures are lost."""
    log.error("picture_not_written", compound=compound_id, errno=error.errno)
    if open_alert(compound_id, DISK_KEY) is None:
        raise_alert(
            compound=compound_id,
            kind="disk_full",
            key=DISK_KEY,
            severity=Alert.Severity.IMPORTANT,
            facts={"errno": error.errno or 0},
        )


def retire_pictures(now: datetime | None = None) -> int:
    """Erase the files whose time is over by each compound's rule; the rows stay and say so.

    Stopped half-way, the next run goes on. Returns the number erased.
    """
    now = now or timezone.now()
    rules = RetentionRule.objects.filter(subject=RetentionRule.Subject.PICTURES)
    return sum(_retire(rule, now) for rule in rules)


def _retire(rule: RetentionRule, now: datetime) -> int:
    due = Picture.objects.filter(
        compound_id=rule.compound_id, erased_at=None, taken_at__lt=now - timedelta(days=rule.days)
    )
    erased = 0
    while batch := list(due.order_by("taken_at")[:BATCH]):
        # Files first: a row that says "erased" must be true.
        for picture in batch:
            pictures.discard(picture)
        with events.writing():
            rows = Picture.objects.filter(pk__in=[picture.pk for picture in batch], erased_at=None)
            rows.update(erased_at=now)
        erased += len(batch)
    return erased
