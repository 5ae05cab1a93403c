"""A hurdle for photographs: the person is asked to blink or to turn the head.

It is not proof of life: a film of the person on a screen can do both. A printed photograph, or one
on a phone held still or moved about, does neither: it has one eye opening and one pose, whatever
is done with it (tilted or bent, its nose moves far less between the eyes than that of a head).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from community.vision.faces.contract import Chip, Landmarks
from community.vision.faces.poses import eye_opening, pose_of

LONGEST_S = 8.0
FEWEST = 6  # looks; fewer tell nothing
CLOSED = 0.62  # of the open eyes' ratio
REOPENED = 0.85
BLINK_S = 0.05, 1.0
TURNED, FRONTAL = 0.30, 0.14  # Pose.turn
LARGEST_STEP = 0.9  # in eye distances between two looks: more is another face put in the place
MOST_GAP_S = 0.7


class Task(StrEnum):
    """What is asked for. Left and right are the person's own, in a picture that is not mirrored."""

    BLINK = "blink"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"


class Answer(StrEnum):
    """What was seen: WAITING goes on; BROKEN begins anew (the face left or was exchanged)."""

    DONE = "done"
    WAITING = "waiting"
    BROKEN = "broken"
    LATE = "late"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The landmarks of the one face followed, and when (seconds); the face itself cut out, so
    that it can be asked whose it is."""

    at: float
    landmarks: Landmarks
    chip: Chip | None = None


def answer(task: Task, looks: Sequence[Look]) -> Answer:
    """Whether the task was done within these looks, the first of them being when it was asked."""
    if not looks:
        return Answer.WAITING
    if any(_broken(one, other) for one, other in pairwise(looks)):
        return Answer.BROKEN
    if witnesses(task, looks):
        return Answer.DONE
    return Answer.LATE if looks[-1].at - looks[0].at > LONGEST_S else Answer.WAITING


def witnesses(task: Task, looks: Sequence[Look]) -> tuple[int, ...]:
    """Which looks show, still frontal, who did the task: just before, and after a blink. None
    where it was not done in time."""
    within = [look for look in looks if look.at - looks[0].at <= LONGEST_S]
    if len(within) < FEWEST:
        return ()
    return _blinked(within) if task is Task.BLINK else _turned(task, within)


def _broken(one: Look, other: Look) -> bool:
    """Time went back or stood still too long, or the face jumped or changed its size at once."""
    if not 0 <= other.at - one.at <= MOST_GAP_S:
        return True
    before, after = _eyes(one.landmarks), _eyes(other.landmarks)
    apart, then = (float(np.hypot(*(pair[1] - pair[0]))) for pair in (before, after))
    step = float(np.hypot(*(after.mean(axis=0) - before.mean(axis=0))))
    return step > LARGEST_STEP * max(apart, 1.0) or not 0.6 < then / max(apart, 1e-6) < 1.67


def _eyes(landmarks: Landmarks) -> np.ndarray:
    return np.array([landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)])


def _turned(task: Task, looks: Sequence[Look]) -> tuple[int, ...]:
    """From straight ahead to the side that was asked; the last look straight ahead before it."""
    side = 1 if task is Task.TURN_LEFT else -1
    turns = np.array([pose_of(look.landmarks).turn * side for look in looks])
    start = np.flatnonzero(np.abs(turns) < FRONTAL)
    far = np.flatnonzero(turns > TURNED)
    far = far[far > start[0]] if len(start) else far[:0]
    return (int(start[start < far[0]][-1]),) if len(far) else ()


def _blinked(looks: Sequence[Look]) -> tuple[int, ...]:
    """Open, closed for a moment, open again, with the head held towards the camera."""
    openings = np.array([eye_opening(look.landmarks) for look in looks])
    frontal = np.array([abs(pose_of(look.landmarks).turn) < TURNED for look in looks])
    usual = float(np.percentile(openings, 75))
    closed = (openings < CLOSED * usual) & frontal
    for index in np.flatnonzero(closed):
        before = np.flatnonzero(openings[:index] > REOPENED * usual)
        after = np.flatnonzero(openings[index + 1 :] > REOPENED * usual)
        if len(before) and len(after):
            last, again = int(before[-1]), int(index + 1 + after[0])
            if BLINK_S[0] <= looks[again].at - looks[last].at <= BLINK_S[1] + MOST_GAP_S:
                return last, again
    return ()
