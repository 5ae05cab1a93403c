"""The plates that the networks are trained on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from community.vision import grammar
from community.vision.plate_alphabet import indices
from community.vision.plate_line import TALL, WIDE
from community.vision.render import FontMissing
from community.vision.training import crops, glyphs, measuring, scenes, strokes, varying
from community.vision.training.faces import as_picture, face
from community.vision.training.texts import FORMS, invent


@pytest.fixture(autouse=True)
def fonts() -> None:
    try:
        glyphs.choose(np.random.default_rng(0))
    except FontMissing as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_plate_that_the_reader_can_spell(form: str) -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        plate = invent(rng, form)
        assert grammar.is_plate(plate.text), plate.text
        assert indices(plate.text)
        picture = as_picture(face(plate, rng))
        assert picture.shape in {(70, 220, 3), (70, 240, 3), (110, 220, 3)}
        assert picture.std() > 5


def test_provinces_are_drawn_alike() -> None:
    rng = np.random.default_rng(5)
    count = Counter(invent(rng, "blue").text[0] for _ in range(6200))
    assert set(count) == set(grammar.PROVINCES)
    assert min(count.values()) > 140
    assert max(count.values()) < 270


def test_the_same_seed_gives_the_same_crop() -> None:
    one, plate = crops.crop(np.random.default_rng(6))
    other, same = crops.crop(np.random.default_rng(6))
    assert one.shape == (TALL, WIDE, 3)
    assert plate == same
    assert np.array_equal(one, other)


def test_a_scene_shows_its_plates_inside_and_apart() -> None:
    rng = np.random.default_rng(7)
    counts = Counter()
    for _ in range(40):
        frame, quads = scenes.scene(rng, 0.3)
        assert frame.shape == (256, 320, 3)
        counts[len(quads)] += 1
        for quad in quads:
            assert (quad >= 0).all()
            assert (quad <= scenes.SIZE).all()
    assert counts[0]
    assert counts[1]
    assert counts[2] + counts[3]


def test_letters_and_digits_all_have_a_shape() -> None:
    drawn = {c: strokes.draw(c, 23, 45, 0.2) for c in grammar.SERIAL}
    for character, mask in drawn.items():
        share = (mask > 128).mean()
        assert 0.08 < share < 0.75, character
    one, other = drawn["8"].astype(int), drawn["B"].astype(int)
    assert np.abs(one - other).mean() > 3


def test_calibration_error_is_nought_for_the_honest_and_large_for_the_boaster() -> None:
    honest, boaster = measuring.Calibration(), measuring.Calibration()
    rng = np.random.default_rng(8)
    for _ in range(4000):
        sure = float(rng.uniform())
        right = bool(rng.random() < sure)
        honest.add(sure, right)
        boaster.add(0.99, right)
    assert honest.error() < 0.05
    assert boaster.error() == pytest.approx(0.49, abs=0.05)


def test_a_varied_line_is_another_of_the_same_shape_and_the_seed_fixes_it() -> None:
    lines = np.stack([crops.crop(np.random.default_rng(seed), 0.2)[0] for seed in range(40)])
    given = lines.copy()
    one = varying.varied(lines, np.random.default_rng(8))
    assert one.shape == lines.shape
    assert one.dtype == np.uint8
    assert np.array_equal(lines, given)
    changed = sum(not np.array_equal(*pair) for pair in zip(one, lines, strict=True))
    assert 15 <= changed < 40
    assert np.array_equal(one, varying.varied(lines, np.random.default_rng(8)))


@pytest.mark.parametrize(
    ("often", "change"), varying.CHANGES, ids=[one.__name__ for _, one in varying.CHANGES]
)
def test_each_change_leaves_a_line_that_shows_something(often: float, change) -> None:
    rng = np.random.default_rng(9)
    assert 0 < often < 1
    for _ in range(20):
        line = crops.crop(rng, 0.2)[0]
        changed = change(line, rng)
        assert changed.shape == line.shape
        assert changed.dtype == np.uint8
        assert changed.std() > line.std() / 3
