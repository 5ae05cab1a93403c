"""How a head is held and how open its eyes are, from 68 landmarks alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.vision.faces.contract import Landmarks

EYES = slice(36, 42), slice(42, 48)
NOSE, MOUTH = 30, (48, 54)


@dataclass(frozen=True, slots=True)
class Pose:
    """`turn` is the nose beside the middle of the eyes, in distances between the eyes: 0 from the
    front, beyond 0.4 a half profile; positive when the nose is to the right in the picture.
    `nod` is how far down from the eyes to the mouth the nose is: about 0.5, less when looking up.
    `tilt` is the lean of the eyes' line in degrees, clockwise."""

    turn: float
    nod: float
    tilt: float


def pose_of(landmarks: Landmarks) -> Pose:
    """The pose; a face whose eyes fall together counts as turned away."""
    left, right = (landmarks[eye].mean(axis=0) for eye in EYES)
    line = right - left
    apart = float(np.hypot(*line))
    if apart < 1e-6:
        return Pose(9.0, 0.0, 0.0)
    across, down = line / apart, np.array([-line[1], line[0]]) / apart
    middle = (left + right) / 2
    nose, mouth = landmarks[NOSE] - middle, landmarks[list(MOUTH)].mean(axis=0) - middle
    height = float(mouth @ down)
    nod = float(nose @ down) / height if abs(height) > 1e-6 else 0.0
    return Pose(float(nose @ across) / apart, nod, float(np.degrees(np.arctan2(line[1], line[0]))))


def eye_opening(landmarks: Landmarks) -> float:
    """The eye-aspect ratio of Soukupová and Čech (2016), the mean of both eyes: lid distance by
    eye length. About 0.3 for open eyes, below 0.2 for closed ones; people differ."""
    return (_ratio(landmarks[EYES[0]]) + _ratio(landmarks[EYES[1]])) / 2


def _ratio(eye: NDArray[np.float32]) -> float:
    lids = float(np.hypot(*(eye[1] - eye[5])) + np.hypot(*(eye[2] - eye[4])))
    return lids / max(2 * float(np.hypot(*(eye[0] - eye[3]))), 1e-6)
