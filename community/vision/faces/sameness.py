"""Whoever did the task has to be whom the face was taken for.

A photograph of a resident, and then one's own eyes in the same place, is a right face and a right
blink, of two people: the looks about the deed are recognised too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from community.vision.faces.challenge import Look, Task, witnesses
from community.vision.faces.contract import FaceEngine
from community.vision.faces.gallery import Gallery
from community.vision.faces.templates import unit
from community.vision.faces.tiers import Thresholds

#: One look by two views lies farther from a template than the best crops of a track together.
LOOSER = 0.05


def same_person(
    engine: FaceEngine,
    done: tuple[Task, Sequence[Look]],
    key: int,
    held: tuple[Gallery, Thresholds],
) -> bool:
    """Whether the looks before and after the task that was `done` show the person `key`."""
    task, looks = done
    about = witnesses(task, looks)
    return bool(about) and all(_shows(engine, looks[number], key, held) for number in about)


def _shows(engine: FaceEngine, look: Look, key: int, held: tuple[Gallery, Thresholds]) -> bool:
    if look.chip is None:
        return False
    gallery, thresholds = held
    both = [look.chip, np.ascontiguousarray(look.chip[:, ::-1])]
    match = gallery.nearest(engine.version, unit(engine.encode(both).mean(axis=0)))
    if match is None or match.key != key:
        return False
    return match.distance < thresholds.second - match.tighter + LOOSER
