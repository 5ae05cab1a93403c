"""Pictures that show no plate, for counting plates that are read nonetheless."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.plates import PlateKind
from community.vision.render import FontMissing, scene
from community.vision.render.glyphs import glyph

SCENES = 100
PORTRAITS = 100
SIGNS = (
    "停车收费",
    "欢迎光临",
    "出口",
    "限速5公里",
    "13800138000",
    "0379-6543210",
    "A座2单元",
    "EXIT",
    "BMW",
    "TAXI",
    "粤菜馆",
    "川味火锅",
    "禁止入内",
    "P2-118",
    "2025-03-14 08:21:55",
)


def plateless(data: Path, seed: int) -> Iterator[tuple[str, Frame]]:
    """Drawn cars without a plate among signs (where fonts are installed), then portraits."""
    rng = np.random.default_rng(seed)
    try:
        for number in range(SCENES):
            yield f"scene {number}", _street(rng)
    except FontMissing:
        pass
    folder = data.parent / "faces" / "strangers"
    for path in sorted(folder.rglob("*.jpg"))[:PORTRAITS]:
        yield path.name, pictures.decode(path.read_bytes())


def _street(rng: Generator) -> Frame:
    frame, _ = scene(None, PlateKind.BLUE, rng, scale=float(rng.uniform(120, 380)))
    for _sign in range(int(rng.integers(1, 5))):
        _hang(frame, SIGNS[int(rng.integers(len(SIGNS)))], rng)
    return frame


def _hang(frame: Frame, text: str, rng: Generator) -> None:
    """A sign in plate-like colours, somewhere in the frame."""
    tall = int(rng.integers(16, 70))
    wide = int(tall * 0.55)
    board = np.empty((tall + 12, wide * len(text) + 16, 3), np.uint8)
    ground = ((178, 78, 12), (25, 178, 240), (240, 240, 240), (40, 120, 40))[int(rng.integers(4))]
    board[:] = ground
    ink = (20, 20, 20) if sum(ground) > 380 else (245, 245, 245)
    for place, character in enumerate(text):
        if character.isspace():
            continue
        mask = glyph(character, wide - 3, tall) > 96
        board[6 : 6 + tall, 8 + place * wide : 5 + (place + 1) * wide][mask] = ink
    if board.shape[1] >= frame.shape[1]:
        board = cv2.resize(board, (frame.shape[1] // 2, board.shape[0]))
    y = int(rng.integers(frame.shape[0] - board.shape[0]))
    x = int(rng.integers(frame.shape[1] - board.shape[1]))
    frame[y : y + board.shape[0], x : x + board.shape[1]] = board
