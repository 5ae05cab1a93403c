"""Our reader's answer under the plate grammar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.vision import grammar, plate_decode
from community.vision.plate_alphabet import CHARACTERS, PLACES, indices


def table(text: str, sure: float = 0.99) -> np.ndarray:
    """What a reader that is so sure of each place would answer."""
    chances = np.full((PLACES, len(CHARACTERS)), (1 - sure) / (len(CHARACTERS) - 1))
    chances[np.arange(PLACES), indices(text)] = sure
    return np.log(chances).astype(np.float32)


@pytest.mark.parametrize(
    "text",
    ["苏A52817", "粤BD12345", "京A12345D", "沪A1234学", "冀B1234挂", "皖A1234警", "粤Z1234港",
     "沪A1234领", "123456使", "使123456", "WJ京12345", "WJ1234X", "京A1234应急", "浙A12345临",
     "VA12345", "民航A1234"],
)  # fmt: skip
def test_every_form_can_be_spelt(text: str) -> None:
    found = plate_decode.decode(table(text))[0]
    assert found.text == text
    assert found.pattern.fits(text)
    assert len(found.characters) == len(text)


def test_an_impossible_plate_cannot_win() -> None:
    # Two provinces, surely seen: the grammar takes the best letter instead of the second.
    answer = table("苏京52817", 0.9)
    answer[1, CHARACTERS.index("A")] = np.log(0.05)
    assert plate_decode.greedy(answer) == "苏京52817"
    assert plate_decode.decode(answer)[0].text == "苏A52817"


def test_a_zero_in_the_second_place_is_the_office_letter() -> None:
    assert plate_decode.decode(table("京O12345"))[0].text == "京O12345"


def test_a_rather_seen_letter_beats_the_office() -> None:
    answer = table("京012345", 0.5)
    answer[1, CHARACTERS.index("D")] = np.log(0.4)
    assert plate_decode.decode(answer)[0].text == "京D12345"


def test_the_near_miss_comes_second_and_says_how_near() -> None:
    answer = table("苏A52817", 0.97)
    answer[6, CHARACTERS.index("7")] = np.log(0.51)
    answer[6, CHARACTERS.index("1")] = np.log(0.45)
    first, second, *_ = plate_decode.decode(answer)
    assert (first.text, second.text) == ("苏A52817", "苏A52811")
    assert min(first.characters) == pytest.approx(0.51, abs=0.01)
    assert first.score - second.score == pytest.approx(np.log(0.51 / 0.45), abs=0.01)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_answered_a_plate_comes_out(seed: int) -> None:
    logits = np.random.default_rng(seed).normal(0, 3, (PLACES, len(CHARACTERS)))
    answer = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    for found in plate_decode.decode(answer.astype(np.float32)):
        assert grammar.is_plate(found.text)
        assert all(0 <= sure <= 1 for sure in found.characters)


def test_what_has_no_output_cannot_be_spelt() -> None:
    with pytest.raises(ValueError, match=r"not found|longer"):
        indices("军A12345")
    with pytest.raises(ValueError, match="longer"):
        indices("京A12345678")
