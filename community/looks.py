"""The register of looks at personal data: nobody unmasks without a reason, none goes unwritten."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
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
