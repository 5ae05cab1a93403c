"""Plate and face engines by name, one file per engine."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from community.vision.engines.base import EngineUnavailable
from community.vision.faces.contract import FaceEngine
from community.vision.plates import PlateEngine

__all__ = ["DEFAULT_ENGINE", "ENGINES", "FACE_ENGINES", "EngineUnavailable", "load", "load_faces"]

ENGINES = {
    "linli": "community.vision.engines.second_opinion",
    "linli_alone": "community.vision.engines.linli",
    "ppocr": "community.vision.engines.ppocr",
}
DEFAULT_ENGINE = "linli"
FACE_ENGINES = {
    "dlib": "community.vision.engines.dlib_plain",
    "dlib_onnx": "community.vision.engines.dlib_onnx",
    "onnx": "community.vision.engines.onnx_faces",
}


def load(name: str = DEFAULT_ENGINE, *, threads: int = 1) -> PlateEngine:
    """The engine of that name, ready to read, using at most `threads` threads of the processor.

    Raises EngineUnavailable where the name is unknown or its library or models are missing, so that
    a host without them starts and says so in one log line.
    """
    if name not in ENGINES:
        raise EngineUnavailable(f"no plate engine is called {name!r}; known: {', '.join(ENGINES)}")
    try:
        build: Callable[..., PlateEngine] = import_module(ENGINES[name]).build
    except ImportError as error:
        raise EngineUnavailable(f"plate engine {name!r} lacks a library: {error}") from error
    return build(threads=threads)


def load_faces(
    name: str = "dlib_onnx",
    *,
    threads: int = 1,
    folder: Path | None = None,
    model: Path | None = None,
) -> FaceEngine:
    """The face engine of that name, its models loaded, encoding with at most `threads` threads.

    `folder` is where `dlib_onnx` keeps the model that it converts at first start, `model` the path
    of the model that `onnx` runs. Raises EngineUnavailable as `load` does.
    """
    if name not in FACE_ENGINES:
        known = ", ".join(FACE_ENGINES)
        raise EngineUnavailable(f"no face engine is called {name!r}; known: {known}")
    try:
        build: Callable[..., FaceEngine] = import_module(FACE_ENGINES[name]).build
    except ImportError as error:
        raise EngineUnavailable(f"face engine {name!r} lacks a library: {error}") from error
    return build(threads=threads, folder=folder, model=model)
