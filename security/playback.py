"""Photographs or a film played to one lane's gate, as its camera would show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import verdicts
from community.models import Device, Lane
from community.vision.plates import PlateEngine
from security.models import Passage
from security.operations.faces import FaceSeen
from security.pipeline import Sighting
from security.sources import Source
from security.sources.stills import SUFFIXES, FolderSource
from security.sources.stream import VideoSource
from security.worker import Worker


class Playback:
    """Plays `path` to `lane`; `say` gets a line for each passage, and a summary with `once`.

    `engine` reads plates; at a gate for people none is needed.
    """

    def __init__(
        self,
        lane: Lane,
        path: Path,
        *,
        engine: PlateEngine | None,
        say: Callable[[str], object],
        seconds: float = 2.0,
        once: bool = False,
    ) -> None:
        self._lane, self._path, self._say = lane, path, say
        self._seconds, self._once = seconds, once
        self.counted: Counter[str] = Counter()
        self._source: Source | None = None
        self._worker = Worker(
            [lane.camera_id or 0],
            engine=engine,
            opener=self._open,
            then=self._tell,
            only_lane=lane.pk,
        )

    def stop(self) -> None:
        self._worker.stop()

    def run(self) -> None:
        """Until `stop`, or with `once` until the last picture's passage is decided."""
        self._worker.run(until_ended=self._once)
        if self._once:
            self._sum_up()

    def _open(self, _device: Device) -> Source:
        options = {"path": str(self._path), "loop": not self._once}
        if self._path.is_dir() or self._path.suffix.lower() in SUFFIXES:
            options["seconds_per_picture"] = self._seconds
            self._source = FolderSource(options)
        else:
            self._source = VideoSource(options)
        return self._source

    def _tell(self, seen: Sighting | FaceSeen, passage: Passage) -> None:
        self.counted[passage.outcome] += 1
        at = timezone.localtime(passage.seen_at)
        # Whose face it was stays between them and the guard.
        what = _("Face") if passage.way == "face" else passage.plate or _("not read")
        decided, why = passage.get_outcome_display(), verdicts.sentence(passage.code, passage.facts)
        name = f"  ({seen.name})" if isinstance(seen, Sighting) and seen.name else ""
        self._say(f"{at:%H:%M:%S}  {self._lane.name}  {what:<9} {decided}  {why}{name}")

    def _sum_up(self) -> None:
        total = self.counted.total()
        names = dict(Passage.Outcome.choices)
        parts = [f"{names[outcome]} {count}" for outcome, count in self.counted.most_common()]
        passages = ngettext("%(count)s passage", "%(count)s passages", total) % {"count": total}
        self._say(" · ".join([passages, *parts]))
        for file in getattr(self._source, "unreadable", []):
            self._say(_("%(name)s is no picture that can be shown.") % {"name": file.name})
