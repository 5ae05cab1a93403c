"""The characters that our plate reader can tell, in the order of its outputs."""

from __future__ import annotations

from community.vision.grammar import DIGITS, LETTERS, PROVINCES

BLANK = "_"  # nothing stands at this place
SPECIAL = "学警挂领临港澳使应急民航"
# O is painted like 0 and told from it by its place alone, so it has no output of its own.
CHARACTERS = BLANK + PROVINCES + LETTERS + DIGITS + SPECIAL
PLACES = 9


def indices(text: str) -> list[int]:
    """The outputs that spell the text, blanks to the end. Raises ValueError for what has none."""
    spelt = [CHARACTERS.index(character) for character in text.replace("O", "0")]
    if len(spelt) > PLACES:
        raise ValueError(f"longer than {PLACES} characters: {text}")
    return spelt + [0] * (PLACES - len(spelt))
