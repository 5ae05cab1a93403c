"""Decoding of our reader's answer under the plate grammar: an impossible plate cannot win.

The reader gives a log probability per place and character. Places do not depend on one another, so
the likeliest text of a pattern is that of its places, each held to what the grammar allows there;
the pattern with the best sum wins. A beam of the next best texts tells how near the call was.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from community.vision import grammar
from community.vision.decode import RARE_OFFICE, Decoded
from community.vision.grammar import PATTERNS, Pattern
from community.vision.plate_alphabet import CHARACTERS, PLACES

LogTable = NDArray[np.float32]  # (places, characters)
NEVER = np.float32(-1e9)
PRIOR = 0.5  # how much of a pattern's rarity counts: the reader has seen all of them


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[Pattern, ...], LogTable]:
    """The patterns that the reader can spell, and (pattern, place, character) log weights."""
    spelt = [p for p in PATTERNS if len(p.places) <= PLACES]
    masks = np.full((len(spelt), PLACES, len(CHARACTERS)), NEVER, np.float32)
    for i, pattern in enumerate(spelt):
        masks[i, len(pattern.places) :, 0] = 0
        for j, place in enumerate(pattern.places):
            masks[i, j, [CHARACTERS.index(c) for c in place if c in CHARACTERS]] = 0
    possible = np.flatnonzero((masks > NEVER / 2).any(axis=2).sum(axis=1) == PLACES)
    return tuple(spelt[i] for i in possible), masks[possible]


def greedy(table: LogTable) -> str:
    """The reader's own text, before the grammar."""
    return "".join(CHARACTERS[i] for i in table.argmax(axis=1) if i)


def _office(pattern: Pattern, codes: NDArray[np.intp], table: LogTable) -> tuple[str, float]:
    """The text of the codes, and what an O in the second place costs it.

    O and 0 look alike: where the grammar wants a letter in the second place and the reader says 0,
    an O stands there (the province's police and offices).
    """
    text = "".join(CHARACTERS[c] for c in codes[: len(pattern.places)])
    if pattern.places[1] is not grammar.OFFICES:
        return text, 0.0
    zero, own = float(table[1, CHARACTERS.index("0")]), float(table[1, codes[1]])
    if zero + RARE_OFFICE > own:
        return f"{text[0]}O{text[2:]}", zero + RARE_OFFICE - own
    return text, 0.0


def decode(table: LogTable, most: int = 3) -> list[Decoded]:
    """The likeliest plates, best first: of each pattern its best, and its best's near misses.

    `table` is (9, characters) log probabilities. Empty only where no pattern can be spelt.
    """
    patterns, masks = _known()
    weighted = table[None] + masks
    best = weighted.argmax(axis=2)
    values = np.take_along_axis(weighted, best[..., None], axis=2)[..., 0]
    found = []
    for row in np.argsort(-values.sum(axis=1))[:most]:
        pattern, codes = patterns[row], best[row]
        text, office = _office(pattern, codes, table)
        score = float(values[row].sum()) + office + PRIOR * pattern.prior
        sure = np.exp(values[row, : len(text)]).clip(0, 1)
        found.append(Decoded(text, pattern, score, tuple(float(v) for v in sure), ()))
        if most == 1:  # a near miss is never the best
            continue
        if (near := _near_miss(weighted[row], codes, values[row], len(text))) is not None:
            other, cost, place = near
            chances = list(sure)
            chances[place] = float(np.exp(values[row, place] - cost))
            second = f"{text[:place]}{other}{text[place + 1 :]}"
            found.append(
                Decoded(second, pattern, score - cost, tuple(float(v) for v in chances), ())
            )
    return sorted(found, key=lambda one: -one.score)[:most]


def _near_miss(
    weighted: LogTable, codes: NDArray[np.intp], values: NDArray[np.float32], length: int
) -> tuple[str, float, int] | None:
    """The cheapest change of one character: the other one, what it costs, where."""
    others = weighted[:length].copy()
    others[np.arange(length), codes[:length]] = NEVER
    second = others.argmax(axis=1)
    costs = values[:length] - others[np.arange(length), second]
    place = int(costs.argmin())
    if costs[place] > -NEVER / 2:
        return None
    return CHARACTERS[int(second[place])], float(costs[place]), place
