"""A lane for people on foot as its camera's worker sees it: the faces that its gate takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from community.models import Lane
from community.vision.faces.challenge import LONGEST_S, Answer, Look, Task, answer
from community.vision.faces.contract import Face
from community.vision.faces.gallery import Gallery
from community.vision.faces.sameness import same_person
from community.vision.faces.tiers import Thresholds, Tier
from community.vision.faces.tracks import Recognition
from community.vision.faces.watch import FaceWatch, Followed
from security import face_words
from security.models import Passage
from security.operations.faces import FaceSeen
from security.pipeline import jpeg
from security.sources import Frame
from security.worker.clerk import Clerk
from security.worker.faces import Faces, GateRule
from security.worker.lane import roi_of
from security.worker.still import StillKeeper

log = structlog.get_logger(__name__)

#: Somebody who is not recognised surely within this is asked for a second way.
PATIENCE_S = 1.5
#: So long a sure face is watched for a blink before a second way is asked for instead.
BLINK_WITHIN_S = 4.0
WIDEST = 1280
#: At a camera without a screen nobody can be asked: any of these, seen, is the hurdle.
TASKS = (Task.BLINK, Task.TURN_LEFT, Task.TURN_RIGHT)
Then = Callable[[FaceSeen, Passage], None]


@dataclass
class _Person:
    """One track: when it began, its landmarks for the hurdle, and what was handed over of it."""

    started_at: datetime
    looks: list[Look] = field(default_factory=list)
    hurdle_of: int | None = None  # by whom, as they were recognised, the hurdle was passed
    told: int = 0  # 0 nothing, 1 a second way is to be asked for, 2 sure


class WatchedDoor:
    """Feeds one lane's faces and hands over whom they are taken for; a stranger leaves no trace."""

    def __init__(self, lane: Lane, faces: Faces, clerk: Clerk, then: Then | None = None) -> None:
        """The lane's camera is set; `then` hears of each passage, in the clerk's thread."""
        self.lane_id, self.device_id = lane.pk, lane.camera_id or 0
        self._compound_id, self._roi = lane.compound_id, roi_of(lane)
        self._faces, self._clerk, self._then = faces, clerk, then
        self._still = StillKeeper(lane.pk)
        self._watch: FaceWatch | None = None
        self._people: dict[int, _Person] = {}

    def feed(self, frame: Frame) -> None:
        """One frame of this lane's camera."""
        self._still.keep(frame)
        rule, engine = self._faces.rule(self.lane_id), self._faces.engine
        held = None
        if rule and engine:
            held = self._faces.gallery(self._compound_id, rule.buildings)
        if rule is None or engine is None or held is None or not len(held[0]):
            self.flush()
            return
        self._watch = self._watch or FaceWatch(engine)
        left, top, width, height = self._roi.pixels(frame.image.shape)
        seen = self._watch.look(
            frame.image[top : top + height, left : left + width], frame.at.timestamp()
        )
        alive = {one.number for one in self._watch.followed}
        self._people = {key: one for key, one in self._people.items() if key in alive}
        for one in seen:
            self._recognise(frame, one, rule, held)

    def flush(self) -> None:
        """The camera failed, or faces count here no more: whoever was followed is forgotten."""
        self._people.clear()
        self._watch = None

    def _recognise(
        self, frame: Frame, one: Followed, rule: GateRule, held: tuple[Gallery, Thresholds]
    ) -> None:
        person = self._people.setdefault(one.number, _Person(frame.at))
        if person.told == 2:
            return
        gallery, thresholds = held
        found = one.track.recognise(gallery, gallery.version, thresholds)
        if rule.asks_task and found.match is not None and found.match.key != person.hurdle_of:
            person.hurdle_of = None
            done = self._look(person, frame, one)
            if done and found.tier is not Tier.UNKNOWN:
                self._judge(person, done, found.match.key, held)
        tell = self._due(found, person, rule, frame.at)
        if tell > person.told:
            person.told = tell
            self._hand_over(frame, one, person, found, thresholds)

    def _look(self, person: _Person, frame: Frame, one: Followed) -> list[Task]:
        """Note the face for the hurdle; what is too long ago counts no more. The tasks done."""
        at, engine = frame.at.timestamp(), self._faces.engine
        left, top, width, height = self._roi.pixels(frame.image.shape)
        shown = frame.image[top : top + height, left : left + width]
        chips = engine.chips(shown, [Face(one.box, 0.0, one.landmarks)]) if engine else []
        person.looks = [look for look in person.looks if at - look.at < LONGEST_S]
        person.looks.append(Look(at, one.landmarks, chips[0] if chips else None))
        answers = {task: answer(task, person.looks) for task in TASKS}
        if Answer.BROKEN in answers.values():
            person.looks = person.looks[-1:]
        return [task for task, said in answers.items() if said is Answer.DONE]

    def _judge(
        self, person: _Person, done: list[Task], key: int, held: tuple[Gallery, Thresholds]
    ) -> None:
        """Passed by the person themselves, or begun anew where another did what was asked."""
        engine = self._faces.engine
        if engine is None:
            return
        if all(same_person(engine, (task, person.looks), key, held) for task in done):
            person.hurdle_of = key
        else:
            person.looks = person.looks[-1:]

    @staticmethod
    def _due(found: Recognition, person: _Person, rule: GateRule, at: datetime) -> int:
        """What is to be told now: 0 nothing, 1 ask for a second way, 2 surely this person."""
        since = (at - person.started_at).total_seconds()
        if found.tier is Tier.OPEN:
            if not rule.asks_task or person.hurdle_of is not None:
                return 2
            return 1 if since >= BLINK_WITHIN_S else 0
        return 1 if found.tier is Tier.SECOND and since >= PATIENCE_S else 0

    def _hand_over(
        self,
        frame: Frame,
        one: Followed,
        person: _Person,
        found: Recognition,
        thresholds: Thresholds,
    ) -> None:
        if found.match is None:
            return
        scale = min(1.0, WIDEST / frame.image.shape[1])
        left, top, _, _ = self._roi.pixels(frame.image.shape)
        x, y, w, h = one.box
        seen = FaceSeen(
            lane_id=self.lane_id,
            key=f"f{self.lane_id}-{person.started_at:%Y%m%dT%H%M%S%f}-{one.number}-{person.told}",
            way_id=found.match.key,
            sure=found.tier is Tier.OPEN,
            hurdle=person.hurdle_of is not None,
            received_at=frame.at,
            device_id=self.device_id,
            likeness=face_words.likeness(found.match, thresholds),
            others=face_words.others(found.match),
            picture=jpeg(frame.image, WIDEST),
            box=tuple(round(v * scale) for v in (x + left, y + top, w, h)),
        )
        log.info("face", lane=self.lane_id, sure=seen.sure, frames=found.frames)
        self._clerk.take_face(seen, lambda passage: self._told(seen, passage))

    def _told(self, seen: FaceSeen, passage: Passage | None) -> None:
        if self._then is not None and passage is not None:
            self._then(seen, passage)
