"""What follows where an erased face may still be held somewhere."""

from __future__ import annotations

from community import events
from community.models import Event
from residents.models import FaceErasure
from residents.operations.faces.proof import behind
from security.models import Alert
from security.operations.alerting import close_by_key, raise_alert

#: One alert for as long as anybody may hold what was erased.
FACE_KEPT = "face_kept"


@events.on("residents.face_erasure_overdue", "security.alert_face_kept")
def alert_face_kept(event: Event) -> None:
    """A worker or device may still hold a face that was erased; who it is, is asked of the rows."""
    row = FaceErasure.objects.filter(way=event.payload.get("way_in"), proven_at=None).first()
    if row is not None:
        raise_alert(
            compound=event.compound_id,
            kind="face_kept",
            key=FACE_KEPT,
            severity=Alert.Severity.IMPORTANT,
            facts={"holders": ", ".join(str(one) for one in behind(row))},
        )


@events.on("residents.face_erasure_proven", "security.close_face_kept")
def close_face_kept(event: Event) -> None:
    late = FaceErasure.objects.filter(compound=event.compound_id, proven_at=None)
    if not late.exclude(overdue_at=None).exists():
        close_by_key(event.compound_id, FACE_KEPT)
