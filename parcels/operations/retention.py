"""Parcels whose time on record is over, erased with their pictures."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from community import events, retention
from community.models import RetentionRule
from parcels.models import ENDED, Courier, CourierCode, Parcel, ParcelPicture, ParcelQuestion

BATCH = 200


def retire(now: datetime | None = None) -> dict[str, int]:
    """Erase ended parcels by each compound's period, and couriers' codes; the numbers erased."""
    now = now or timezone.now()
    erased = 0
    for compound_id, days in retention.periods(RetentionRule.Subject.PARCELS):
        cut = now - timedelta(days=days)
        count = _erase(compound_id, cut)
        retention.note(compound_id, RetentionRule.Subject.PARCELS, days, count)
        erased += count
        ParcelQuestion.objects.of(compound_id).filter(asked_at__lt=cut).delete()
        _forget_couriers(compound_id, cut)
    codes, _each = CourierCode.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
    return {"parcels": erased, "codes": int(codes)}


def _erase(compound_id: int, cut: datetime) -> int:
    total = 0
    rows = Parcel.objects.of(compound_id).filter(state__in=ENDED, ended_at__lt=cut)
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with events.writing():
            files = list(
                ParcelPicture.objects.filter(parcel__in=keys).values_list("file", flat=True)
            )
            Parcel.objects.filter(pk__in=keys).delete()
        for name in files:
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        total += len(keys)
    return total


def _forget_couriers(compound_id: int, cut: datetime) -> None:
    """Names and phones of couriers whose accounts ended all that long ago."""
    old = Courier.objects.of(compound_id).filter(ended_at__lt=cut).exclude(phone_index="")
    for row in old:
        row.name, row.phone, row.phone_index = "—", "", ""
        row.save(update_fields=["name", "phone", "phone_index"])
