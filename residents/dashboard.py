"""What waits in the lists of the files, for the office's sidebar."""

from __future__ import annotations

from typing import Any

from residents import face_office
from residents.models import FaceErasure, Signal

MANAGERS = frozenset({"manager"})
REGISTRARS = MANAGERS | {"installer"}


def badges(request: Any) -> dict[str, Any]:
    """Signals that wait and what faces lack, for the sidebar to count."""
    user, compound = request.user, request.compound
    signals = Signal.objects.visible_to(user).of(compound).pending()
    late = FaceErasure.objects.visible_to(user).of(compound).filter(proven_at=None)
    found: dict[str, Any] = {"residents.signal": signals}
    found["residents.faceerasure"] = late.exclude(overdue_at=None)
    if user.roles_in(compound) & REGISTRARS:
        found["residents.camerasign"] = face_office.without_sign(compound)
    if user.roles_in(compound) & MANAGERS:
        found["residents.faceassessment"] = face_office.due_assessments(compound)
    return found
