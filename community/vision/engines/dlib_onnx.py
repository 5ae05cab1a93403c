"""dlib's face encoder in onnxruntime: the same vectors, ten times as quick, the GIL released.

The weights come from the installed package `face_recognition_models`. At first start they are
written as an ONNX model into a folder of ours, whose name says from which weights; before it is
used, its vectors are compared with dlib's own. Later starts check the file by its hash alone.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from community.vision.engines.base import EngineUnavailable
from community.vision.engines.dlib_finder import SIDE, Finder, modules
from community.vision.engines.dlib_network import SIZE, convert
from community.vision.engines.dlib_plain import VERSION
from community.vision.engines.dlib_weights import WeightsError
from community.vision.engines.ppocr_nets import open_session
from community.vision.faces.contract import Chip, Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LAYOUT = 1  # of the file that is written; another number is another file
NEAR = 1e-4  # to dlib's own vectors, in each of 128 numbers
PROBES = 3


class DlibOnnxEngine(Finder):
    """See FaceEngine; `threads` bounds what the encoder uses."""

    name = "dlib_onnx"
    version = VERSION
    size = SIZE

    def __init__(self, path: Path, threads: int) -> None:
        super().__init__()
        self._session = open_session(path, threads)

    def encode(self, chips: Sequence[Chip]) -> Vectors:
        """See FaceEngine."""
        return run(self._session, chips)


def build(
    *, threads: int = 1, folder: Path | None = None, model: Path | None = None
) -> DlibOnnxEngine:
    """The engine, converted into `folder` where that has not been done yet.

    Without a folder the user's own folder for temporary files is used. Raises EngineUnavailable.
    """
    place = folder or Path(tempfile.gettempdir()) / f"linli-models-{os.getuid()}"
    return DlibOnnxEngine(prepared(place), threads)


def run(session: InferenceSession, chips: Sequence[Chip]) -> Vectors:
    """The vectors of some chips."""
    if not len(chips):
        return np.zeros((0, SIZE), np.float32)
    found: Vectors = session.run(None, {"chips": np.stack(chips)})[0]
    return found


def prepared(folder: Path) -> Path:
    """The converted model in `folder`, made and proved where it is missing or damaged.

    Raises EngineUnavailable: no package, other weights, a folder that cannot be written, or vectors
    that are not dlib's.
    """
    _, models = modules()
    weights = Path(models.face_recognition_model_location()).read_bytes()
    path = folder / f"dlib-resnet-{sha256(weights).hexdigest()[:16]}-{LAYOUT}.onnx"
    if not _is_whole(path):
        try:
            _make(path, convert(weights))
        except WeightsError as error:
            raise EngineUnavailable(f"dlib's face encoder cannot be converted: {error}") from error
        except OSError as error:
            raise EngineUnavailable(f"no model can be written to {folder}: {error}") from error
    return path


def _seal(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _is_whole(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return _seal(path).read_text("ascii").strip() == sha256(path.read_bytes()).hexdigest()
    return False


def _make(path: Path, model: bytes) -> None:
    """Write, prove, and only then name it: another process may be doing the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as room:
        made = Path(room) / "model.onnx"
        made.write_bytes(model)
        _prove(made)
        seal = Path(room) / "model.sha256"
        seal.write_text(sha256(model).hexdigest(), "ascii")
        made.replace(path)
        seal.replace(_seal(path))


def _prove(path: Path) -> None:
    """Raises EngineUnavailable unless the vectors of a few drawn chips are those of dlib."""
    dlib, models = modules()
    theirs = dlib.face_recognition_model_v1(models.face_recognition_model_location())
    chips = probes()
    expected = np.array([np.array(theirs.compute_face_descriptor(chip)) for chip in chips])
    off = float(np.abs(run(open_session(path, 1), chips) - expected).max())
    if not off < NEAR:
        raise EngineUnavailable(f"the converted face encoder is off by {off:.2g}")


def probes() -> list[Chip]:
    """Chips with coarse and fine structure, always the same ones."""
    rng = np.random.default_rng(150)
    chips = []
    for blocks in (5, 15, SIDE)[:PROBES]:
        coarse = rng.integers(0, 256, (blocks, blocks, 3), np.uint8)
        chips.append(np.kron(coarse, np.ones((SIDE // blocks, SIDE // blocks, 1), np.uint8)))
    return chips
