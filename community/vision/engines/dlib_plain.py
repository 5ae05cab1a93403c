"""The package `face_recognition` as it is: the reference that the quick engine is measured by.

Its encoder holds the GIL and takes ten times as long as the same network in onnxruntime
(`dlib_onnx`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from community.vision.engines.dlib_finder import Finder, modules
from community.vision.engines.dlib_network import SIZE
from community.vision.faces.contract import Chip, Vectors

VERSION = "dlib-resnet-v1"


class DlibEngine(Finder):
    """See FaceEngine."""

    name = "dlib"
    version = VERSION
    size = SIZE

    def __init__(self) -> None:
        super().__init__()
        dlib, models = modules()
        self._encoder = dlib.face_recognition_model_v1(models.face_recognition_model_location())
        self._alone = Lock()  # the network keeps what it works on

    def encode(self, chips: Sequence[Chip]) -> Vectors:
        """See FaceEngine."""
        with self._alone:
            found = [np.array(self._encoder.compute_face_descriptor(chip)) for chip in chips]
        return np.array(found, np.float32).reshape(-1, SIZE)


def build(*, threads: int = 1, folder: Path | None = None, model: Path | None = None) -> DlibEngine:
    """The engine; `threads`, `folder` and `model` mean nothing to it. Raises EngineUnavailable."""
    return DlibEngine()
