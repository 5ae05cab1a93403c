"""Decoding under the grammar, on probabilities made by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from community.vision import decode

VOCABULARY = ("", *decode.ALPHABET, "·", "o")


def steps(text: str, *, sure: float = 0.98, spread: dict[int, str] | None = None) -> np.ndarray:
    """Probabilities as a network gives them for the text: one step a character, one blank between.

    `spread` names, for a place of the text, a second character that is seen almost as well.
    """
    rows = []
    for place, character in enumerate(text):
        row = np.full(len(VOCABULARY), (1 - sure) / len(VOCABULARY), np.float32)
        other = (spread or {}).get(place)
        row[VOCABULARY.index(character)] = sure if other is None else 0.55 * sure
        if other is not None:
            row[VOCABULARY.index(other)] = 0.44 * sure
        blank = np.full(len(VOCABULARY), 0.01 / len(VOCABULARY), np.float32)
        blank[0] = 0.99
        rows += [row, blank]
    return np.array(rows)


def best(table: np.ndarray) -> decode.Decoded:
    return decode.decode(*decode.Alphabet(VOCABULARY).tables(table))[0]


@pytest.mark.parametrize(
    "text", ["苏A12345", "皖A88888", "粤BD12345", "苏A12345F", "粤Z1234港", "224001使"]
)
def test_a_clear_plate_is_read(text: str) -> None:
    found = best(steps(text))
    assert found.text == text
    assert len(found.characters) == len(text)
    assert min(found.characters) > 0.9


def test_an_impossible_letter_gives_way_to_the_second_thought() -> None:
    assert best(steps("苏AO2345", spread={2: "Q"})).text[2] in "0Q"
    assert best(steps("苏AO2345")).text == "苏A02345"


def test_the_dot_is_a_gap() -> None:
    assert best(steps("苏A·12345")).text == "苏A12345"


def test_a_swallowed_repeat_is_looked_for() -> None:
    table = steps("苏A8888")
    eight = VOCABULARY.index("8")
    # Between two of the eights the network saw a little less than a blank: an eight it merged.
    table[5, 0], table[5, eight] = 0.5, 0.45
    table = np.insert(table, 6, table[5], axis=0)
    table[6, 0], table[6, eight] = 0.02, 0.97
    table = np.insert(table, 7, table[7], axis=0)
    assert best(table).text in ("苏A88888", "苏A8888学")
    assert decode.decode(*decode.Alphabet(VOCABULARY).tables(table))[0].text.count("8") == 5


def test_nothing_seen_gives_nothing() -> None:
    blank = np.zeros((20, len(VOCABULARY)), np.float32)
    blank[:, 0] = 1
    assert decode.decode(*decode.Alphabet(VOCABULARY).tables(blank)) == []


def test_the_search_finds_the_true_best() -> None:
    """Against the sum over every alignment, on tables of noise."""
    rng = np.random.default_rng(4)
    alphabet = decode.Alphabet(VOCABULARY)
    for _ in range(5):
        table = steps("苏A12345", spread={2: "7", 5: "A"})
        table = np.clip(table + rng.random(table.shape, np.float32) * 0.01, 0, 1)
        characters, blank = alphabet.tables(table)
        found = decode.decode(characters, blank)[0]
        rivals = ["苏A" + "".join(r) + "5" for r in itertools.product("17", "2", "3", "4A")]
        likeliest = max(rivals, key=lambda text: decode.score_text(characters, blank, text))
        assert found.text == likeliest
