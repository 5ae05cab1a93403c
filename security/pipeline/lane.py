"""The state of one lane: which car is before the arm, which comes next, when the engine looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from community.vision.plates import Box, PlateEngine, PlateRead, Roi
from security.pipeline.plate_like import plate_like
from security.pipeline.sighting import Sighting, sighting
from security.pipeline.track import Track, area, around, believed
from security.pipeline.view import Look, View
from security.sources.base import Frame

PENDING_S, IDLE_S, HELD_S, MISSED_S = 0.15, 0.3, 1.5, 0.8  # least time between two readings
WORTH = 0.1  # share of the region that a car near enough to be read covers
UNREAD_S, UNTRIED_S = 1.2, 5.0
IDLE_AT_MOST_S = 1.5  # where only leaves or people move
SETTLED_S = 0.5
STANDS_S = 1.5  # a car that stands unread for so long is told as not read
WITHOUT_PLATE_S = 4.0  # and one that shows nothing like a plate
OLD_S = 2.5  # nobody waits longer for a better vote
GONE_S, CALM_GONE_S, RESTLESS_GONE_S, UNREAD_GONE_S = 0.8, 3.0, 8.0, 30.0
LARGER = 1.3
HIDDEN_S = 60.0
CLEAR = 0.3  # share of a plate's place that may be covered where no plate is


def always(_urgent: bool) -> bool:
    return True


class Pipeline:
    """One lane. `may_read` is asked before each recognition, so that a worker can ration them."""

    def __init__(
        self, engine: PlateEngine, roi: Roi | None = None, may_read: Callable[[bool], bool] = always
    ) -> None:
        self._engine, self._roi, self._may_read = engine, roi or Roi(), may_read
        self._view = View(self._roi)
        self._track: Track | None = None
        self._next: Track | None = None  # readings that are not of the car before the arm
        self._left: Track | None = None  # the last car, while the lane was not seen empty since
        self._read_at: datetime | None = None
        self._idle_reads = 0
        self._dirty = True  # something moved since the engine last looked
        self._dirty_at: datetime | None = None
        self._scene: int | None = None
        self.recognitions = 0

    @property
    def present(self) -> Track | None:
        """The car that is before the arm now."""
        return self._track

    def feed(self, frame: Frame) -> list[Sighting]:
        """Take in the newest frame; gives what is now certain, mostly nothing."""
        if frame.scene is not None:
            return self._still(frame)
        look = self._view.look(frame.image, frame.at)
        if look.moves and not self._dirty:
            self._dirty, self._dirty_at = True, look.at
        if self._track is None and look.vehicle_like:
            # Known from its first frame: told even where the engine never finds the time for it.
            self._track = Track(look.at, frame.number, follows=self._hidden(look))
        told: list[Sighting] = []
        # A car that was told already can wait; one that is to be read cannot.
        if self._due(look) and self._may_read(self._track is None or not self._track.fired):
            told += self._read(frame, look)
        return told + self._settle(frame, look)

    def flush(self) -> list[Sighting]:
        """No more frames come for now: what was read so far is told rather than lost."""
        track = self._track
        if track is None or track.fired or track.seen_at is None:
            return []
        return [self._fire(track, track.seen_at)]

    def resume(
        self, plate: str, box: Box, started_at: datetime, number: int, *, told: bool
    ) -> None:
        """A car stood here before a restart: while it still does, it is the same passage.

        Where it was not `told` yet it fires again under the same start and number.
        """
        self._left = Track(
            started_at, number, texts=Counter([plate]), box=box, fired=told, seen_at=started_at
        )

    def _still(self, frame: Frame) -> list[Sighting]:
        """A picture that stands for itself is a whole passage."""
        if frame.scene == self._scene:
            return []
        self._scene = frame.scene
        self.recognitions += 1
        found = next(iter(self._engine.read(frame.image, self._roi)), None)
        told = sighting(
            found,
            image=frame.image,
            box=found.box if found else plate_like(frame.image, self._roi),
            frames=1,
            started_at=frame.at,
            seen_at=frame.at,
            number=frame.number,
            name=frame.name,
        )
        return [told]

    def _due(self, look: Look) -> bool:
        """Whether the engine should look now."""
        if self._read_at is None:
            return True
        since = (look.at - self._read_at).total_seconds()
        track = self._track
        if track is None:
            if look.empty and look.calm_s >= SETTLED_S:
                self._dirty = False  # whatever moved has gone
            return self._dirty and self._worth_a_look(look, since)
        if not track.fired:
            wait = PENDING_S if track.count else min(UNREAD_S, IDLE_S * 1.6**track.missed)
            return since >= wait and (look.moves or bool(track.count) or track.looks_calm < 3)
        # Once told, the engine looks only to know whether this car is still there.
        if self._dirty and since >= (SETTLED_S if look.calm_s >= SETTLED_S else HELD_S):
            return True
        return since >= MISSED_S and (self._next is not None or 0 < track.missed < 3)

    def _worth_a_look(self, look: Look, since: float) -> bool:
        """Whether what moves on the free lane may be a car that can be read."""
        if not look.known or look.covered >= WORTH:
            return since >= min(IDLE_AT_MOST_S, IDLE_S * 1.4**self._idle_reads)
        # Something small: a bird, the arm, a car far away. It is read once it stays or stands.
        moving_s = (look.at - self._dirty_at).total_seconds() if self._dirty_at else 0.0
        return min(since, moving_s) >= IDLE_AT_MOST_S

    def _read(self, frame: Frame, look: Look) -> list[Sighting]:
        reads = self._recognise(frame, look)
        self._read_at, self._dirty = look.at, False
        self._view.was_read()
        track = self._track
        if track is None or (reads and not track.texts):
            self._arrive(reads, frame, look)
            return []
        mine = next((read for read in reads if track.is_this(read)), None)
        if mine is not None:
            track.add(mine, frame.image, look.at)
            reads = [read for read in reads if area(read) > LARGER * area(mine)]
        else:
            track.miss(look.at)
            track.looks_calm += look.calm_s >= SETTLED_S
        return self._other(track, reads, frame)

    def _recognise(self, frame: Frame, look: Look) -> list[PlateRead]:
        if self._is_dull(frame, look):
            return []
        self.recognitions += 1
        # The dearest search is for a car that stands there and that no look could read.
        stands = look.calm_s >= SETTLED_S and self._track is not None and self._track.is_unread
        reads = self._engine.read(frame.image, self._where(frame, look), thorough=stands)
        return believed(reads, self._track)

    def _is_dull(self, frame: Frame, look: Look) -> bool:
        """Whether a look would be wasted: a search that finds nothing costs ten times a reading."""
        track = self._track
        leaving = track is not None and track.fired and look.calm_s < SETTLED_S
        small = track is None and not look.vehicle_like
        if not look.known or not (leaving or small):
            return False
        return plate_like(frame.image, self._roi, self._view.mask) is None

    def _where(self, frame: Frame, look: Look) -> Roi:
        """Where to look: a known car at its place, else what covers the lane, at times all of it.

        The smaller parts may miss the plate: where the picture of the empty lane is wrong, or the
        car has rolled on.
        """
        track = self._track
        still = look.empty or look.calm_s >= SETTLED_S
        if (track.missed if track else self._idle_reads) % 2 and still and not look.empty:
            return self._roi
        if track and track.fired and track.box and still:
            return around(track.box, frame.image.shape)
        return self._view.covered_part() or self._roi

    def _arrive(self, reads: list[PlateRead], frame: Frame, look: Look) -> None:
        """Somebody comes to a free lane, or an unread car can be read at last."""
        self._idle_reads = 0 if reads else self._idle_reads + 1
        if reads:
            read = max(reads, key=area)
            unread = self._track if self._track and not self._track.fired else None
            self._track = self._known(read) or unread or Track(look.at, frame.number)
            self._track.add(read, frame.image, look.at)

    def _known(self, read: PlateRead) -> Track | None:
        """The last car, if it stands where it stood: somebody walked past it, or it is parked."""
        return self._left if self._left is not None and self._left.stood_here(read) else None

    def _other(self, track: Track, reads: list[PlateRead], frame: Frame) -> list[Sighting]:
        """Plates that are not this car's: the next car, once it was seen twice.

        While this car's own plate is seen, only a nearer (larger) one takes its place: it would
        open the barrier for the car in front otherwise.
        """
        reads = [read for read in reads if not track.is_this(read)]
        if not reads:
            self._next = None if not track.missed else self._next
            return []
        read = max(reads, key=area)
        if self._next is None or not self._next.is_this(read):
            self._next = self._known(read) or Track(frame.at, frame.number)
        self._next.add(read, frame.image, frame.at)
        if self._next.count < 2 or track.missed == 1:
            return []
        told = [] if track.fired else [self._fire(track, track.seen_at or frame.at)]
        self._track, self._next, self._left = self._next, None, track
        return told

    def _settle(self, frame: Frame, look: Look) -> list[Sighting]:
        track = self._track
        if track is None:
            if look.empty:
                self._left = None
            if look.calm_s >= 1.0 and not self._dirty and not self._hidden(look):
                self._view.learn_empty()
                self._idle_reads = 0
            return []
        if track.texts:
            return self._settle_read(track, frame, look)
        return self._settle_unread(track, frame, look)

    def _settle_read(self, track: Track, frame: Frame, look: Look) -> list[Sighting]:
        told: list[Sighting] = []
        missed_s = track.missed_s(look.at)
        clear = self._is_clear(track, frame, look)
        gone = (track.missed >= 2 and missed_s >= GONE_S) or (track.missed > 0 and clear)
        stood = look.calm_s >= SETTLED_S and track.count >= 2
        old = track.first_read_at and (look.at - track.first_read_at).total_seconds() >= OLD_S
        if not track.fired and (track.is_sure(look.at) or gone or stood or old):
            told = [self._fire(track, track.seen_at or look.at)]
        calm = look.calm_s >= CALM_GONE_S and track.missed >= 3
        if gone and (clear or calm or missed_s >= RESTLESS_GONE_S):
            self._end(frame, look, clear)
        return told

    def _is_clear(self, track: Track, frame: Frame, look: Look) -> bool:
        """Whether the lane is empty where the car was; an arm in the air may be left."""
        if track.box is None or not look.known or look.covered >= WORTH:
            return False
        return self._view.covered_at(track.box, frame.image.shape) < CLEAR

    def _settle_unread(self, track: Track, frame: Frame, look: Look) -> list[Sighting]:
        box = None
        if look.vehicle_like and not (track.fired and look.calm_s < UNREAD_GONE_S):
            box = plate_like(frame.image, self._roi, self._view.mask)
            track.plate_like = track.plate_like or box is not None
            track.keep(frame.image, box, look.covered + (1 if box else 0))
        told: list[Sighting] = []
        tried = track.looks_calm >= 2 or look.calm_s >= UNTRIED_S
        stands = look.vehicle_like and tried and look.calm_s >= STANDS_S
        certain = track.plate_like or (look.calm_s >= WITHOUT_PLATE_S and not track.follows)
        if not track.fired and ((stands and certain) or (look.empty and track.plate_like)):
            told = [self._fire(track, look.at)]
        if look.empty or (look.calm_s >= UNREAD_GONE_S and box is None):
            self._end(frame, look, look.empty)
        return told

    def _end(self, frame: Frame, look: Look, clear: bool) -> None:
        """The car is gone; what follows it was perhaps seen already."""
        ended, self._track, self._next = self._track, self._next, None
        if clear:
            self._left = None
        elif ended is not None and ended.texts:
            self._left = ended
        if self._track is not None or look.calm_s < SETTLED_S:
            return
        if look.vehicle_like and ended is not None and ended.texts:
            self._track = Track(look.at, frame.number, follows=True)
        elif not self._hidden(look):
            self._view.learn_empty()

    def _hidden(self, look: Look) -> bool:
        """Whether the last car may stand there still, somebody before its plate."""
        if self._left is None or self._left.seen_at is None or not look.vehicle_like:
            return False
        return (look.at - self._left.seen_at).total_seconds() < HIDDEN_S

    def _fire(self, track: Track, seen_at: datetime) -> Sighting:
        voted = track.voted()
        told = sighting(
            voted.read if voted else None,
            doubted=track.doubted,
            image=track.best,
            box=track.best_box,
            frames=max(1, track.count),
            started_at=track.started_at,
            seen_at=seen_at,
            number=track.number,
        )
        track.fired, track.best = True, None
        return told
