"""Plate engines by name, one file per engine."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from community.vision.engines.base import EngineUnavailable
from community.vision.plates import PlateEngine

__all__ = ["ENGINES", "EngineUnavailable", "load"]

ENGINES = {"ppocr": "community.vision.engines.ppocr"}


def load(name: str = "ppocr", *, threads: int = 1) -> PlateEngine:
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
