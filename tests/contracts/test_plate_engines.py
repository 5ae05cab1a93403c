"""What every plate engine keeps to. A new engine adds its name and the kinds it claims."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import numpy as np
import pytest

from community.vision import colours, grammar, pictures
from community.vision.engines import ENGINES, EngineUnavailable, load
from community.vision.plates import PlateEngine, PlateKind, PlateRead, Roi
from community.vision.render import FontMissing, plate_picture, random_text, scene

KINDS = [kind for kind in PlateKind if kind is not PlateKind.UNKNOWN]
CLAIMED = {"ppocr": KINDS, "linli": KINDS, "linli_alone": KINDS}
DRAWN_RIGHT = 0.7  # of drawn plates; the drawn face is not the real one
REAL_CROPS, REAL_FRAMES = 10, 6
# What each must read of these; `linli_alone` was never shown a real plate (see its card).
LEAST = {"ppocr": (9, 5), "linli": (9, 5), "linli_alone": (5, 3)}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> PlateEngine:
    try:
        return load(request.param, threads=2)
    except EngineUnavailable as error:
        pytest.skip(str(error))


def check(read: PlateRead, shape: tuple[int, ...]) -> None:
    """What holds for every reading of every engine."""
    x, y, w, h = read.box
    assert 0 <= x < x + w <= shape[1]
    assert 0 <= y < y + h <= shape[0]
    assert 0 <= read.confidence <= 1
    assert all(0 <= sure <= 1 for sure in read.characters)
    assert len(read.characters) == len(read.text)
    assert grammar.is_plate(read.text)
    assert read.colour in colours.COLOURS


def drawn(kind: PlateKind, count: int) -> list[tuple[str, np.ndarray]]:
    rng = np.random.default_rng(11)
    try:
        texts = [random_text(kind, rng) for _ in range(count)]
        return [(text, plate_picture(text, kind, rng, wear=0.2)) for text in texts]
    except FontMissing as error:
        pytest.skip(str(error))


def test_it_is_an_engine(engine: PlateEngine) -> None:
    assert isinstance(engine, PlateEngine)
    assert engine.name in ENGINES


def test_drawn_plates_of_each_claimed_kind(engine: PlateEngine) -> None:
    right = total = 0
    for kind in CLAIMED[engine.name]:
        for text, crop in drawn(kind, 4):
            read = engine.read_crop(crop)
            total += 1
            if read is None:
                continue
            check(read, crop.shape)
            right += read.text == text
            assert read.text != text or read.kind is kind
    assert right >= DRAWN_RIGHT * total


def test_a_plate_of_two_rows(engine: PlateEngine) -> None:
    rng = np.random.default_rng(3)
    drawn(PlateKind.YELLOW, 1)
    crop = plate_picture("苏A52817", PlateKind.YELLOW, rng, rows=2, wear=0)
    read = engine.read_crop(crop)
    assert read is not None
    assert read.text == "苏A52817"
    assert read.kind is PlateKind.YELLOW


def test_two_rows_in_a_whole_frame(engine: PlateEngine) -> None:
    drawn(PlateKind.YELLOW, 1)
    frame = np.full((540, 960, 3), 70, np.uint8)
    crop = plate_picture("苏A52817", PlateKind.YELLOW, np.random.default_rng(3), rows=2, wear=0.1)
    height, width = crop.shape[:2]
    frame[300 : 300 + height, 400 : 400 + width] = crop
    first = engine.read(frame)[0]
    check(first, frame.shape)
    assert first.text == "苏A52817"
    assert first.box[3] > 0.6 * height


@pytest.mark.parametrize("roi", [None, Roi(0.2, 0.3, 0.6, 0.65)])
def test_a_car_on_a_lane_is_read_where_it_is(engine: PlateEngine, roi: Roi | None) -> None:
    drawn(PlateKind.BLUE, 1)
    frame, box = scene("苏E8K210", PlateKind.BLUE, np.random.default_rng(5), (1280, 720))
    first = engine.read(frame, roi)[0]
    check(first, frame.shape)
    assert first.text == "苏E8K210"
    assert abs(first.box[0] + first.box[2] / 2 - box[0] - box[2] / 2) < box[2] / 3
    assert abs(first.box[1] + first.box[3] / 2 - box[1] - box[3] / 2) < box[3]


def test_what_lies_outside_the_region_is_not_read(engine: PlateEngine) -> None:
    drawn(PlateKind.BLUE, 1)
    frame, _ = scene("苏E8K210", PlateKind.BLUE, np.random.default_rng(5), (1280, 720))
    assert engine.read(frame, Roi(0, 0, 1, 0.3)) == []


def test_a_car_without_a_plate_gives_none(engine: PlateEngine) -> None:
    drawn(PlateKind.BLUE, 1)
    frame, _ = scene(None, PlateKind.BLUE, np.random.default_rng(6), (960, 540))
    assert engine.read(frame) == []


def test_half_a_plate_is_no_sure_plate(engine: PlateEngine) -> None:
    for text, crop in drawn(PlateKind.BLUE, 4):
        half = np.ascontiguousarray(crop[:, : crop.shape[1] // 2])
        frame = np.full((240, 480, 3), 90, np.uint8)
        frame[80 : 80 + half.shape[0], 480 - half.shape[1] :] = half
        for read in (engine.read_crop(half), *engine.read(frame)):
            assert read is None or (read.confidence < 0.9 and read.text != text)


def test_a_photograph_of_a_screen_is_read_as_any_other(engine: PlateEngine) -> None:
    drawn(PlateKind.BLUE, 1)
    frame, _ = scene("苏E8K210", PlateKind.BLUE, np.random.default_rng(5), (960, 540))
    screen = frame.copy()
    screen[::3] = (screen[::3] * 0.75).astype(np.uint8)  # the rows of the screen
    screen = pictures.decode(pictures.encode_jpeg(screen, 80))
    assert engine.read(screen)[0].text == "苏E8K210"


@pytest.mark.parametrize(
    "shape",
    [
        (1, 1, 3),
        (1, 4000, 3),
        (4000, 1, 3),
        (9, 9, 3),
        (30, 3000, 3),
        (0, 0, 3),
        (60, 80),
        (60, 80, 1),
        (60, 80, 4),
    ],
)
def test_odd_frames_are_taken_calmly(engine: PlateEngine, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    for frame in (noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)):
        assert isinstance(engine.read(frame), list)
        assert engine.read_crop(frame) is None or min(shape[:2]) > 8


def test_the_frame_is_left_as_it_was(engine: PlateEngine) -> None:
    frame = np.random.default_rng(2).integers(0, 255, (120, 200, 3), np.uint8)
    before = frame.copy()
    engine.read(frame, Roi(0.1, 0.1, 0.8, 0.8))
    engine.read_crop(frame)
    assert np.array_equal(frame, before)


def test_threads_do_not_disturb_one_another(engine: PlateEngine) -> None:
    pairs = drawn(PlateKind.BLUE, 4)
    alone = [engine.read_crop(crop) for _, crop in pairs]
    together: list[PlateRead | None] = [None] * len(pairs)

    def work(number: int) -> None:
        together[number] = engine.read_crop(pairs[number][1])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(pairs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def sample(folder: Path, count: int) -> list[tuple[str, np.ndarray]]:
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = rows[:: max(1, len(rows) // count)][:count]
    return [(row["text"], pictures.decode((folder / row["file"]).read_bytes())) for row in chosen]


def test_real_crops(engine: PlateEngine, real_data: Path) -> None:
    found = [
        (text, engine.read_crop(crop))
        for text, crop in sample(real_data / "plates/crops", REAL_CROPS)
    ]
    right = sum(read is not None and read.text == text for text, read in found)
    assert right >= LEAST[engine.name][0]


def test_real_frames(engine: PlateEngine, real_data: Path) -> None:
    right = 0
    for text, frame in sample(real_data / "plates/frames", REAL_FRAMES):
        small = pictures.shrink(frame, 1280)
        reads = engine.read(small)
        for read in reads:
            check(read, small.shape)
        right += bool(reads) and reads[0].text == text
    assert right >= LEAST[engine.name][1]
