"""The PP-OCRv4 text networks that the wheel `rapidocr_onnxruntime` carries, run directly.

Detector (DBNet): picture -> map of text -> rotated rectangles. Recogniser (SVTR + CTC): a line of
text, 48 pixels tall -> a probability per character and step. onnxruntime sessions are thread-safe;
these classes keep no other state.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.engines.base import EngineUnavailable
from community.vision.straighten import Quad, from_rect, ordered

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LINE_HEIGHT = 48
LINE_WIDTH = 256  # lines are padded to this; without padding they read worse, beyond it no better
STRIDE = 32
# The DB post-processing of PP-OCRv4, as its authors set it.
MAP_THRESHOLD, BOX_THRESHOLD, UNCLIP = 0.3, 0.5, 1.6
SMALLEST = 4  # pixels on the map


def model_folder() -> Path:
    """Where the wheel keeps its models; raises EngineUnavailable without it."""
    spec = find_spec("rapidocr_onnxruntime")
    if spec is None or not spec.submodule_search_locations:
        raise EngineUnavailable("the package rapidocr-onnxruntime is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "models"


def open_session(path: Path, threads: int) -> InferenceSession:
    """An onnxruntime session on the CPU with exactly `threads` threads."""
    try:
        from onnxruntime import InferenceSession, SessionOptions
    except ImportError as error:
        raise EngineUnavailable("the package onnxruntime is not installed") from error
    if not path.is_file():
        raise EngineUnavailable(f"model file {path.name} is missing")
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Frames come in many sizes: the arena would keep the largest of each for ever.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Detector:
    """Finds lines of text."""

    def __init__(self, threads: int) -> None:
        path = model_folder() / "ch_PP-OCRv4_det_infer.onnx"
        self._session = open_session(path, threads)
        self._input = self._session.get_inputs()[0].name

    def find(self, frame: Frame, longest: int) -> list[tuple[Quad, float]]:
        """Quads of text in frame pixels with scores 0..1; the longer side is brought to `longest`
        if it is larger, never enlarged."""
        return self.find_scaled(frame, min(1.0, longest / max(frame.shape[:2])))

    def find_scaled(self, frame: Frame, scale: float) -> list[tuple[Quad, float]]:
        """Quads of text after resizing the frame by `scale`."""
        height, width = frame.shape[:2]
        size = tuple(max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in (width, height))
        small = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
        chip = small.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
        heat = self._session.run(None, {self._input: chip})[0][0, 0]
        back = np.array([width / size[0], height / size[1]], np.float32)
        return [(quad * back, score) for quad, score in _rectangles(heat)]


def _rectangles(heat: NDArray[Any]) -> list[tuple[Quad, float]]:
    mask = cv2.dilate((heat > MAP_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:200]:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < SMALLEST:
            continue
        score = _score(heat, cv2.boxPoints((centre, (width, height), angle)))
        if score < BOX_THRESHOLD:
            continue
        grow = 2 * width * height * UNCLIP / (2 * (width + height))
        found.append((from_rect((centre, (width + grow, height + grow), angle)), score))
    return found


def _score(heat: NDArray[Any], corners: NDArray[Any]) -> float:
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, None)
    high = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = heat[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(ordered(corners) - low).astype(np.int32)], 1)
    return float(cv2.mean(part, mask)[0])


class Recogniser:
    """Reads lines of text."""

    def __init__(self, threads: int) -> None:
        path = model_folder() / "ch_PP-OCRv4_rec_infer.onnx"
        self._session = open_session(path, threads)
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.vocabulary: tuple[str, ...] = ("", *listed, " ")  # 0 is the CTC blank

    def probabilities(self, lines: Sequence[Frame]) -> NDArray[np.float32]:
        """(lines, steps, vocabulary) for pictures LINE_HEIGHT tall, at most LINE_WIDTH wide."""
        batch = np.zeros((len(lines), 3, LINE_HEIGHT, LINE_WIDTH), np.float32)
        for row, line in zip(batch, lines, strict=True):
            row[:, :, : line.shape[1]] = line.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
        result: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
        return result
