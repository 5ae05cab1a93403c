"""A resident's pages of cars: thin callers of the verbs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from residents.operations import request_pictures


def faults_of(refusal: ValidationError) -> dict[str, str]:
    """The first sentence for each field; ``page`` where it is about none."""
    told: dict[str, Any] = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
    return {name: texts[0] for name, texts in told.items()}


def picture_of(request: HttpRequest) -> bytes:
    """The picture that was sent, read no further than a picture may be large."""
    given = request.FILES.get("picture")
    return bytes(given.read(request_pictures.MOST_BYTES + 1)) if given else b""
