"""Two engines, one answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.vision.arrays import Frame
from community.vision.engines.second_opinion import SecondOpinion, agreed, joined
from community.vision.plates import PlateKind, PlateRead, Roi

FRAME = np.zeros((200, 400, 3), np.uint8)


def read(text: str, sure: float, box: tuple[int, int, int, int] = (100, 100, 90, 30)) -> PlateRead:
    return PlateRead(text, PlateKind.BLUE, "blue", sure, box, (sure,) * len(text), text)


class Said:
    """An engine that always says the same, and counts how often it was asked."""

    name = "said"

    def __init__(self, *reads: PlateRead) -> None:
        self.reads, self.asked = list(reads), 0

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        self.asked += 1
        return list(self.reads)

    def read_crop(self, crop: Frame) -> PlateRead | None:
        self.asked += 1
        return self.reads[0] if self.reads else None


def test_a_sure_reading_asks_nobody() -> None:
    second = Said(read("苏A52811", 0.99))
    engine = SecondOpinion(Said(read("苏A52817", 0.95)), second)
    assert engine.read(FRAME)[0].text == engine.read_crop(FRAME).text == "苏A52817"
    assert second.asked == 0


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
