"""Drawn plates and scenes: same seed, same picture; the box holds the plate."""

from __future__ import annotations

import numpy as np
import pytest

from community.vision import colours, grammar
from community.vision.plates import PlateKind
from community.vision.render import (
    FontMissing,
    car_front,
    glyphs,
    plate_face,
    plate_picture,
    random_text,
    scene,
)

KINDS = [kind for kind in PlateKind if kind is not PlateKind.UNKNOWN]


@pytest.fixture(autouse=True)
def fonts() -> None:
    try:
        glyphs.installed(han=True)
        glyphs.installed(han=False)
    except FontMissing as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("kind", KINDS)
def test_invented_texts_are_plates_of_their_kind(kind: PlateKind) -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        text = random_text(kind, rng)
        assert grammar.kind_of(text, kind.value) is kind, text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_picture(kind: PlateKind) -> None:
    first, second = (
        plate_picture(random_text(kind, rng), kind, rng)
        for rng in (np.random.default_rng(3), np.random.default_rng(3))
    )
    assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", KINDS)
def test_colour_is_read_back_from_the_pixels(kind: PlateKind) -> None:
    rng = np.random.default_rng(9)
    face = plate_face(random_text(kind, rng), kind, rng)
    assert colours.fits(kind, colours.colour_of(face))


def test_two_rows_are_taller() -> None:
    rng = np.random.default_rng(9)
    assert plate_face("苏A12345", PlateKind.YELLOW, rng, rows=2).shape == (220, 440, 3)
    with pytest.raises(ValueError, match="7 or 8"):
        plate_face("苏A1", PlateKind.BLUE, rng)


def test_the_scene_shows_the_plate_in_its_box() -> None:
    rng = np.random.default_rng(2)
    frame, box = scene("苏A8K210", PlateKind.BLUE, rng, (960, 540), wear=0)
    assert frame.shape == (540, 960, 3)
    x, y, w, h = box
    assert colours.colour_of(frame[y : y + h, x : x + w]) == "blue"


def test_a_car_nearer_is_larger_and_one_out_of_view_has_no_box() -> None:
    rng = np.random.default_rng(2)
    far = car_front("苏A8K210", PlateKind.BLUE, 100, None, rng)
    near = car_front("苏A8K210", PlateKind.BLUE, 300, None, rng)
    assert near.box[2] == pytest.approx(3 * far.box[2], abs=3)
    assert scene("苏A8K210", PlateKind.BLUE, rng, centre=(1.4, 0.5))[1] is None
    assert scene(None, PlateKind.BLUE, rng)[1] is None


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "FONT_FOLDERS", ())
    glyphs._find.cache_clear()
    glyphs.installed.cache_clear()
    try:
        with pytest.raises(FontMissing, match="fonts-noto-cjk"):
            glyphs.installed(han=True)
    finally:
        glyphs._find.cache_clear()
        glyphs.installed.cache_clear()
