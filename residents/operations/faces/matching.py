"""The gallery of a compound as a worker holds it, and what is learnt of its thresholds."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from community import events, notifications
from community.models import Compound, Role, User
from community.vision.faces.calibration import NONE, USUAL, Calibration, calibrate
from community.vision.faces.gallery import Gallery
from community.vision.faces.templates import Template
from community.vision.faces.tiers import Thresholds
from residents.models import FaceCalibration, FaceGallery, FaceTemplate, Residency, WayIn
from residents.operations.faces import keeping
from residents.operations.presenting import DUTIES
from residents.reaching import reader

#: By how much somebody's distances become stricter each time another was taken for them.
STRICTER, STRICTEST = 0.02, 0.2


@dataclass(frozen=True)
class FaceHoldings:
    """What a worker holds: the version it may confirm, who is in it (by way in), the thresholds."""

    version: int
    gallery: Gallery
    thresholds: Thresholds


def load_gallery(compound_id: int, engine: str, *, also_asleep: bool = False) -> FaceHoldings:
    """Every face of a compound that counts now, of one engine version.

    The version is read first: a change meanwhile leaves it too low, never too high.
    """
    row = FaceGallery.objects.filter(compound_id=compound_id).first()
    ways = WayIn.objects.active() if also_asleep else WayIn.objects.awake()
    rows = FaceTemplate.objects.filter(compound_id=compound_id, engine=engine, way__in=ways)
    people = [(one.way_id, opened(one), one.tighter) for one in rows.order_by("way_id")]
    gallery = Gallery.of(engine, people)
    return FaceHoldings(row.version if row else 0, gallery, thresholds_of(row, engine))


def gallery_version(compound_id: int) -> int:
    """The version that whoever holds a copy has to hold now."""
    rows = FaceGallery.objects.filter(compound_id=compound_id).values_list("version", flat=True)
    return rows.first() or 0


def candidates(compound_id: int, at: datetime, buildings: Collection[int] = ()) -> set[int]:
    """Faces (by way in) of those who may use a gate at this moment: they live or work here.

    With `buildings` only those who live in one of them, and who works here. Whoever may not use it
    is not even compared with.
    """
    zone = ZoneInfo(Compound.objects.values_list("timezone", flat=True).get(pk=compound_id))
    current = Residency.objects.current(timezone.localdate(at, zone)).filter(compound=compound_id)
    if buildings:
        current = current.filter(unit__building__in=buildings)
    on_duty = Role.objects.filter(
        compound_id=compound_id, ended_at=None, role__in=DUTIES, user__is_active=True
    )
    allowed = Q(person__in=current.values("person")) | Q(person__user__in=on_duty.values("user"))
    faces = WayIn.objects.awake().filter(allowed, compound_id=compound_id, kind=WayIn.Kind.FACE)
    return set(faces.values_list("pk", flat=True))


def opened(row: FaceTemplate) -> Template:
    """The numbers of a sealed template."""
    return Template.from_bytes(base64.b64decode(row.sealed))


def thresholds_of(row: FaceGallery | None, engine: str) -> Thresholds:
    """Those of the last calibration with this engine version, else the engine's usual ones."""
    if row is None or row.engine != engine or row.open_below is None or row.second_below is None:
        return USUAL.get(engine, NONE)
    return Thresholds(row.open_below, row.second_below)


def calibrate_faces(compound: Compound, engine: str, *, actor: User | None = None) -> Calibration:
    """Set the thresholds from all consenting residents; too few of them leave the usual ones.

    Raises ValueError where there is no template of this engine version at all.
    """
    rows = FaceTemplate.objects.filter(
        compound=compound, engine=engine, way__in=WayIn.objects.active()
    )
    found = calibrate([opened(row) for row in rows.order_by("pk")])
    with events.writing():
        _note(compound, engine, found, actor)
        if not found.measured:
            return found
        version = keeping.next_version(compound.pk)
        FaceGallery.objects.filter(compound=compound).update(
            engine=engine,
            open_below=found.thresholds.open,
            second_below=found.thresholds.second,
            calibrated_at=timezone.now(),
            calibrated_on=found.people,
        )
        told: dict[str, Any] = {"people": found.people, "pairs": found.pairs, "version": version}
        events.record("residents.faces_calibrated", compound=compound, actor=actor, **told)
    return found


def _note(compound: Compound, engine: str, found: Calibration, actor: User | None) -> None:
    """What a calibration found stays on record, also where it changed nothing."""
    FaceCalibration.objects.create(
        compound=compound,
        at=timezone.now(),
        engine=engine,
        people=found.people,
        pairs=found.pairs,
        nearest=found.nearest,
        own=found.own,
        open_below=found.thresholds.open,
        second_below=found.thresholds.second,
        measured=found.measured,
        by=actor,
    )


def not_that_person(way: WayIn, *, key: str, actor: User | None = None) -> FaceTemplate | None:
    """Somebody else was taken for this person: their distances become stricter, and they are told.

    `key` names the passage, so that saying it twice counts once. None where the face has ended.
    """
    with events.writing():
        rows = FaceTemplate.objects.select_for_update(of=("self",)).select_related("way__person")
        held: FaceTemplate | None = rows.filter(way=way).first()
        if held is None or not _first_time(held, key):
            return held
        held.tighter = min(STRICTEST, round(held.tighter + STRICTER, 4))
        held.save(update_fields=["tighter"])
        version = keeping.next_version(held.compound_id)
        told = {"key": key, "version": version}
        keeping.record("residents.face_mistaken", held.way, actor, **told)
        notifications.tell(
            reader(held.way.person),
            "residents.face_mistaken",
            compound=held.compound,
            key=f"face-mistaken-{held.way_id}-{key}",
            facts={},
        )
    return held


def _first_time(held: FaceTemplate, key: str) -> bool:
    """Whether this passage has not been named for this face yet."""
    known = list(held.mistakes)
    if key in known:
        return False
    held.mistakes = [*known, key][-20:]
    held.save(update_fields=["mistakes"])
    return True
