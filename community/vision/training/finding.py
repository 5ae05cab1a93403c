"""What the finder should answer for a scene, and how far it is from that."""

from __future__ import annotations

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn

from community.vision.arrays import Frame
from community.vision.engines.linli_nets import CELL, UNIT

CORE = 0.22  # cells within this part of the plate's half sides count as its middle
NEGATIVES = 3.0  # weight of where no plate is, against where one is


def targets(corners: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """For (plates, 4, 2) corners and a frame's (height, width): which cells are a plate's middle,
    which count at all (both (H/8, W/8)), the corners (8, H/8, W/8), and one over the plate's
    width. Raises nothing; NaN corners are no plate."""
    height, width = shape[0] // CELL, shape[1] // CELL
    there = np.zeros((height, width), np.float32)
    counts = np.ones((height, width), np.float32)
    answer = np.zeros((8, height, width), np.float32)
    scale = np.ones((height, width), np.float32)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32) * CELL + CELL / 2
    for quad in corners:
        if np.isnan(quad).any():
            continue
        middle = quad.mean(axis=0)
        along = (quad[1] + quad[2] - quad[0] - quad[3]) / 4
        down = (quad[2] + quad[3] - quad[0] - quad[1]) / 4
        u, v = np.linalg.solve(
            np.array([along, down]).T,
            np.stack([(xs - middle[0]).ravel(), (ys - middle[1]).ravel()]),
        ).reshape(2, height, width)
        far = np.maximum(np.abs(u), np.abs(v))
        counts[far < 1.15] = 0
        core = far < CORE
        nearest = int(np.argmin((xs - middle[0]) ** 2 + (ys - middle[1]) ** 2))
        core.flat[nearest] = True
        there[core], counts[core] = 1, 1
        scale[core] = UNIT / max(float(np.linalg.norm(along)) * 2, 8.0)
        for i, (x, y) in enumerate(quad):
            answer[2 * i][core] = (x - xs[core]) / UNIT
            answer[2 * i + 1][core] = (y - ys[core]) / UNIT
    return there, counts, answer, scale


def loss_of(network: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Focal loss of the middles, and of the corners as parts of the plate's width."""
    pictures, there, counts, answer, scale = batch
    logits, corners = network(pictures)
    chance = logits.sigmoid()
    plain = nn.functional.binary_cross_entropy_with_logits(logits, there, reduction="none")
    miss = torch.where(there > 0, 1 - chance, chance) ** 2
    weight = torch.where(there > 0, torch.ones_like(there), torch.full_like(there, NEGATIVES))
    found = there.sum().clamp(min=1.0)
    middles = (plain * miss * weight * counts).sum() / found
    off = (corners - answer) * scale[:, None]
    places = (
        nn.functional.smooth_l1_loss(off, torch.zeros_like(off), reduction="none", beta=0.02)
        * there[:, None]
    ).sum() / (8 * found)
    total: Tensor = middles + 8.0 * places
    return total


def varied(picture: Frame, corners: np.ndarray, rng: Generator) -> tuple[Frame, np.ndarray]:
    """A scene once more, moved by whole pixels and in other colours: it is learnt from anew."""
    dx, dy = (int(v) for v in rng.integers(-12, 13, 2))
    moved = np.roll(picture, (dy, dx), axis=(0, 1))
    if rng.random() < 0.3:
        moved = moved[..., ::-1]
    if rng.random() < 0.1:
        moved = np.repeat(moved.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    shifted = corners + np.array([dx, dy], np.float32)
    height, width = picture.shape[:2]
    outside = (shifted < 0).any(axis=(1, 2)) | (shifted > (width, height)).any(axis=(1, 2))
    # A plate that the roll tears in two is neither there nor absent; such scenes stay unmoved.
    return (picture, corners) if outside.any() else (np.ascontiguousarray(moved), shifted)
