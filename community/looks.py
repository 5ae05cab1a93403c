"""The register of looks at personal data: nobody unmasks without a reason, none goes unwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Look, User


def look(user: User, row: models.Model, field: str, reason: str) -> Any:
    """The plain value of ``row.field``, after the look is on record.

    ``row`` belongs to one compound. Raises ValidationError without a reason.
    """
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ValidationError(_("Say why you need to see this. The reason is kept."), "no_reason")
    with events.writing():
        entry = Look.objects.create(
            compound_id=row.compound_id,  # type: ignore[attr-defined]
            user=user,
            subject=row._meta.label_lower,
            subject_id=row.pk,
            field=field,
            reason=reason,
        )
        events.record(
            "personal.looked_at",
            compound=entry.compound_id,
            actor=user,
            look=entry.pk,
            subject=entry.subject,
            subject_id=row.pk,
            field=field,
        )
    return getattr(row, field)


#: A file that was shown to somebody is not noted again for them within this time.
AGAIN_AFTER = timedelta(minutes=10)
FILE = "file"


def looked_up(user: User, rows: Iterable[models.Model], reason: str) -> int:
    """Note that files were shown with masked numbers, in a search or at the desk.

    ``reason`` is a short text of ours, translated where it is shown. Returns how many were noted.
    """
    shown = {(row._meta.label_lower, row.pk): row for row in rows}
    if not shown:
        return 0
    lately = Look.objects.filter(
        user=user, field=FILE, reason=reason, at__gte=timezone.now() - AGAIN_AFTER
    )
    known = set(
        lately.filter(subject_id__in=[row.pk for row in shown.values()]).values_list(
            "subject", "subject_id"
        )
    )
    fresh = [row for key, row in shown.items() if key not in known]
    if fresh:
        with events.writing():
            _note(user, fresh, reason)
    return len(fresh)


def _note(user: User, rows: list[Any], reason: str) -> None:
    entries = Look.objects.bulk_create(
        Look(
            compound_id=row.compound_id,
            user=user,
            subject=row._meta.label_lower,
            subject_id=row.pk,
            field=FILE,
            reason=reason,
        )
        for row in rows
    )
    for entry in entries:
        events.record(
            "personal.looked_at",
            compound=entry.compound_id,
            actor=user,
            look=entry.pk,
            subject=entry.subject,
            subject_id=entry.subject_id,
            field=FILE,
        )
