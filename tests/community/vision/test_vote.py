"""Many readings of one car, one answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.vision import grammar
from community.vision.plates import PlateKind, PlateRead
from community.vision.vote import MOST, Vote


def read(text: str, confidence: float = 0.9, colour: str = "blue", **more: object) -> PlateRead:
    characters = more.get("characters") or (confidence,) * len(text)
    return PlateRead(
        text,
        PlateKind.BLUE,
        colour,
        confidence,
        (1, 2, 30, 10),
        characters,
        text,  # type: ignore[arg-type]
    )


def voted(*reads: PlateRead):
    vote = Vote()
    for one in reads:
        vote.add(one)
    return vote.result()


def test_nothing_read_gives_nothing() -> None:
    assert Vote().result() is None


def test_the_majority_wins_over_a_misread() -> None:
    found = voted(read("苏A12345"), read("苏A12B45", 0.5), read("苏A12345"))
    assert found.read.text == "苏A12345"
    assert found.frames == 3
    assert found.agreement == pytest.approx(1.8 / 2.3)
    assert found.runner_up == "苏A12B45"


def test_each_place_is_voted_on_by_itself() -> None:
    sure, unsure = 0.95, 0.2
    reads = [
        read("苏A1234S", 0.6, characters=(sure,) * 6 + (unsure, unsure)),
        read("苏A1284S"[:7], 0.6, characters=(sure, sure, sure, sure, unsure, sure, sure)),
        read("苏A12345", 0.6, characters=(sure, sure, sure, sure, sure, sure, sure)),
        read("苏A1B345", 0.6, characters=(sure, sure, sure, unsure, sure, sure, sure)),
    ]
    assert voted(*reads[1:]).read.text == "苏A12345"


def test_agreement_raises_and_dissent_lowers_confidence() -> None:
    once = voted(read("苏A12345", 0.8)).read.confidence
    thrice = voted(*[read("苏A12345", 0.8)] * 3).read.confidence
    split = voted(read("苏A12345", 0.8), read("苏B99999", 0.79)).read.confidence
    assert split < once < thrice <= 1


def test_places_never_join_into_what_is_no_plate() -> None:
    found = voted(read("苏AD12345", 0.6), read("苏A12345F", 0.61))
    assert grammar.is_plate(found.read.text)


def test_the_commonest_known_colour_stands() -> None:
    reads = [read("苏A12345", colour=c) for c in ("unknown", "yellow", "unknown", "yellow", "blue")]
    found = voted(*reads)
    assert found.read.colour == "yellow"
    assert found.read.kind is PlateKind.YELLOW


def test_a_car_that_stands_for_an_hour_takes_no_more_room() -> None:
    vote = Vote()
    for number in range(3 * MOST):
        vote.add(read("苏A12345", 0.5 + number / 1000))
    assert len(vote) == 3 * MOST
    assert len(vote._reads) == MOST
    assert vote.result().read.text == "苏A12345"


texts = st.text(alphabet="0123456789ABCDEFGH", min_size=5, max_size=5).map(lambda s: "苏A" + s)


@given(st.lists(st.tuples(texts, st.floats(0.01, 1)), min_size=1, max_size=12))
def test_any_readings_give_a_plate_with_sane_numbers(pairs: list[tuple[str, float]]) -> None:
    found = voted(*[read(text, confidence) for text, confidence in pairs])
    assert grammar.is_plate(found.read.text)
    assert 0 <= found.read.confidence <= 1
    assert 0 <= found.agreement <= 1.0001
    assert len(found.read.characters) == len(found.read.text)
