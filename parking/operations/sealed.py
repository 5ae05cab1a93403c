"""The one picture that a row may have: bounded before it is decoded, sealed, taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from residents.operations import request_pictures
from residents.operations.sealing import drop_all


@contextmanager
def taken(compound_id: int, data: bytes) -> Iterator[dict[str, Any]]:
    """Columns of a row for a picture from outside; the file goes again where the verb fails.

    Raises ValidationError under ``picture`` for what is none, or too large.
    """
    try:
        kept = request_pictures.keep(compound_id, [data]) if data else []
    except ValidationError as refusal:
        raise ValidationError({"picture": refusal.error_dict["pictures"]}) from refusal
    try:
        yield {"file": kept[0].file, "seal": kept[0].seal} if kept else {}
    except BaseException:
        for one in kept:
            one.drop()
        raise


def shown(row: Any) -> bytes | None:
    """The JPEG of a row; None where it never had one, or has it no longer."""
    return request_pictures.open_picture(row) if row.file else None


def removed(rows: Any) -> int:
    """Take the pictures of these rows away: files first, so that an empty row tells the truth."""
    found = list(rows.exclude(file="").order_by("pk").values_list("pk", "file"))
    drop_all(name for _pk, name in found)
    changed = rows.model.objects.filter(pk__in=[pk for pk, _name in found])
    return int(changed.update(file="", seal="", picture_removed_at=timezone.now()))
