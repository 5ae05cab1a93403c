"""The face engine of this installation, its models loaded once for each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from community.vision.engines import load_faces
from community.vision.faces.contract import FaceEngine


@cache
def engine(threads: int = 1) -> FaceEngine:
    """As LINLI_FACE_ENGINE and LINLI_FACE_MODEL say. Raises EngineUnavailable.

    Whoever recognises many faces calls this in a process of its own before its first frame.
    """
    model = Path(settings.FACE_MODEL) if settings.FACE_MODEL else None
    name, folder = settings.FACE_ENGINE, Path(settings.MODEL_FOLDER)
    return load_faces(name, threads=threads, folder=folder, model=model)
