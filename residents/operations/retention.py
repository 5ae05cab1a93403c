"""What the files keep for a time only: signs, photographs of documents, requests, notices.

Files go after their rows are gone for good: a row never promises a picture that is no more there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from community import events, retention
from community.models import RetentionRule
from residents.models import (
    Notice,
    RegistrationPhoto,
    RequestPicture,
    ServiceRequest,
    Sign,
)

#: Rows in one transaction: the gate waits for it.
BATCH = 200
Subject = RetentionRule.Subject
#: With the desk or the police: a photograph may still be asked for.
IN_WORK = ("submitted", "accepted", "reported")


def retire_files(now: datetime | None = None) -> dict[str, int]:
    """Erase what each compound's periods no longer allow; the number of rows by subject.

    Stopped half-way, the next run goes on.
    """
    now, erased = now or timezone.now(), dict.fromkeys(map(str, ROWS), 0)
    for subject, due in ROWS.items():
        for compound_id, days in retention.periods(subject):
            count = _erase(due(compound_id, now - timedelta(days=days)))
            erased[str(subject)] += count
            retention.note(compound_id, subject, days, count)
    return erased


def _signs(compound_id: int, cut: datetime) -> Any:
    return Sign.objects.of(compound_id).filter(on__lt=timezone.localdate(cut))


def _documents(compound_id: int, cut: datetime) -> Any:
    rows = RegistrationPhoto.objects.filter(compound_id=compound_id, taken_at__lt=cut)
    return rows.exclude(registration__state__in=IN_WORK)


def _requests(compound_id: int, cut: datetime) -> Any:
    """Done, or closed without work, all that long ago; what is open stays."""
    rows = ServiceRequest.objects.of(compound_id)
    done = Q(state__in=["done", "rated"], done_at__lt=cut)
    return rows.filter(done | Q(state__in=["refused", "withdrawn"], created_at__lt=cut))


def _notices(compound_id: int, cut: datetime) -> Any:
    rows = Notice.objects.of(compound_id)
    over = Q(withdrawn_at__lt=cut) | Q(ends_at__lt=cut) | Q(ends_at=None, publish_at__lt=cut)
    return rows.filter(over)


ROWS: dict[str, Callable[[int, datetime], Any]] = {
    Subject.SIGNS: _signs,
    Subject.DOCUMENTS: _documents,
    Subject.REQUESTS: _requests,
    Subject.NOTICES: _notices,
}


def _erase(due: Any) -> int:
    erased = 0
    while ids := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with events.writing():
            erase_rows(due.model, ids)
        erased += len(ids)
    return erased


def erase_rows(model: Any, ids: list[int]) -> None:
    """Delete rows with all that hangs on them, in the open transaction; their files follow it."""
    files: list[str] = []
    if model is RegistrationPhoto:
        files = list(model.objects.filter(pk__in=ids).values_list("file", flat=True))
    elif model is ServiceRequest:
        pictures = RequestPicture.objects.filter(request__in=ids)
        files = list(pictures.values_list("file", flat=True))
    model.objects.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: _unlink(files))


def _unlink(files: list[str]) -> None:
    for name in files:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
