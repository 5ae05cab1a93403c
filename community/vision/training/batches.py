"""Batches out of rendered files, in an order that the seed fixes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from community.vision.training import finding, scenes, shards
from community.vision.training.recipes import EASY, READER, Recipe
from community.vision.training.varying import varied


def crop_files(folder: Path, recipe: Recipe) -> list[Path]:
    """The reader's files, rendered where they are missing. Easy ones first in the full recipe."""
    return [shards.write(folder, recipe.seed + n, _hard(recipe, n)) for n in range(recipe.files)]


def _hard(recipe: Recipe, number: int) -> tuple[float, float]:
    return (0.0, 0.5) if recipe is READER["full"] and number < EASY else (0.0, 1.0)


def scene_files(folder: Path, recipe: Recipe) -> list[Path]:
    """The finder's files, rendered where they are missing."""
    return [scenes.write(folder, recipe.seed + number) for number in range(recipe.files)]


def lines(files: list[Path], recipe: Recipe) -> Iterator[tuple[Tensor, Tensor]]:
    """(batch, 32, 112, 3) bytes and (batch, 9) labels without end, each varied."""
    rng = np.random.default_rng(recipe.seed)
    while True:
        for path in files:
            pictures, labels = shards.read(path)
            order = rng.permutation(len(pictures))
            for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
                part = order[start : start + recipe.batch]
                given = varied(_recoloured(pictures[part], rng), rng)
                yield torch.from_numpy(given), torch.from_numpy(labels[part].astype(np.int64))


def _recoloured(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some with red and blue exchanged, some grey: text is not learnt by its colour alone."""
    chance = rng.random(len(pictures))
    swapped, grey = chance < 0.3, chance > 0.9
    pictures[swapped] = pictures[swapped][..., ::-1]
    pictures[grey] = pictures[grey].mean(axis=3, keepdims=True).astype(np.uint8)
    return pictures


def frames(files: list[Path], recipe: Recipe) -> Iterator[tuple[Tensor, ...]]:
    """Scenes and what the finder should answer (`finding.targets`), without end."""
    rng = np.random.default_rng(recipe.seed)
    while True:
        for path in files:
            with np.load(path) as file:
                pictures, corners = file["pictures"], file["corners"]
            order = rng.permutation(len(pictures))
            for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
                part = order[start : start + recipe.batch]
                pairs = [finding.varied(pictures[i], corners[i], rng) for i in part]
                wanted = [finding.targets(quads, frame.shape[:2]) for frame, quads in pairs]
                yield (
                    torch.from_numpy(np.stack([frame for frame, _ in pairs])),
                    *(torch.from_numpy(np.stack(one)) for one in zip(*wanted, strict=True)),
                )
