"""What people asked and reported of their cars, erased when its time is over or they ask for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events, retention
from community.models import RetentionRule
from parking.models import BlockedCar, CarWish, Dispute, RenewalWish
from parking.operations import sealed
from parking.operations.fire_lanes import retire_cases
from parking.operations.retiring_money import retire_money
from residents.operations import sealing

BATCH = 200
Subject = RetentionRule.Subject
#: Whatever names a person here.
OF_PEOPLE = (CarWish, RenewalWish, Dispute, BlockedCar)


def retire(now: datetime | None = None) -> dict[str, int]:
    """Apply each compound's periods; the numbers of pictures and rows that went."""
    now = now or timezone.now()
    pictures = rows = 0
    for compound_id, days in retention.periods(Subject.LICENCES):
        cut = now - timedelta(days=days)
        answered = CarWish.objects.of(compound_id).filter(answered_at__lt=cut)
        count = _pictures(answered)
        retention.note(compound_id, Subject.LICENCES, days, count)
        pictures += count
    for compound_id, days in retention.periods(Subject.CAR_REPORTS):
        cut = now - timedelta(days=days)
        count = _rows(Dispute.objects.of(compound_id).filter(answered_at__lt=cut))
        count += _rows(BlockedCar.objects.of(compound_id).filter(ended_at__lt=cut))
        count += retire_cases(compound_id, cut)
        retention.note(compound_id, Subject.CAR_REPORTS, days, count)
        rows += count
    return {"pictures": pictures, "rows": rows, "money": retire_money(now)}


def _pictures(answered: Any) -> int:
    total = 0
    while keys := list(answered.exclude(file="").values_list("pk", flat=True)[:BATCH]):
        with events.writing():
            total += sealed.removed(CarWish.objects.filter(pk__in=keys))
    return total


def _rows(old: Any) -> int:
    total = 0
    while found := list(old.order_by("pk").values_list("pk", "file")[:BATCH]):
        with events.writing():
            old.model.objects.filter(pk__in=[pk for pk, _file in found]).delete()
        sealing.drop_all(name for _pk, name in found)
        total += len(found)
    return total


def move_wishes(gone_id: int, person_id: int) -> int:
    """Two files became one: what one asked, the other asked. Returns how many rows moved.

    What both asked at the same time stays with the file that is gone, and is answered as it is.
    """
    moved = 0
    with events.writing():
        for model in OF_PEOPLE:
            rows: Any = model.objects.select_for_update(of=("self",)).filter(person=gone_id)
            for row in rows.order_by("pk"):
                moved += _move(row, person_id)
    return moved


def _move(row: Any, person_id: int) -> int:
    twins = type(row).objects.filter(person=person_id)
    if isinstance(row, CarWish) and row.state == CarWish.State.WAITING:
        twins = twins.filter(plate=row.plate, state=CarWish.State.WAITING)
    elif isinstance(row, BlockedCar) and row.ended_at is None:
        twins = twins.filter(plate=row.plate, ended_at=None)
    else:
        twins = twins.none()
    if twins.exists():
        return 0
    type(row).objects.filter(pk=row.pk).update(person=person_id)
    return 1


def forget_wishes(person_id: int, *, whole: bool) -> int:
    """Erase what somebody asked and reported and what was answered; the number of rows.

    What still waits is kept until it is answered, unless ``whole``: then nothing names them.
    """
    count = 0
    for model, over in (
        (CarWish, {"answered_at__isnull": False}),
        (RenewalWish, {"answered_at__isnull": False}),
        (Dispute, {"answered_at__isnull": False}),
        (BlockedCar, {"ended_at__isnull": False}),
    ):
        rows: Any = model.objects.filter(person=person_id, **({} if whole else over))
        if model is RenewalWish:
            with events.writing():
                count += rows.delete()[0]
        else:
            count += _rows(rows)
    return count
