"""One car before the arm, as far as it is known: its readings, its place, its best picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from community.vision.arrays import Frame as Image
from community.vision.grammar import distance
from community.vision.plates import Box, PlateRead, Roi
from community.vision.vote import Vote, Voted

SURE = 0.9
#: Read clearly for so long (seconds), a car need not wait for a better vote.
CLEAR_S = 0.8
#: Plates narrower than this (pixels) are read too often wrong to open at the first look.
CLEAR_WIDTH = 80
KEPT = 12
GAIN = 0.12
#: Once the plate is seen nearer, readings of less than this share of its width vote no more.
FAR = 0.6
#: A plate that differs by less is, in the same place, the same plate misread.
LIKE = 1.2
DOUBT = 0.3  # a reading less sure than this is none
REACH = 1.5  # plate widths that a car may move between two readings


def area(read: PlateRead) -> int:
    return read.box[2] * read.box[3]


def around(box: Box, shape: tuple[int, ...]) -> Roi:
    """The part of the picture where a plate that was here is now, unless its car drove off."""
    x, y, w, h = box
    height, width = shape[:2]
    left, top = max(0.0, (x - w / 2) / width), max(0.0, (y - 2 * h) / height)
    right, bottom = min(1.0, (x + 1.5 * w) / width), min(1.0, (y + 3 * h) / height)
    return Roi(left, top, right - left, bottom - top)


def near(one: Box, other: Box) -> bool:
    """Whether a car may have moved from one box to the other between two readings."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = one, other
    shift = max(abs(ax + aw / 2 - bx - bw / 2), abs(ay + ah / 2 - by - bh / 2))
    return shift <= REACH * max(aw, bw) and 0.55 <= aw / max(1, bw) <= 1.8


def receded(now: Box, before: Box) -> bool:
    """Whether the plate is clearly farther up the lane than before."""
    risen = before[1] + before[3] - (now[1] + now[3])
    return risen > 1.2 * before[3] and now[2] < 0.85 * before[2]


@dataclass
class Track:
    """A car from its first frame until the lane is free of it."""

    started_at: datetime
    number: int
    reads: list[PlateRead] = field(default_factory=list)
    count: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    first_read_at: datetime | None = None
    clear_at: datetime | None = None
    seen_at: datetime | None = None
    #: The best reading that was too doubtful to count: a guard may see in it which car this is.
    doubted: PlateRead | None = None
    missed: int = 0
    missed_since: datetime | None = None
    fired: bool = False
    plate_like: bool = False
    #: Began where another car was last seen: only something like a plate proves a vehicle.
    follows: bool = False
    looks_calm: int = 0
    box: Box | None = None
    best: Image | None = None
    best_box: Box | None = None
    best_score: float = -1.0

    @property
    def is_unread(self) -> bool:
        """Whether nothing was read of it and nobody told of it yet."""
        return not self.fired and not self.texts

    def add(self, read: PlateRead, image: Image, at: datetime) -> None:
        """This car's plate was read in this frame."""
        widest = max([read.box[2], *(one.box[2] for one in self.reads)])
        near_enough = [one for one in self.reads if one.box[2] >= FAR * widest]
        self.reads = [*near_enough[-KEPT + 1 :], read]
        self.texts[read.text] += 1
        self.box = read.box
        self.count += 1
        self.first_read_at = self.first_read_at or at
        if read.box[2] >= CLEAR_WIDTH:
            self.clear_at = self.clear_at or at
        self.seen_at, self.missed, self.missed_since = at, 0, None
        self.keep(image, read.box, 10 + read.confidence * read.box[2])

    def doubt(self, reads: list[PlateRead]) -> None:
        """Remember what was read too doubtfully, while nothing better is."""
        for read in reads:
            if self.doubted is None or read.confidence > self.doubted.confidence:
                self.doubted = read

    def keep(self, image: Image, box: Box | None, score: float) -> None:
        """Remember the picture if it is the best so far; once told, none is needed any more."""
        if not self.fired and score > self.best_score:
            self.best, self.best_box, self.best_score = image, box, score

    def miss(self, at: datetime) -> None:
        """The engine looked and did not see this car's plate."""
        self.missed += 1
        self.missed_since = self.missed_since or at

    def missed_s(self, at: datetime) -> float:
        return (at - self.missed_since).total_seconds() if self.missed_since else 0.0

    def voted(self) -> Voted | None:
        """What the readings from near by say together."""
        vote = Vote()
        for read in self.reads:
            vote.add(read)
        found = vote.result()
        if found is None:
            return None
        # Frames of one car share its dirt and its light: they confirm each other only so far.
        most = max(read.confidence for read in self.reads) + GAIN
        read = replace(found.read, confidence=round(min(found.read.confidence, most), 4))
        return replace(found, read=read)

    def is_this(self, read: PlateRead) -> bool:
        """Whether the reading is of this car rather than of the next one."""
        if self.box is None or read.text in self.texts:
            return True
        # After a break only a text that this car has shown before is taken for it.
        if self.missed >= 2 or receded(read.box, self.box):
            return False
        # Far up the lane one car gives many texts; only one that was told could be mistaken.
        if not self.fired and near(read.box, self.box):
            return True
        likeness = min(distance(read.text, text) for text in self.texts)
        return likeness <= LIKE and near(read.box, self.box)

    def stood_here(self, read: PlateRead) -> bool:
        """Whether the reading shows this car exactly where it was last seen."""
        if self.box is None or read.text not in self.texts:
            return False
        return near(read.box, self.box) and abs(read.box[0] - self.box[0]) < 0.5 * self.box[2]

    def is_sure(self, at: datetime) -> bool:
        """Enough frames agree, or the car has been read for as long as it should wait."""
        found = self.voted()
        if found is None or self.clear_at is None:
            return False
        agreeing = sum(1 for read in self.reads if read.text == found.read.text)
        if agreeing < 2 or agreeing * 3 < len(self.reads) * 2:
            return False
        waited = (at - self.clear_at).total_seconds() >= CLEAR_S
        return waited or found.read.confidence >= SURE


def believed(reads: list[PlateRead], track: Track | None) -> list[PlateRead]:
    """Readings sure enough to count; of the others an unread car remembers the best."""
    if track is not None and not track.texts:
        track.doubt([read for read in reads if read.confidence < DOUBT])
    return [read for read in reads if read.confidence >= DOUBT]
