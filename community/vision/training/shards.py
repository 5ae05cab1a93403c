"""Crops rendered ahead into files, by as many processes as there are cores to spare."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from community.vision.plate_alphabet import PLACES, indices
from community.vision.plate_line import TALL, WIDE
from community.vision.training.crops import crop

SIZE = 8192  # crops in a file: 88 MB


def render(seed: int, count: int, hard: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """(count, 32, 112, 3) crops and (count, 9) labels of that seed; `hard` is a range."""
    rng = np.random.default_rng(seed)
    pictures = np.empty((count, TALL, WIDE, 3), np.uint8)
    labels = np.empty((count, PLACES), np.uint8)
    for i in range(count):
        pictures[i], plate = crop(rng, float(rng.uniform(*hard)))
        labels[i] = indices(plate.text)
    return pictures, labels


def write(folder: Path, seed: int, hard: tuple[float, float], count: int = SIZE) -> Path:
    """Render the file of that seed unless it is there; it appears under its name when whole."""
    path = folder / f"crops-{seed:06d}.npz"
    if path.exists():
        return path
    cv2.setNumThreads(1)
    pictures, labels = render(seed, count, hard)
    half = path.with_suffix(".part")
    with half.open("wb") as file:
        np.savez(file, pictures=pictures, labels=labels)
    half.rename(path)
    return path


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels of a file that `write` made."""
    with np.load(path) as file:
        return file["pictures"], file["labels"]
