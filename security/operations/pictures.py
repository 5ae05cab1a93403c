"""Rows of pictures, kept with their lane."""

from __future__ import annotations

from datetime import datetime

import structlog

from community.models import Lane
from security import pictures
from security.models import Alert, Picture
from security.operations.alerting import open_alert, raise_alert

log = structlog.get_logger(__name__)
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
