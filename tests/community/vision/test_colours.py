"""The colour of a plate: by hue, by which of ink and ground is lighter, by what the text allows."""

from __future__ import annotations

import numpy as np
import pytest

from community.vision.colours import SHOWN, colour_of, fits
from community.vision.plates import PlateKind

BLUE, CYAN, AMBER = (178, 78, 12), (150, 140, 20), (40, 160, 200)
WHITE, INK = (240, 240, 240), (15, 15, 15)


def plate(ground: tuple[int, int, int], ink: tuple[int, int, int]) -> np.ndarray:
    """Ground with strokes over three tenths of it."""
    picture = np.empty((48, 150, 3), np.uint8)
    picture[:] = ground
    for x in range(15, 140, 20):
        picture[8:40, x : x + 6] = ink
    return picture


@pytest.mark.parametrize(
    ("ground", "ink", "colour"),
    [
        (BLUE, WHITE, "blue"),
        ((25, 178, 240), INK, "yellow"),
        ((96, 190, 70), INK, "green"),
        (WHITE, INK, "white"),
        (INK, WHITE, "black"),
    ],
)
def test_clear_plates(ground: tuple, ink: tuple, colour: str) -> None:
    assert colour_of(plate(ground, ink)) == colour


def test_a_hue_that_the_ink_contradicts_is_not_believed() -> None:
    assert colour_of(plate(AMBER, WHITE)) == "unknown"
    assert colour_of(plate(BLUE, (255, 255, 0))) == "blue"


def test_the_text_settles_cyan() -> None:
    assert colour_of(plate(CYAN, WHITE), SHOWN[PlateKind.BLUE]) in ("blue", "unknown")
    assert colour_of(plate(CYAN, WHITE), SHOWN[PlateKind.BLUE]) != "green"


@pytest.mark.parametrize("light", [0, 90, 255])
def test_a_flat_or_empty_picture_has_no_colour(light: int) -> None:
    assert colour_of(np.full((48, 150, 3), light, np.uint8)) == "unknown"
    assert colour_of(np.zeros((1, 1, 3), np.uint8)) == "unknown"
    assert colour_of(np.zeros((0, 9, 3), np.uint8)) == "unknown"


def test_what_fits_a_kind() -> None:
    assert fits(PlateKind.BLUE, "unknown")
    assert fits(PlateKind.GREEN_LARGE, "yellow")
    assert not fits(PlateKind.BLUE, "yellow")
    assert not fits(PlateKind.YELLOW, "blue")
