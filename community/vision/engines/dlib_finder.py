"""Finding faces with what the package `face_recognition` brings: HOG detector, landmarks, chips.

The detector looks at grey pixels of the region at the scale asked for; landmarks and chips come
from the frame's own pixels around each face. HOG detection releases the GIL, dlib's encoder does
not, so whoever recognises many faces does it in processes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from threading import local
from typing import Any

import cv2
import numpy as np

from community.vision.arrays import Frame
from community.vision.engines.base import EngineUnavailable
from community.vision.faces.contract import Chip, Face
from community.vision.pictures import three_channels
from community.vision.plates import Box, Roi

SIDE, PADDING = 150, 0.25  # of a chip, as dlib's encoder was trained
LEAST_SIDE = 24  # a smaller region holds no face that the detector could find
AROUND = 0.8  # of a face's size, taken along on each side for landmarks and the chip
MOST_SCALE = 2.0


def modules() -> tuple[Any, Any]:
    """dlib, and where its models lie. Raises EngineUnavailable without the two packages."""
    try:
        import dlib

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it still imports pkg_resources
            import face_recognition_models
    except ImportError as error:
        raise EngineUnavailable(f"the package face-recognition is not whole: {error}") from error
    return dlib, face_recognition_models


@cache
def _predictors() -> tuple[Any, Any]:
    """Five landmarks and 68: 100 MB that all engines of a process share."""
    dlib, models = modules()
    five, many = (
        models.pose_predictor_five_point_model_location(),
        models.pose_predictor_model_location(),
    )
    return dlib.shape_predictor(five), dlib.shape_predictor(many)


class Finder:
    """Detector, landmarks and chips; several threads may use one."""

    def __init__(self) -> None:
        self._dlib, _ = modules()
        self._small, self._large = _predictors()
        self._own = local()  # the detector keeps what it works on: one for each thread

    def _detector(self) -> Any:
        if not hasattr(self._own, "detector"):
            self._own.detector = self._dlib.get_frontal_face_detector()
        return self._own.detector

    def find(
        self, frame: Frame, roi: Roi | None = None, *, scale: float = 1.0, least: float = 0.0
    ) -> list[Face]:
        """See FaceEngine."""
        picture = three_channels(frame)
        if picture is None:
            return []
        left, top, width, height = (roi or Roi()).pixels(picture.shape)
        grey = cv2.cvtColor(picture[top : top + height, left : left + width], cv2.COLOR_BGR2GRAY)
        scale = min(scale, MOST_SCALE)
        size = round(width * scale), round(height * scale)
        if min(size) < LEAST_SIDE:
            return []
        if scale != 1:
            how: Any = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            grey = cv2.resize(grey, size, interpolation=how)
        boxes, scores, _ = self._detector().run(np.ascontiguousarray(grey), 0, least)
        faces = []
        for box, score in zip(boxes, scores, strict=True):
            sides = box.left(), box.top(), box.width(), box.height()
            x, y, w, h = (round(value / scale) for value in sides)
            place = x + left, y + top, w, h
            faces.append(Face(place, float(score), self._landmarks(picture, place)))
        return sorted(faces, key=lambda face: -face.box[2])

    def _landmarks(self, picture: Frame, box: Box) -> Any:
        part, x, y = _around(picture, box)
        shape = self._large(part, self._rectangle(box, x, y))
        points = [(point.x + x, point.y + y) for point in shape.parts()]
        return np.array(points, np.float32)

    def chips(self, frame: Frame, faces: Sequence[Face]) -> list[Chip]:
        """Chips as dlib's encoder wants them: 150 x 150, turned by five landmarks."""
        picture = three_channels(frame)
        if picture is None:
            return []
        parts = [(face, *_around(picture, face.box)) for face in faces]
        return [
            self._chip(part, self._small(part, self._rectangle(face.box, x, y)))
            for face, part, x, y in parts
        ]

    def views(self, frame: Frame, face: Face) -> list[Chip]:
        """The face turned upright by five landmarks and by 68, each with its mirror image.

        Measured (docs/faces.md): the mean of the four lets in more of the right people at the first
        stranger than any one or two of them.
        """
        picture = three_channels(frame)
        if picture is None:
            return []
        part, x, y = _around(picture, face.box)
        # The 68 were found with the face: finding them anew costs as much as a third of encoding.
        found = (self._small(part, self._rectangle(face.box, x, y)), self._known(face, x, y))
        both = [self._chip(part, shape) for shape in found]
        return [view for chip in both for view in (chip, mirrored(chip))]

    def _known(self, face: Face, x: int, y: int) -> Any:
        """The face's landmarks in the form that dlib cuts by."""
        points = np.rint(face.landmarks - (x, y)).astype(int).tolist()
        shape = self._dlib.full_object_detection
        return shape(self._rectangle(face.box, x, y), [self._dlib.point(*one) for one in points])

    def _chip(self, part: Any, shape: Any) -> Chip:
        return np.asarray(self._dlib.get_face_chip(part, shape, SIDE, PADDING), np.uint8)

    def _rectangle(self, box: Box, x: int, y: int) -> Any:
        left, top = box[0] - x, box[1] - y
        return self._dlib.rectangle(left, top, left + box[2] - 1, top + box[3] - 1)


def mirrored(chip: Chip) -> Chip:
    """The chip as in a mirror."""
    return np.ascontiguousarray(chip[:, ::-1])


def _around(picture: Frame, box: Box) -> tuple[Any, int, int]:
    """The face and its surroundings in red, green, blue, and where they begin."""
    height, width = picture.shape[:2]
    more = round(AROUND * max(box[2], box[3]))
    left, top = min(max(0, box[0] - more), width - 1), min(max(0, box[1] - more), height - 1)
    right, bottom = max(left + 1, box[0] + box[2] + more), max(top + 1, box[1] + box[3] + more)
    part = picture[top:bottom, left:right]
    return np.ascontiguousarray(part[..., ::-1]), left, top
