"""Our two networks, run by onnxruntime: a finder of plates' corners and a reader of lines.

Weights lie in `community/vision/weights`; how they came about is said in their card there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision import straighten
from community.vision.arrays import Frame
from community.vision.engines.ppocr_nets import open_session
from community.vision.straighten import Quad

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
CELL, UNIT, STRIDE = 8, 32.0, 16
FOUND = 0.25  # chance of a plate's middle from which a cell counts
MOST = 6  # plates in a frame
WINDOW = 224, 128  # pixels, width and height, of the second look
WINDOW_PLATE = 96.0  # how wide a plate is brought there
Found = tuple[Quad, float]


class Finder:
    """Finds plates: their four corners and how sure it is, best first."""

    def __init__(self, threads: int, folder: Path = WEIGHTS) -> None:
        self._session = open_session(folder / "finder.onnx", threads)

    def find(self, frame: Frame, longest: int) -> list[Found]:
        """Plates of a (height, width, 3) frame whose longer side is brought to `longest`."""
        height, width = frame.shape[:2]
        scale = longest / max(height, width)
        size = max(STRIDE, round(width * scale)), max(STRIDE, round(height * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(frame, size, interpolation=how)
        right, below = -size[0] % STRIDE, -size[1] % STRIDE
        padded = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
        back = np.array([width / size[0], height / size[1]], np.float32)
        return [(quad * back, sure) for quad, sure in self._in_one(padded[None])[0]]

    def nearer(self, frame: Frame, quads: Sequence[Quad]) -> list[Found | None]:
        """A second look at each plate, brought to one size; None where it is seen no more."""
        if not quads:
            return []
        moves = [_window(quad) for quad in quads]
        windows = [
            cv2.warpAffine(
                _shrunk(frame, move), _move_of(frame, move), WINDOW, borderMode=cv2.BORDER_REPLICATE
            )
            for move in moves
        ]
        answers = self._in_one(np.stack(windows))
        return [_back(found, move) for found, move in zip(answers, moves, strict=True)]

    def _in_one(self, pictures: NDArray[np.uint8]) -> list[list[Found]]:
        chances, corners = self._session.run(None, {"pictures": pictures})
        return [peaks(*answer) for answer in zip(chances, corners, strict=True)]


def _window(quad: Quad) -> NDArray[np.float32]:
    """The affine map that brings the quad's surroundings into the window."""
    wide, tall = straighten.sides(quad)
    scale = min(WINDOW_PLATE / max(wide, 1.0), 0.55 * WINDOW[1] / max(tall, 1.0))
    middle = quad.mean(axis=0)
    shift = np.array(WINDOW, np.float32) / 2 - scale * middle
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)


def _shrunk(frame: Frame, move: NDArray[np.float32]) -> Frame:
    """A large plate is shrunk with an area filter first, or its strokes break up."""
    scale = float(move[0, 0])
    if scale > 0.5:
        return frame
    size = max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def _move_of(frame: Frame, move: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map for the frame as `_shrunk` gives it."""
    scale = float(move[0, 0])
    if scale > 0.5:
        return move
    return np.array([[1, 0, move[0, 2]], [0, 1, move[1, 2]]], np.float32)


def _back(found: list[Found], move: NDArray[np.float32]) -> Found | None:
    """The find nearest to the window's middle, in pixels of the frame."""
    if not found:
        return None
    centre = np.array(WINDOW, np.float32) / 2
    quad, sure = min(found, key=lambda one: float(np.linalg.norm(one[0].mean(axis=0) - centre)))
    if float(np.linalg.norm(quad.mean(axis=0) - centre)) > WINDOW_PLATE / 2:
        return None
    return ((quad - move[:, 2]) / move[0, 0]).astype(np.float32), sure


def peaks(chances: NDArray[np.float32], corners: NDArray[np.float32]) -> list[Found]:
    """Plates out of the cells' answers: the surest cell of each place, its neighbours averaged."""
    rows, columns = np.nonzero(chances > FOUND)
    if not len(rows):
        return []
    order = np.argsort(-chances[rows, columns])[:200]
    rows, columns = rows[order], columns[order]
    sure = chances[rows, columns]
    middles = np.stack([columns, rows], axis=1) * CELL + CELL / 2
    quads = corners[:, rows, columns].T.reshape(-1, 4, 2) * UNIT + middles[:, None]
    kept: list[Found] = []
    free = np.ones(len(rows), bool)
    for i in range(len(rows)):
        if not free[i] or len(kept) == MOST:
            continue
        size = np.ptp(quads[i], axis=0)
        off = np.abs(quads[:, :, :].mean(axis=1) - quads[i].mean(axis=0))
        same = (off < 0.5 * size).all(axis=1)
        near = same & free & (sure > 0.6 * sure[i])
        quad = np.average(quads[near], axis=0, weights=sure[near]).astype(np.float32)
        free &= ~same
        if size[0] >= 8 and size[1] >= 3:
            kept.append((quad, float(sure[i])))
    return kept


class Reader:
    """Reads lines that `plate_line.line_of` laid out."""

    def __init__(self, threads: int, folder: Path = WEIGHTS) -> None:
        self._session = open_session(folder / "reader.onnx", threads)

    def tables(self, lines: Sequence[Frame]) -> NDArray[np.float32]:
        """(lines, 9, characters) log probabilities for (32, 112, 3) pictures."""
        given = {"lines": np.stack(lines)}
        answer: NDArray[np.float32] = self._session.run(None, given)[0]
        return answer
