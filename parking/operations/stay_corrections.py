"""A stay that was booked wrongly is put right by the office or a guard, with a trace and a price.

Also here: an exit that matched no stay is joined to the stay that it most likely ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from community import events
from community.vision import grammar
from parking.models import ParkedAs, Stay, StayChange
from parking.operations import prices, rules, trail
from parking.operations.joining import update

if TYPE_CHECKING:
    from community.models import Compound, User

What = StayChange.What
#: Plates further apart than this are not one plate misread.
LOOKALIKE = 2.0
#: A stay that has been open for longer has probably ended unseen.
LONGEST = timedelta(days=30)


def correct_stay(
    stay: Stay,
    *,
    reason: str,
    actor: User | None = None,
    entered_at: datetime | None = None,
    left_at: datetime | None = None,
    plate: str | None = None,
    parked_as: str | None = None,
) -> Stay:
    """Put times, plate or right of a stay right; what is None stays as it is.

    Writes what it was before, announces it, and prices the stay anew. Raises ValidationError.
    """
    reason = rules.clean_text("reason", reason, 120)
    if not reason:
        raise rules.fault("reason", "reason_missing")
    with events.writing():
        stay = _locked(stay.pk)
        before = trail.of(stay)
        values = _wanted(stay, entered_at, left_at, plate, parked_as)
        _check_times(stay)
        _check_overlap(stay)
        if values:
            update(stay, **values)
            trail.write(stay, _what(values), before, reason=reason, actor=actor)
    return stay


def candidates(compound: Compound | int, plate: str, limit: int = 3) -> list[tuple[Stay, float]]:
    """Open stays whose plates look most like ``plate``, the likest first, with their distance."""
    rows = Stay.objects.of(compound).whole().open().exclude(plate="")
    open_now: Any = rows.exclude(entered_at=None).order_by().values_list("pk", "plate")
    text = grammar.normalise(plate)[: grammar.MOST]
    alike = [(key, other) for key, other in open_now if _alike(text, other)]
    near: list[tuple[float, int]] = sorted((grammar.distance(text, o), key) for key, o in alike)
    best = {pk: distance for distance, pk in near[:limit] if distance <= LOOKALIKE}
    found = Stay.objects.select_related("vehicle__unit").in_bulk(list(best))
    return [(found[pk], distance) for pk, distance in best.items() if pk in found]


def match_exit(orphan: Stay, stay: Stay, *, actor: User | None = None) -> Stay:
    """The exit that matched nothing ends ``stay``: a guard compared the pictures.

    ``orphan`` has an end only; it is joined to the stay and goes. Raises ValidationError.
    """
    with events.writing():
        first, second = sorted((orphan.pk, stay.pk))
        rows = {row.pk: row for row in (_locked(first), _locked(second))}
        orphan, stay = rows[orphan.pk], rows[stay.pk]
        if orphan.entered_at is not None or orphan.left_at is None or stay.left_at is not None:
            raise rules.fault("stay", "stay_needs_time")
        if orphan.area_id != stay.area_id or orphan.compound_id != stay.compound_id:
            raise rules.fault("stay", "other_compound")
        if stay.entered_at is None or orphan.left_at < stay.entered_at:
            raise rules.fault("stay", "times_reversed")
        before, left_at, passage = trail.of(stay), orphan.left_at, orphan.exit_passage
        orphan.delete()
        update(stay, left_at=left_at, exit_passage=passage)
        # What is unpaid is owed before the correction prices the stay anew.
        prices.close_charge(stay)
        trail.write(stay, What.MATCHED, before, actor=actor)
    return stay


def _locked(key: int) -> Stay:
    rows = Stay.objects.select_for_update(of=("self",)).select_related("compound")
    found: Stay = rows.get(pk=key)
    return found


def _alike(text: str, other: str) -> bool:
    """Cheap: most characters stand at the same place, from one end or the other."""
    same = max(sum(map(str.__eq__, text, other)), sum(map(str.__eq__, text[::-1], other[::-1])))
    return same >= max(len(text), len(other)) - 3


def _wanted(
    stay: Stay,
    entered_at: datetime | None,
    left_at: datetime | None,
    plate: str | None,
    parked_as: str | None,
) -> dict[str, Any]:
    """Set what differs on the row, and return it."""
    values: dict[str, Any] = {"entered_at": entered_at, "left_at": left_at}
    if plate is not None and not stay.ticket_id and not stay.bicycle_id:
        values["plate"] = rules.clean_plate(plate)
    if parked_as is not None:
        if parked_as not in ParkedAs.values:
            raise rules.fault("parked_as", "kind_unknown")
        values["parked_as"] = parked_as
    changed = {name: value for name, value in values.items()
               if value is not None and value != getattr(stay, name)}  # fmt: skip
    for name, value in changed.items():
        setattr(stay, name, value)
    if {"entered_at", "left_at"} & changed.keys() and stay.entered_at and stay.left_at:
        changed["assumed"] = False
    return changed


def _what(values: dict[str, Any]) -> str:
    if "plate" in values:
        return What.PLATE
    return What.TIMES if {"entered_at", "left_at"} & values.keys() else What.RIGHT


def _check_times(stay: Stay) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    for name in ("entered_at", "left_at"):
        moment = getattr(stay, name)
        if moment is not None and moment > soon:
            raise rules.fault(name, "time_ahead")
    if stay.entered_at and stay.left_at and stay.left_at < stay.entered_at:
        raise rules.fault("left_at", "times_reversed")


def _check_overlap(stay: Stay) -> None:
    """A car stands in one area once at a time."""
    if not stay.plate:
        return
    others = Stay.objects.of(stay.compound_id).filter(plate=stay.plate, area=stay.area_id)
    others = others.exclude(pk=stay.pk)
    if stay.left_at is not None:
        others = others.filter(entered_at__lt=stay.left_at)
    if stay.entered_at is not None:
        others = others.filter(Q(left_at=None) | Q(left_at__gt=stay.entered_at))
    if others.filter(entered_at__isnull=False).exists():
        raise rules.fault("entered_at", "stay_overlaps")
