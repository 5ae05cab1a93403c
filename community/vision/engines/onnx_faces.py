"""Any ONNX model that turns an upright face into a vector, given by its path.

Faces are found as by the other engines, then turned upright by five points (eyes, nose, corners of
the mouth) into the places that the models of the ArcFace family expect. The model has one picture
as input, (n, 3, side, side) or (n, side, side, 3), and one vector a picture as output. Which
numbers it wants may stand beside it, in a file of the same name that ends in .json:

    {"mean": 127.5, "scale": 127.5, "colour": "rgb"}

are what is taken without it: (pixel - mean) / scale, in red green blue.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.engines.base import EngineUnavailable
from community.vision.engines.dlib_finder import Finder, mirrored
from community.vision.engines.ppocr_nets import open_session
from community.vision.faces.contract import Chip, Face, Landmarks, Vectors
from community.vision.pictures import three_channels

# Where the five points lie in a chip of 112 x 112: the alignment of ArcFace (insightface).
PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]], np.float64,
)  # fmt: skip
PLACES_SIDE = 112
SIDES = 32, 512
USUAL = {"mean": 127.5, "scale": 127.5, "colour": "rgb"}


class OnnxEngine(Finder):
    """See FaceEngine. Its version is the model's own hash: another model is another space."""

    name = "onnx"

    def __init__(self, path: Path, threads: int) -> None:
        super().__init__()
        self._session = open_session(path, threads)
        self._wants = _wants(path)
        taken, given = self._session.get_inputs(), self._session.get_outputs()
        if len(taken) != 1 or len(taken[0].shape) != 4 or len(given[0].shape) != 2:
            raise EngineUnavailable(f"{path.name} takes no single picture or gives no vector")
        self._input = taken[0].name
        shape = taken[0].shape
        self._planes_first = shape[1] == 3
        self._side = shape[2]
        self._floats = taken[0].type == "tensor(float)"
        if not isinstance(self._side, int) or not SIDES[0] <= self._side <= SIDES[1]:
            raise EngineUnavailable(f"{path.name} does not say how large its pictures are")
        told = json.dumps(self._wants, sort_keys=True).encode()
        self.version = "onnx-" + sha256(path.read_bytes() + told).hexdigest()[:24]
        self.size = int(self.encode([np.zeros((self._side, self._side, 3), np.uint8)]).shape[1])

    def chips(self, frame: Frame, faces: Sequence[Face]) -> list[Chip]:
        """Chips of the side that the model takes."""
        picture = three_channels(frame)
        return [] if picture is None else [self._aligned(picture, face) for face in faces]

    def views(self, frame: Frame, face: Face) -> list[Chip]:
        """The face and its mirror image."""
        return [view for chip in self.chips(frame, [face]) for view in (chip, mirrored(chip))]

    def encode(self, chips: Sequence[Chip]) -> Vectors:
        """See FaceEngine."""
        if not len(chips):
            return np.zeros((0, self.size), np.float32)
        batch: NDArray[Any] = np.stack(chips)
        if self._wants["colour"] == "bgr":
            batch = batch[..., ::-1]
        if self._planes_first:
            batch = batch.transpose(0, 3, 1, 2)
        if self._floats:
            mean, scale = np.float32(self._wants["mean"]), np.float32(self._wants["scale"])
            batch = (batch.astype(np.float32) - mean) / scale
        found = self._session.run(None, {self._input: np.ascontiguousarray(batch)})[0]
        return np.asarray(found, np.float32).reshape(len(chips), -1)

    def _aligned(self, picture: Frame, face: Face) -> Chip:
        turn = similarity(five_points(face.landmarks), PLACES * (self._side / PLACES_SIDE))
        chip = cv2.warpAffine(picture, turn, (self._side, self._side), flags=cv2.INTER_LINEAR)
        return np.ascontiguousarray(chip[..., ::-1])


def build(*, threads: int = 1, folder: Path | None = None, model: Path | None = None) -> OnnxEngine:
    """The engine on the model at `model`. Raises EngineUnavailable without one that fits."""
    if model is None:
        raise EngineUnavailable("no path of a face model is set (LINLI_FACE_MODEL)")
    try:
        return OnnxEngine(model, threads)
    except EngineUnavailable:
        raise
    except Exception as error:  # onnxruntime has no class of its own for a broken model
        raise EngineUnavailable(f"{model.name} is no model that can be run: {error}") from error


def _wants(path: Path) -> dict[str, Any]:
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return dict(USUAL)
    said = USUAL | json.loads(beside.read_text("utf-8"))
    if said["colour"] not in ("rgb", "bgr") or not float(said["scale"]):
        raise EngineUnavailable(f"{beside.name} says nothing that can be done")
    return said


def five_points(landmarks: Landmarks) -> NDArray[np.float64]:
    """Both eyes' middles, the nose's tip, both corners of the mouth."""
    eyes = landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)
    return np.array([*eyes, landmarks[30], landmarks[48], landmarks[54]], np.float64)


def similarity(given: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, one size and shift (2, 3) that bring the points nearest (Umeyama 1991)."""
    middle, aim = given.mean(axis=0), wanted.mean(axis=0)
    there, here = given - middle, wanted - aim
    left, sizes, right = np.linalg.svd(here.T @ there / len(given))
    signs = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1.0])
    turn = left @ np.diag(signs) @ right
    spread = float((there**2).sum() / len(given))
    size = float((sizes * signs).sum()) / max(spread, 1e-12)
    return np.column_stack([size * turn, aim - size * turn @ middle])
