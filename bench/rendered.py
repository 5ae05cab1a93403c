"""Rendered plates held out by seed, kind by kind and province by province; our networks' times."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from community.vision import pictures
from community.vision.engines import EngineUnavailable
from community.vision.engines.linli import LONGEST
from community.vision.engines.linli_nets import Finder, Reader
from community.vision.plate_line import TALL, WIDE
from community.vision.plates import PlateEngine
from community.vision.render import FontMissing
from community.vision.training import glyphs, measuring

if TYPE_CHECKING:
    from bench.plates import Label

#: Plates of each kind and province; PP-OCR looks long at what it cannot read, so it gets fewer.
EACH_KIND, EACH_PROVINCE = 100, 40
EACH_KIND_SLOW, EACH_PROVINCE_SLOW = 25, 8
TIMES = 200


def figures(engines: dict[str, PlateEngine]) -> dict[str, Any]:
    """Share read exactly per engine, kind and province; empty where the fonts are missing."""
    kinds: dict[str, Any] = {}
    provinces: dict[str, Any] = {}
    fits: dict[str, float] = {}
    try:
        for name, engine in engines.items():
            alone = name == "linli_alone"
            each = (EACH_KIND, EACH_PROVINCE) if alone else (EACH_KIND_SLOW, EACH_PROVINCE_SLOW)
            kinds[name], calibration = measuring.by_kind(engine, each[0])
            provinces[name] = measuring.by_province(engine, each[1])
            fits[name] = calibration.error()
    except FontMissing as error:
        print(f"bench plates: {error}", file=sys.stderr)
        return {}
    if lacking := glyphs.missing():
        print(f"bench plates: rendered without {', '.join(lacking)}", file=sys.stderr)
    return {"by_kind": kinds, "by_province": provinces, "rendered_calibration_error": fits}


def networks(frames: Sequence[Label]) -> dict[str, Any]:
    """Milliseconds of the reader alone (one line, one thread) and of the finder (two threads)."""
    try:
        reader, finder = Reader(1), Finder(2)
    except EngineUnavailable as error:
        print(f"bench plates: {error}", file=sys.stderr)
        return {}
    line = np.random.default_rng(1).integers(0, 255, (TALL, WIDE, 3), np.uint8)
    wide = [pictures.shrink(_frame(label), 1280) for label in frames[:20]]
    wide = [frame for frame in wide if frame.shape[1] == 1280] or [
        np.zeros((720, 1280, 3), np.uint8)
    ]
    return {
        "reader_ms_p50": _p50(lambda _: reader.tables([line])),
        "detector_ms_p50": _p50(lambda n: finder.find(wide[n % len(wide)], LONGEST)),
    }


def _frame(label: Label) -> np.ndarray:
    return pictures.decode(label.path.read_bytes())


def _p50(work: Callable[[int], object]) -> float:
    times = []
    for number in range(TIMES):
        started = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - started) * 1000)
    return round(float(np.percentile(times, 50)), 2)
