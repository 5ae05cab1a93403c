"""Reading plates in real pictures: how many are right, how long it takes, and the plain peer.

DATA has ``crops/`` and ``frames/``, each with ``labels.csv``. Frames are brought to at most 1280
pixels wide first; times of frames are taken from those that are 1280 wide then. Two threads.

- ``crops_exact``, ``frames_exact``: the (first) reading is the label, letter for letter
- ``frames_any``: the label is among the readings
- ``roi_*``: the same with a lane region: seven plate widths wide and 60 % of that tall, at least
  40 % of the frame each way, off the plate's middle by up to one plate width
- ``peer_*``: the plain rapidocr pipeline; its lines are put right by look-alikes as ours are;
  "found" is the label among its lines
- a picture that cannot be opened counts as not read
- ``false_plates``: readings at confidence 0.5 or more in 100 drawn scenes with signs and without
  plates, and in up to 100 portraits beside DATA (``../faces/strangers``)
- ``engines``: crops and frames exactly read, milliseconds (p50) and the expected calibration error
  on the real pictures of each engine that can be loaded; the keys above are the default engine's
- ``reader_ms_p50``, ``detector_ms_p50``: our two networks alone, a crop (one thread) and a frame
- ``by_kind``, ``by_province``: rendered plates held out by seed, each engine (see `bench.rendered`)

A label that is no plate by GA 36 (an O in the serial) is put right by the same grammar as a
person's typing; ``labels_repaired`` counts them.
"""

from __future__ import annotations

import csv
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench import rendered
from community.vision import grammar, pictures
from community.vision.arrays import Frame
from community.vision.engines import DEFAULT_ENGINE, ENGINES, EngineUnavailable, load
from community.vision.plates import PlateEngine, PlateRead, Roi
from community.vision.training.measuring import Calibration

WIDE = 1280
THREADS = 2
SEED = 20_250
ROI_PLATES, ROI_TALL, ROI_LEAST = 7.0, 0.6, 0.4
SURE_ENOUGH = 0.5


@dataclass(frozen=True)
class Label:
    """One picture: its file, the plate's text, and the plate's centre and size where known."""

    path: Path
    text: str
    repaired: bool
    plate: tuple[float, float, float] | None  # centre x, centre y, longer side; file's pixels


@dataclass
class Tally:
    """Right answers, times and mistakes of one way of reading."""

    right: int = 0
    total: int = 0
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, label: Label, read: str | None, *, note: str = "") -> None:
        self.total += 1
        self.right += read == label.text
        if read != label.text:
            self.errors.append(f"{label.path.name} {label.text} read as {read or '-'} {note}")

    def exact(self) -> float | None:
        return round(self.right / self.total, 4) if self.total else None


def run(options: Namespace) -> dict[str, Any]:
    """See the module. Raises SystemExit where the data are not there."""
    from rapidocr_onnxruntime import RapidOCR

    data = options.data or Path(__file__).resolve().parents[2] / "shared/data/plates"
    if not (data / "crops/labels.csv").is_file() or not (data / "frames/labels.csv").is_file():
        raise SystemExit(f"bench plates: no crops/ and frames/ with labels.csv in {data}")
    cv2.setNumThreads(THREADS)
    engines = _engines()
    engine = engines[DEFAULT_ENGINE]
    peer = RapidOCR(intra_op_num_threads=THREADS, inter_op_num_threads=1)
    crops, frames = labels(data / "crops"), labels(data / "frames")
    figures: dict[str, Any] = {"crops": len(crops), "frames": len(frames), "threads": THREADS}
    figures["labels_repaired"] = sum(label.repaired for label in crops + frames)
    figures |= _crops(engine, peer, crops) | _frames(engine, peer, frames)
    figures |= _regions(engine, frames) | _plateless(engine, data)
    figures |= _each(engines, crops, frames) | rendered.figures(engines) | rendered.networks(frames)
    if options.json:
        figures = {k: v for k, v in figures.items() if not k.endswith("_errors")}
    return figures


def _engines() -> dict[str, PlateEngine]:
    """Every engine that this machine can load."""
    found: dict[str, PlateEngine] = {}
    for name in ENGINES:
        try:
            found[name] = load(name, threads=THREADS)
        except EngineUnavailable as error:
            print(f"bench plates: {error}", file=sys.stderr)
    return found


def _each(
    engines: dict[str, PlateEngine], crops: list[Label], frames: list[Label]
) -> dict[str, Any]:
    """The same pictures through every engine."""
    table = {}
    for name, engine in engines.items():
        on_crops, on_frames, fits = Tally(), Tally(), Calibration()
        for label in crops:
            crop = _picture(label)
            read, took = _timed(lambda c=crop, e=engine: e.read_crop(c))  # type: ignore[misc]
            on_crops.times.append(took)
            on_crops.add(label, read.text if read else None)
            if read:
                fits.add(read.confidence, read.text == label.text)
        for label in frames:
            frame, _ = _frame(label)
            reads, took = _timed(lambda f=frame, e=engine: e.read(f))  # type: ignore[misc]
            if frame.shape[1] == WIDE:
                on_frames.times.append(took)
            on_frames.add(label, reads[0].text if reads else None)
        table[name] = {
            "crops_exact": on_crops.exact(),
            "crop_ms_p50": _share(on_crops.times, 50),
            "frames_exact": on_frames.exact(),
            "frame_ms_p50": _share(on_frames.times, 50),
            "calibration_error": fits.error(),
        }
    return {"engines": table}


def labels(folder: Path) -> list[Label]:
    """The labelled pictures of a folder. x and y are the plate's centre; a plate that leans may
    have its width and height exchanged, so the longer side counts as its width."""
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as file:
        return [_label(folder, row) for row in csv.DictReader(file)]


def _label(folder: Path, row: dict[str, str]) -> Label:
    text = grammar.normalise(row["text"])
    meant = grammar.correct(text) or text
    plate = None
    if row.get("x"):
        x, y, width, height = (float(row[name]) for name in ("x", "y", "width", "height"))
        plate = x, y, max(width, height)
    return Label(folder / row["file"], meant, meant != text, plate)


def _timed(read: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return read(), (time.perf_counter() - started) * 1000


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{what} {done}/{total}", end=end, file=sys.stderr, flush=True)


def _picture(label: Label) -> Frame:
    try:
        return pictures.decode(label.path.read_bytes())
    except (pictures.PictureError, OSError):
        return np.zeros((1, 1, 3), np.uint8)


def _share(times: Sequence[float], percent: float) -> float | None:
    return round(float(np.percentile(times, percent)), 1) if times else None


def _crops(engine: PlateEngine, peer: Any, crops: list[Label]) -> dict[str, Any]:
    ours, theirs = Tally(), Tally()
    for number, label in enumerate(crops, start=1):
        picture = _picture(label)
        read, took = _timed(lambda crop=picture: engine.read_crop(crop))  # type: ignore[misc]
        ours.times.append(took)
        ours.add(label, read.text if read else None)
        lines, _ = peer(picture, use_det=False, use_cls=False, use_rec=True)
        theirs.add(label, _meant(lines[0][0]) if lines else None)
        _progress("crops", number, len(crops))
    return {
        "crops_exact": ours.exact(),
        "crop_ms_p50": _share(ours.times, 50),
        "peer_crops_exact": theirs.exact(),
        "crops_errors": ours.errors,
    }


def _frame(label: Label) -> tuple[Frame, float]:
    picture = _picture(label)
    small = pictures.shrink(picture, WIDE)
    return small, small.shape[1] / picture.shape[1]


def _frames(engine: PlateEngine, peer: Any, frames: list[Label]) -> dict[str, Any]:
    """Ours and the peer's in turn, so that both meet the same load of the machine."""
    ours, theirs, found = Tally(), Tally(), 0
    for number, label in enumerate(frames, start=1):
        frame, _ = _frame(label)
        reads, took = _timed(lambda frame=frame: engine.read(frame))  # type: ignore[misc]
        (lines, _), longer = _timed(lambda frame=frame: peer(frame))  # type: ignore[misc]
        if frame.shape[1] == WIDE:
            ours.times.append(took)
            theirs.times.append(longer)
        ours.add(label, reads[0].text if reads else None, note=_others(reads))
        found += any(read.text == label.text for read in reads)
        texts = [_meant(line[1]) for line in lines or []]
        theirs.add(label, label.text if label.text in texts else None)
        _progress("frames", number, len(frames))
    return {
        "frames_exact": ours.exact(),
        "frames_any": round(found / len(frames), 4),
        "frame_ms_p50": _share(ours.times, 50),
        "frame_ms_p95": _share(ours.times, 95),
        "peer_frames_found": theirs.exact(),
        "peer_frame_ms_p50": _share(theirs.times, 50),
        "frames_errors": ours.errors,
    }


def _others(reads: list[PlateRead]) -> str:
    return " ".join(f"({read.text} {read.confidence:.2f})" for read in reads[:4])


def _regions(engine: PlateEngine, frames: list[Label]) -> dict[str, Any]:
    tally, rng = Tally(), np.random.default_rng(SEED)
    placed = [label for label in frames if label.plate]
    for number, label in enumerate(placed, start=1):
        frame, scale = _frame(label)
        roi = region(frame, label, scale, rng)
        reads, took = _timed(lambda f=frame, r=roi: engine.read(f, r))  # type: ignore[misc]
        if frame.shape[1] == WIDE:
            tally.times.append(took)
        tally.add(label, reads[0].text if reads else None, note=_others(reads))
        _progress("regions", number, len(placed))
    return {
        "roi_exact": tally.exact(),
        "roi_ms_p50": _share(tally.times, 50),
        "roi_ms_p95": _share(tally.times, 95),
        "roi_errors": tally.errors,
    }


def region(frame: Frame, label: Label, scale: float, rng: np.random.Generator) -> Roi:
    """The lane region of the module's description round this frame's plate."""
    assert label.plate is not None
    height, width = frame.shape[:2]
    x, y, plate = (value * scale for value in label.plate)
    shift = rng.uniform(-1, 1, 2) * plate
    across = min(1.0, max(ROI_PLATES * plate / width, ROI_LEAST))
    down = min(1.0, max(across * width * ROI_TALL / height, ROI_LEAST))
    left = float(np.clip((x + shift[0]) / width - across / 2, 0, 1 - across))
    top = float(np.clip((y + shift[1] * 0.5) / height - down / 2, 0, 1 - down))
    return Roi(left, top, across, down)


def _plateless(engine: PlateEngine, data: Path) -> dict[str, Any]:
    from bench.plateless import plateless

    total, false = 0, []
    for name, frame in plateless(data, SEED):
        total += 1
        reads = [read for read in engine.read(frame) if read.confidence >= SURE_ENOUGH]
        false += [f"{name} {read.text} {read.confidence:.2f}" for read in reads]
    return {"plateless": total, "false_plates": len(false), "false_errors": false}


def _meant(text: str) -> str:
    return grammar.correct(text) or grammar.normalise(text)
