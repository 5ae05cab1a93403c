"""CTC decoding under the plate grammar: an impossible plate cannot win.

The network gives, for each step from left to right, a probability per character. For all patterns
at once a Viterbi search finds the likeliest path through "character of place i" and "blank" states,
so that a repeated character needs a blank between, and a missing one is looked for where the net's
second thoughts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from community.vision import grammar
from community.vision.grammar import PATTERNS, Pattern

Table = NDArray[np.float32]
NEVER = np.float32(-1e9)
FLOOR = 1e-6  # below this the net's probabilities are noise
SEEN = np.log(1e-5)  # a character that never reaches this was not seen
SURE = np.log(0.9995)
RARE_OFFICE = -2.0  # log weight of O in the second place: far more often it is a blurred Q or D
ALPHABET = "".join(
    dict.fromkeys("".join(place for pattern in PATTERNS for place in pattern.places))
)
INDEX = {character: i for i, character in enumerate(ALPHABET)}

# What a general text network writes for a plate's character, and how much of it counts.
ALIASES: dict[str, str] = {
    "0": "Oo〇○",
    "1": "Il|丨!｜",
    "O": "0",
    "皖": "完皓浣院睆晥晚",
    "粤": "奥粵專噢",
    "苏": "办蘇芬莎芽劳",
    "浙": "淅断渐",
    "鲁": "魯曾备兽",
    "豫": "橡像预",
    "湘": "相潮渊",
    "渝": "愉输喻榆谕偷",
    "闽": "闻问间闸闵閩闲闯",
    "赣": "贛赖籁戆",
    "冀": "翼黄莫",
    "津": "律浑洋淖",
    "京": "亰凉惊宗景",
    "沪": "护泸庐滬沂",
    "晋": "普音昔晉",
    "蒙": "豪象濛",
    "辽": "迂过边疗辺遼",
    "吉": "古告舌",
    "黑": "墨黒",
    "鄂": "郭卾鄙邪",
    "桂": "挂佳柱硅洼",
    "琼": "掠瓊凉",
    "川": "州Ⅲ",
    "贵": "责货贯貴",
    "云": "去玄雲会",
    "藏": "葳臧蔵",
    "陕": "陝峡侠狭",
    "甘": "廿",
    "青": "害肯清毒背責靑",
    "宁": "宇字守宅寧",
    "新": "断斩析薪",
    "学": "學字",
    "挂": "掛桂佳",
    "警": "警惊敬",
    "领": "領须颌",
}
ALIAS_WEIGHT = 0.5
# The dot, the bolts and the rim of a plate: read as marks, they stand where a blank stands.
MARKS = " ·・•.。.．,，、-—–_―~:：;；'’‘`´^*°|丨│¦!！/\\()（）[]【】「」『』<>《》\"“”"


@dataclass(frozen=True)
class Decoded:
    """A plate text with its log score (joint, comparable within one picture) and confidences."""

    text: str
    pattern: Pattern
    score: float
    characters: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]  # first and last step of each character


class Alphabet:
    """Columns of a network's output that matter to plates; one per vocabulary, then reused."""

    def __init__(self, vocabulary: Sequence[str], blank: int = 0) -> None:
        column = {character: i for i, character in enumerate(vocabulary)}
        marks = [column[c] for c in dict.fromkeys(MARKS) if c in column and column[c] != blank]
        self.gaps = np.array([blank, *marks])
        self.columns = np.array([column.get(c, -1) for c in ALPHABET])
        extra = [
            (INDEX[c], column[other])
            for c, others in ALIASES.items()
            for other in (*others, *(c.lower() if c.isalpha() and c.isascii() else ""))
            if other in column and column[other] != column.get(c)
        ]
        extra += [(INDEX[c], column[c.lower()]) for c in grammar.LETTERS if c.lower() in column]
        self.extra = np.array(extra, dtype=np.intp).reshape(-1, 2)

    def tables(self, probabilities: NDArray[Any]) -> tuple[Table, Table]:
        """(steps, alphabet) and (steps,) log probabilities of characters and of the blank."""
        own = np.where(self.columns >= 0, probabilities[:, np.maximum(self.columns, 0)], 0.0)
        lent = np.zeros_like(own)
        np.add.at(lent.T, self.extra[:, 0], probabilities[:, self.extra[:, 1]].T)
        characters = np.log(np.maximum(own + ALIAS_WEIGHT * lent, FLOOR))
        blank = np.log(np.maximum(probabilities[:, self.gaps].sum(axis=1), FLOOR))
        return characters.astype(np.float32), blank.astype(np.float32)


def _thin(characters: Table, blank: Table) -> NDArray[np.intp]:
    """The steps worth a look: of a run of sure blanks only one."""
    sure = blank > SURE
    repeated = np.zeros(len(sure), bool)
    repeated[1:] = sure[1:] & sure[:-1]
    return np.flatnonzero(~repeated)


def _possible(masks: Table, lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Patterns each of whose places has at least one character that was seen at all."""
    open_places = (masks > NEVER / 2).any(axis=2).sum(axis=1)
    return np.flatnonzero(open_places == lengths)


@lru_cache(maxsize=8)
def _masks(patterns: tuple[Pattern, ...]) -> tuple[Table, NDArray[np.intp]]:
    """(pattern, place, character) log weight, NEVER where not allowed; each pattern's length."""
    longest = max(len(p.places) for p in patterns)
    masks = np.full((len(patterns), longest, len(ALPHABET)), NEVER, np.float32)
    for i, pattern in enumerate(patterns):
        for j, place in enumerate(pattern.places):
            masks[i, j, [INDEX[c] for c in place]] = 0
            if place is grammar.OFFICES:
                masks[i, j, INDEX["O"]] = RARE_OFFICE
    return masks, np.array([len(p.places) for p in patterns])


class _Search:
    """The Viterbi lattice of all patterns; `stay`, `blank`, `step` are the ways into a state."""

    def __init__(self, masks: Table, lengths: NDArray[np.intp]) -> None:
        self.masks, self.lengths = masks, lengths
        count, places, _ = self.masks.shape
        self.inside = np.full(self.masks.shape, NEVER, np.float32)
        self.blanks = np.full((count, places + 1), NEVER, np.float32)
        self.blanks[:, 0] = 0
        self.ways: list[NDArray[np.uint8]] = []
        self.blank_ways: list[NDArray[np.bool_]] = []
        self.tops: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []

    def step(self, characters: Table, blank: np.float32) -> None:
        """Take one step of the network's output: (alphabet,) and a scalar, in logs."""
        two = np.argpartition(self.inside, -2, axis=2)[:, :, -2:]
        values = np.take_along_axis(self.inside, two, axis=2)
        flip = values[..., 0] > values[..., 1]
        best = np.where(flip, two[..., 0], two[..., 1])
        second = np.where(flip, two[..., 1], two[..., 0])
        high, low = values.max(axis=2), values.min(axis=2)
        entry = np.full_like(self.inside, NEVER)
        entry[:, 1:] = high[:, :-1, None]
        np.put_along_axis(entry[:, 1:], best[:, :-1, None], low[:, :-1, None], axis=2)
        options = np.stack(
            [self.inside, self.blanks[:, :-1, None] + self.masks, entry + self.masks]
        )
        way = options.argmax(axis=0)
        stay = np.maximum(self.blanks[:, 1:], NEVER)
        ended = high > stay
        self.inside = np.take_along_axis(options, way[None], axis=0)[0] + characters
        np.maximum(self.inside, NEVER, out=self.inside)
        self.blanks[:, 1:] = np.maximum(stay, high) + blank
        self.blanks[:, 0] += blank
        np.maximum(self.blanks, NEVER, out=self.blanks)
        self.ways.append(way.astype(np.uint8))
        self.blank_ways.append(ended)
        self.tops.append((best, second))

    def ends(self) -> tuple[Table, NDArray[np.bool_], NDArray[np.intp]]:
        """Per pattern: best final score, whether it ends in a blank, its last character."""
        rows = np.arange(len(self.lengths))
        last = self.inside[rows, self.lengths - 1]
        inside, blank = last.max(axis=1), self.blanks[rows, self.lengths]
        return np.maximum(inside, blank), blank > inside, last.argmax(axis=1)

    def trace(self, row: int, in_blank: bool, character: int) -> list[tuple[int, int, int]]:
        """(character, first step, last step) of each place, walking back from the end."""
        place = int(self.lengths[row]) - (0 if in_blank else 1)
        found: list[tuple[int, int, int]] = []
        last = len(self.ways) - 1
        for t in range(len(self.ways) - 1, -1, -1):
            if in_blank:
                if place and self.blank_ways[t][row, place - 1]:
                    place, in_blank, last = place - 1, False, t - 1
                    character = int(self.tops[t][0][row, place])
                continue
            way = int(self.ways[t][row, place, character])
            if way == 0:
                continue
            found.append((character, t, last))
            if way == 1:
                in_blank = True
                continue
            best, second = (int(top[row, place - 1]) for top in self.tops[t])
            character, place, last = (second if best == character else best), place - 1, t - 1
        return found[::-1]


def decode(
    characters: Table,
    blank: Table,
    patterns: tuple[Pattern, ...] = PATTERNS,
    priors: Sequence[float] | None = None,
) -> list[Decoded]:
    """The best plate of each pattern, the likeliest first.

    `characters` is (steps, alphabet), `blank` (steps,), both logs, from `Alphabet.tables`;
    `priors` (one log weight per pattern) replaces the patterns' own.
    """
    steps = _thin(characters, blank)
    masks, lengths = _masks(patterns)
    active = np.flatnonzero(characters.max(axis=0) > SEEN)
    possible = _possible(masks[:, :, active], lengths)
    if not len(active) or not len(possible):
        return []
    few = characters[np.ix_(steps, active)]
    longest = int(lengths[possible].max())
    search = _Search(masks[np.ix_(possible, np.arange(longest), active)], lengths[possible])
    for step, gap in zip(few, blank[steps], strict=True):
        search.step(step, gap)
    scores, in_blank, last = search.ends()
    found = []
    for row, which in enumerate(possible):
        if scores[row] <= NEVER / 2:
            continue
        path = search.trace(row, bool(in_blank[row]), int(last[row]))
        prior = patterns[which].prior if priors is None else priors[which]
        spans = tuple((int(steps[a]), int(steps[b])) for _, a, b in path)
        peaks = tuple(float(np.exp(few[a : b + 1, c].max())) for c, a, b in path)
        text = "".join(ALPHABET[active[c]] for c, _, _ in path)
        found.append(Decoded(text, patterns[which], float(scores[row]) + prior, peaks, spans))
    return sorted(found, key=lambda one: -one.score)


def score_text(characters: Table, blank: Table, text: str) -> float:
    """Log probability of exactly this text (the CTC forward sum over all its alignments)."""
    codes = [INDEX[c] for c in text]
    states = np.full(2 * len(codes) + 1, -1, np.intp)
    states[1::2] = codes
    skip = np.zeros(len(states), bool)
    skip[3::2] = states[3::2] != states[1:-2:2]
    emit = np.where(states < 0, blank[:, None], characters[:, np.maximum(states, 0)])
    alpha = np.full(len(states), NEVER, np.float64)
    alpha[:2] = emit[0, :2]
    for step in emit[1:]:
        one = np.concatenate([[NEVER], alpha[:-1]])
        two = np.where(skip, np.concatenate([[NEVER, NEVER], alpha[:-2]]), NEVER)
        alpha = np.logaddexp(np.logaddexp(alpha, one), two) + step
    return float(np.logaddexp(alpha[-1], alpha[-2]))
