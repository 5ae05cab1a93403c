"""Proof that an erased face is gone: each worker and device confirms a gallery without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, living
from community.models import User
from residents import rules
from residents.models import FaceErasure, FaceGallery, GalleryHolder

#: After this, what has not confirmed is a fault that somebody has to look at.
PATIENCE = timedelta(minutes=2)


def confirm_gallery(
    compound_id: int,
    name: str,
    version: int,
    *,
    kind: str = GalleryHolder.Kind.WORKER,
    process: str = "",
    at: datetime | None = None,
) -> GalleryHolder:
    """A worker or device says which version it holds, and that it holds nothing older.

    Whoever is about to load a copy says 0 first, so that nothing counts as proven meanwhile. A
    version that there has not been yet raises ValidationError; an older one than it confirmed
    before (a restored copy) counts as what it says. ``process`` is that of `community.living`.
    """
    now = at or timezone.now()
    with events.writing():
        gallery = FaceGallery.objects.filter(compound_id=compound_id).first()
        if not 0 <= version <= (gallery.version if gallery else 0):
            raise rules.fault("version", "version_unknown", _("There is no such version."))
        said = {"version": version, "confirmed_at": now, "retired_at": None, "kind": kind}
        said |= {"process": process}
        row, _made = GalleryHolder.objects.update_or_create(
            compound_id=compound_id, name=name[:80], defaults=said
        )
        _prove(compound_id, now)
    return row


def retire_holder(
    holder: GalleryHolder, *, actor: User | None = None, why: str = "person"
) -> GalleryHolder:
    """Somebody says that this worker or device holds nothing any more, having seen to it.

    ``why`` is "person", or "left" where the holder dropped its copy, or "died" (`release_dead`).
    """
    with events.writing():
        held: GalleryHolder = GalleryHolder.objects.select_for_update().get(pk=holder.pk)
        if held.retired_at is None:
            held.retired_at = timezone.now()
            held.save(update_fields=["retired_at"])
            told: dict[str, Any] = {"holder": held.pk, "version": held.version, "why": why}
            kind = "residents.gallery_holder_retired"
            events.record(kind, compound=held.compound_id, actor=actor, **told)
            _prove(held.compound_id, held.retired_at)
    return held


def leave_gallery(compound_id: int, name: str) -> None:
    """A holder has dropped its copy and ends. Said twice, it counts once."""
    rows = GalleryHolder.objects.filter(compound_id=compound_id, name=name[:80], retired_at=None)
    for row in rows:
        retire_holder(row, why="left")


def release_dead() -> int:
    """Retire holders whose process is certainly gone: its memory went with it. How many.

    A process that hangs, or runs where nobody here can see it, stays a holder (ADR 44).
    """
    rows = GalleryHolder.objects.filter(retired_at=None).exclude(process="")
    dead = [row for row in rows if living.is_gone(row.process)]
    for row in dead:
        retire_holder(row, why="died")
    return len(dead)


def prove_erasures(now: datetime | None = None) -> int:
    """Look at every erasure that is not proven; the number of new faults."""
    now = now or timezone.now()
    release_dead()
    waiting = FaceErasure.objects.filter(proven_at=None)
    compounds = waiting.order_by().values_list("compound_id", flat=True).distinct()
    faults = 0
    for compound_id in list(compounds):
        with events.writing():
            _prove(compound_id, now)
            faults += _report(compound_id, now)
    return faults


def behind(erasure: FaceErasure) -> list[GalleryHolder]:
    """Who may still hold what was erased."""
    rows = GalleryHolder.objects.filter(compound_id=erasure.compound_id, retired_at=None)
    return list(rows.filter(version__lt=erasure.version))


def _prove(compound_id: int, now: datetime) -> None:
    rows = FaceErasure.objects.select_for_update(of=("self",)).filter(proven_at=None)
    for row in rows.filter(compound_id=compound_id).order_by("pk"):
        if not behind(row):
            row.proven_at = max(now, row.erased_at)
            row.save(update_fields=["proven_at"])
            _record("residents.face_erasure_proven", row)


def _report(compound_id: int, now: datetime) -> int:
    late = FaceErasure.objects.filter(compound_id=compound_id, proven_at=None, overdue_at=None)
    rows = list(late.filter(erased_at__lt=now - PATIENCE))
    for row in rows:
        row.overdue_at = now
        row.save(update_fields=["overdue_at"])
        _record("residents.face_erasure_overdue", row, holders=[one.pk for one in behind(row)])
    return len(rows)


def _record(kind: str, row: FaceErasure, **told: Any) -> None:
    events.record(
        kind,
        compound=row.compound_id,
        person=row.person_id,
        way_in=row.way_id,
        version=row.version,
        **told,
    )
