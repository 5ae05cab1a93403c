"""How long, on how much, from which seed: the two recipes of each network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """`files` of rendered pictures, seeds from `seed` on; `steps` batches of `batch` pictures, at
    most `rate`; from the shipped weights where `tunes`."""

    files: int
    steps: int
    batch: int
    rate: float
    seed: int
    tunes: bool = False


READER = {
    "full": Recipe(files=23, steps=4500, batch=128, rate=3e-3, seed=1000),
    "short": Recipe(files=1, steps=60, batch=128, rate=3e-4, seed=700_000, tunes=True),
}
FINDER = {
    "full": Recipe(files=16, steps=4000, batch=16, rate=2e-3, seed=0),
    "short": Recipe(files=1, steps=60, batch=16, rate=2e-4, seed=800_000, tunes=True),
}
EASY = 5  # that many first files of the reader's are rendered with half of the camera's faults
HELD_OUT = 999_999  # the seed of what is measured on; no file for training has it
TORCH_SEED = 7
