"""Many readings of one car, one answer: a vote per position, weighted by confidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from community.vision import grammar
from community.vision.plates import PlateRead

MOST = 60  # readings kept; a car that stands for minutes must not grow the vote without end


@dataclass(frozen=True, slots=True)
class Voted:
    """The vote's answer.

    `read` carries the voted text, with the box and raw text of the surest reading of it;
    `frames` is how many readings took part, `agreement` the weighted share of whole readings that
    say exactly this text, `runner_up` the next best whole text, if any.
    """

    read: PlateRead
    frames: int
    agreement: float
    runner_up: str | None


class Vote:
    """Collects the readings of one car. Not thread-safe: one vote per track."""

    def __init__(self) -> None:
        self._reads: list[PlateRead] = []
        self._seen = 0

    def __len__(self) -> int:
        return self._seen

    def add(self, read: PlateRead) -> None:
        """Take one frame's reading of this car; beyond MOST the least sure ones are dropped."""
        self._seen += 1
        self._reads.append(read)
        if len(self._reads) > MOST:
            self._reads.remove(min(self._reads, key=lambda kept: kept.confidence))

    def result(self) -> Voted | None:
        """The answer so far; None while nothing was read."""
        if not self._reads:
            return None
        totals: dict[str, float] = defaultdict(float)
        for read in self._reads:
            totals[read.text] += read.confidence
        text = self._by_position(totals)
        share = totals.get(text, 0.0) / max(sum(totals.values()), 1e-9)
        others = sorted((t for t in totals if t != text), key=lambda t: -totals[t])
        return Voted(self._joined(text, share), self._seen, share, others[0] if others else None)

    def _by_position(self, totals: dict[str, float]) -> str:
        """Each place's winner; where that is no plate, the whole text with the most weight."""
        lengths: dict[int, float] = defaultdict(float)
        for text, weight in totals.items():
            lengths[len(text)] += weight
        length = max(lengths, key=lambda n: lengths[n])
        places: list[dict[str, float]] = [defaultdict(float) for _ in range(length)]
        for read in self._reads:
            if len(read.text) != length:
                continue
            for place, character, sure in zip(places, read.text, _sure(read), strict=True):
                place[character] += sure * read.confidence
        voted = "".join(max(place, key=lambda c, p=place: p[c]) for place in places)  # type: ignore[misc]
        return voted if grammar.is_plate(voted) else max(totals, key=lambda text: totals[text])

    def _joined(self, text: str, share: float) -> PlateRead:
        same = [read for read in self._reads if read.text == text]
        nearest = same or [read for read in self._reads if len(read.text) == len(text)]
        surest = max(nearest, key=lambda read: read.confidence)
        colour = _commonest([read.colour for read in self._reads])
        characters = tuple(
            max((_sure(read)[i] for read in nearest if read.text[i] == letter), default=0.0)
            for i, letter in enumerate(text)
        )
        confidence = _together([read.confidence for read in same], share)
        kind = grammar.kind_seen(text, colour)
        return PlateRead(text, kind, colour, confidence, surest.box, characters, surest.raw)


def _sure(read: PlateRead) -> tuple[float, ...]:
    if len(read.characters) == len(read.text):
        return read.characters
    return (read.confidence,) * len(read.text)


def _commonest(colours: list[str]) -> str:
    known = Counter(colour for colour in colours if colour != "unknown")
    return known.most_common(1)[0][0] if known else "unknown"


def _together(confidences: list[float], share: float) -> float:
    """Agreeing frames make surer, though not as independent ones would; dissent makes less sure."""
    if not confidences:
        return round(0.3 * share, 4)
    best = max(confidences)
    gain = 1 - (1 - best) * 0.7 ** min(len(confidences) - 1, 5)
    return round(min(gain, 1.0) * (0.4 + 0.6 * share), 4)
