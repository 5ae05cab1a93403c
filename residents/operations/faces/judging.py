"""One picture judged at once, before anything is stored: one at a time in each process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _

from community.vision.engines import EngineUnavailable
from community.vision.faces import quality
from community.vision.faces.contract import FaceEngine
from residents import face_engine, rules

#: Seconds that somebody waits for those before them.
PATIENCE = 8.0
#: The detector keeps state while it looks: two at once would mix their pictures up.
_turn = BoundedSemaphore(1)


def judge_picture(data: bytes) -> quality.Judgement:
    """What is wrong with a picture as it was sent, or its vector. Keeps nothing.

    Raises ValidationError where this installation has no engine, or too many are waiting.
    """
    with _engine() as engine:
        return quality.judge_bytes(engine, data)


def engine_version() -> str:
    """The version of this installation's vectors. Raises ValidationError without an engine."""
    with _engine() as engine:
        return engine.version


@contextmanager
def _engine() -> Iterator[FaceEngine]:
    if not _turn.acquire(timeout=PATIENCE):
        words = _("Many people are taking pictures just now. Try again in a moment.")
        raise rules.fault("pictures", "busy", words)
    try:
        yield _loaded()
    finally:
        _turn.release()


def _loaded() -> FaceEngine:
    try:
        return face_engine.engine()
    except EngineUnavailable as error:
        words = _("Faces cannot be taken here just now. Use your other way in, and tell the desk.")
        raise rules.fault("pictures", "engine_missing", words) from error
