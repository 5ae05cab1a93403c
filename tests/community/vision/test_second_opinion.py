"""Two engines, one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.vision.arrays import Frame
from community.vision.engines.linli import Seen
from community.vision.engines.second_opinion import ALONE, SecondOpinion, agreed, joined
from community.vision.plates import PlateKind, PlateRead, Roi
from community.vision.straighten import Quad, bounds, from_box

Told = tuple[str, float]
FRAME = np.zeros((200, 400, 3), np.uint8)


def read(text: str, sure: float, box: tuple[int, int, int, int] = (100, 100, 90, 30)) -> PlateRead:
    return PlateRead(text, PlateKind.BLUE, "blue", sure, box, (sure,) * len(text), text)


class Said:
    """An engine that always says the same, and counts how often it was asked."""

    name = "said"

    def __init__(self, *reads: PlateRead) -> None:
        self.reads, self.asked, self.looked = list(reads), 0, 0

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        self.asked += 1
        return list(self.reads)

    def read_crop(self, crop: Frame) -> PlateRead | None:
        self.asked += 1
        return self.reads[0] if self.reads else None

    def seen(self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True) -> list[Seen]:
        return [Seen(one, from_box(one.box)) for one in self.reads]

    def at(self, frame: Frame, quads: Sequence[Quad]) -> list[PlateRead | None]:
        self.looked += len(quads)
        places = [bounds(quad, frame.shape) for quad in quads]
        return [next((r for r in self.reads if r.box == place), None) for place in places]


def test_what_both_read_alike_is_searched_no_further() -> None:
    second = Said(read("苏A52817", 0.95))
    engine = SecondOpinion(Said(read("苏A52817", 0.7)), second)
    assert engine.read(FRAME)[0].text == engine.read_crop(FRAME).text == "苏A52817"
    assert (second.looked, second.asked) == (1, 1)  # the crop


def test_where_ours_is_sure_of_the_main_plate_nobody_else_is_asked_but_about_a_crop() -> None:
    second = Said(read("苏A52811", 0.95))
    engine = SecondOpinion(
        Said(read("苏A52817", ALONE), read("浙B12346", 0.4, (20, 20, 40, 14))), second
    )
    assert [one.text for one in engine.read(FRAME)] == ["苏A52817", "浙B12346"]
    assert (second.looked, second.asked) == (0, 0)
    crop = engine.read_crop(FRAME)
    assert (crop.text, second.asked) == ("苏A52811", 1)
    assert crop.confidence < ALONE


def test_a_plate_beside_that_is_doubtful_holds_nobody_up() -> None:
    beside = (20, 20, 40, 14)
    second = Said(read("苏A52817", 0.95), read("浙B12345", 0.5, beside))
    engine = SecondOpinion(Said(read("苏A52817", 0.7), read("浙B12346", 0.4, beside)), second)
    found = engine.read(FRAME)
    assert [one.text for one in found] == ["苏A52817", "浙B12345"]
    assert found[1].confidence < 0.5
    assert (second.looked, second.asked) == (2, 0)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(("苏A52817", 0.9), ("苏A52811", 0.99)), (("苏A52817", 0.8), ("苏A52817", 0.8))],
)
def test_dissent_or_doubt_on_the_main_plate_is_searched(ours: Told, theirs: Told) -> None:
    second = Said(read(*theirs))
    SecondOpinion(Said(read(*ours)), second).read(FRAME)
    assert (second.looked, second.asked) == (1, 1)


def test_noise_of_ours_is_not_shown_to_the_other() -> None:
    second = Said()
    SecondOpinion(Said(read("苏A52817", 0.001)), second).read(FRAME)
    assert (second.looked, second.asked) == (0, 1)


def test_the_surer_of_two_is_believed_but_less() -> None:
    engine = SecondOpinion(Said(read("苏A52817", 0.4)), Said(read("苏A52811", 0.8)))
    for found in (engine.read(FRAME)[0], engine.read_crop(FRAME)):
        assert found.text == "苏A52811"
        assert found.confidence == pytest.approx(0.7059)  # 0.48 of 0.48 + 0.08 + 0.12


def test_a_tie_is_worth_less_than_a_half() -> None:
    assert agreed(read("苏A52817", 0.7), read("苏A52811", 0.7)).confidence < 0.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_dissent_never_makes_surer(one: float, other: float) -> None:
    together = agreed(read("苏A52817", one), read("苏A52811", other))
    assert together.confidence <= max(one, other) + 1e-4


def test_agreement_makes_surer() -> None:
    together = agreed(read("苏A52817", 0.7), read("苏A52817", 0.8))
    assert together.confidence == pytest.approx(0.842)
    assert together.characters == (0.8,) * 7


def test_two_who_agree_doubt_no_character_that_one_is_sure_of() -> None:
    one = replace(read("苏A52817", 0.95), characters=(0.8, *(0.99,) * 6))
    other = replace(read("苏A52817", 0.97), characters=(*(0.98,) * 6, 0.7))
    assert agreed(one, other).characters == (0.98, *(0.99,) * 6)
    assert min(agreed(one, replace(other, text="苏A52811")).characters) == 0.7


def test_readings_of_other_places_stay_apart() -> None:
    far = read("浙B12345", 0.6, (300, 20, 60, 20))
    found = joined([read("苏A52817", 0.5)], [read("苏A52811", 0.7), far])
    assert {one.text for one in found} == {"苏A52811", "浙B12345"}


def test_what_the_first_does_not_see_the_second_may() -> None:
    engine = SecondOpinion(Said(), Said(read("苏A52817", 0.9)))
    assert engine.read(FRAME, Roi(0.1, 0.1, 0.8, 0.8))[0].box == (100, 100, 90, 30)
    assert engine.read_crop(FRAME) == replace(read("苏A52817", 0.9))
    assert SecondOpinion(Said(), Said()).read(FRAME) == []
    assert SecondOpinion(Said(), Said()).read_crop(FRAME) is None


def test_an_empty_lane_is_not_searched_twice_unless_thoroughly() -> None:
    second = Said(read("苏A52817", 0.9))
    engine = SecondOpinion(Said(), second)
    assert engine.read(FRAME, thorough=False) == []
    assert second.asked == 0
    assert engine.read(FRAME)
    assert second.asked == 1
