"""Regions, quads, ranking, candidates: the geometry around an engine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.vision import ranking, straighten
from community.vision.candidates import candidates
from community.vision.plates import PlateKind, PlateRead, Roi
from community.vision.render import FontMissing, scene

part = st.floats(0, 0.95)


side = st.floats(0.01, 1)
pixels = st.integers(1, 3000)


@given(st.tuples(part, part, side, side), st.tuples(pixels, pixels))
def test_a_region_stays_inside_any_frame(sides: tuple, size: tuple) -> None:
    (x, y, w, h), (width, height) = sides, size
    roi = Roi(x, y, min(w, 1 - x), min(h, 1 - y))
    left, top, across, down = roi.pixels((height, width, 3))
    assert 0 <= left < left + across <= width
    assert 0 <= top < top + down <= height


@pytest.mark.parametrize("sides", [(-0.1, 0, 1, 1), (0, 0, 0, 1), (0.5, 0, 0.6, 1), (0, 2, 1, 1)])
def test_a_region_outside_the_frame_is_refused(sides: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="region"):
        Roi(*sides)


def test_a_tilted_plate_comes_out_straight() -> None:
    frame = np.zeros((200, 300, 3), np.uint8)
    quad = straighten.from_rect(((150, 100), (120, 40), -20))
    import cv2

    cv2.fillPoly(frame, [quad.astype(np.int32)], (200, 100, 0))
    line = straighten.warp(frame, quad, 150, 48)
    assert line.shape == (48, 150, 3)
    assert line[4:-4, 4:-4, 0].min() > 150
    assert straighten.sides(quad) == pytest.approx((120, 40), abs=0.5)


def test_corners_are_ordered_from_any_start() -> None:
    box = straighten.from_box((10, 20, 100, 30))
    for turn in range(4):
        assert np.array_equal(straighten.ordered(np.roll(box, turn, axis=0)), box)


def read(text: str, box: tuple[int, int, int, int], confidence: float = 0.9) -> PlateRead:
    return PlateRead(text, PlateKind.BLUE, "blue", confidence, box, (confidence,) * 7, text)


def test_the_nearest_whole_plate_is_the_main_one() -> None:
    near = read("苏A11111", (500, 400, 160, 50))
    far = read("苏A22222", (620, 200, 60, 20))
    cut = read("苏A33333", (0, 420, 180, 60))
    ranked = ranking.main_first([far, cut, near], (720, 1280, 3))
    assert ranked[0] is near


def test_one_place_is_read_once() -> None:
    sure, unsure = read("苏A1", (10, 10, 100, 30)), read("苏A2", (14, 12, 90, 28), 0.4)
    assert ranking.distinct([unsure, sure]) == [sure]


def test_the_quick_look_finds_a_drawn_plate() -> None:
    try:
        frame, box = scene("苏A8K210", PlateKind.BLUE, np.random.default_rng(1), wear=0.1)
    except FontMissing as error:
        pytest.skip(str(error))
    middle = box[0] + box[2] / 2, box[1] + box[3] / 2
    found = candidates(frame)
    assert any(abs(c.x - middle[0]) < box[2] and abs(c.y - middle[1]) < box[3] for c in found)


@pytest.mark.parametrize("shape", [(1, 1, 3), (8, 3000, 3), (3000, 8, 3), (64, 64, 3)])
def test_odd_frames_have_no_candidates_and_do_no_harm(shape: tuple[int, ...]) -> None:
    assert candidates(np.zeros(shape, np.uint8)) == []
