"""What parcels do when two files of a person become one, and when somebody is erased."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from community import events
from parcels.models import (
    DeliveryChoice,
    Parcel,
    ParcelPicture,
    ParcelQuestion,
    ParcelReport,
    ProxyCode,
)

#: Stands where a name stood.
NOBODY = "—"


def follow_merge(gone_id: int, keep_id: int) -> int:
    """Parcels and choices of an emptied file go to the kept one; the number of parcels.

    Where both chose for the same, what the kept file says stands. Again, it finds nothing.
    """
    with events.writing():
        theirs = DeliveryChoice.objects.filter(person=gone_id)
        held = set(
            DeliveryChoice.objects.current().filter(person=keep_id).values_list("carrier", "kind")
        )
        twins = [row.pk for row in theirs.current() if (row.carrier_id, row.kind) in held]
        theirs.filter(pk__in=twins).update(ended_at=timezone.now())
        theirs.update(person=keep_id)
        ParcelQuestion.objects.filter(person=gone_id).update(person=keep_id)
        return int(Parcel.objects.filter(person=gone_id).update(person=keep_id))


def forget_person(person_id: int, *, whole: bool) -> int:
    """Take the person from parcels that have ended; how many.

    What lies here is still theirs to fetch. ``whole``: they have left, so their choices go too;
    else only those that ended. The trail and the counts stay, and name nobody.
    """
    with events.writing():
        ended = Parcel.objects.filter(person=person_id, ended_at__isnull=False)
        keys = list(ended.values_list("pk", flat=True))
        pictures = ParcelPicture.objects.filter(parcel__in=keys)
        files = list(pictures.values_list("file", flat=True))
        pictures.delete()
        ParcelReport.objects.filter(parcel__in=keys).update(text="", answer="")
        ProxyCode.objects.filter(parcel__in=keys).update(name=NOBODY)
        # Registered mail was signed for: that somebody did stays, not who.
        ended.exclude(signed_by="").update(signed_by=NOBODY)
        count = int(Parcel.objects.filter(pk__in=keys).update(person=None, unit=None, label=NOBODY))
        choices = DeliveryChoice.objects.filter(person=person_id)
        (choices if whole else choices.filter(ended_at__isnull=False)).delete()
        asked = ParcelQuestion.objects.filter(person=person_id)
        (asked if whole else asked.filter(settled_at__isnull=False)).delete()
        transaction.on_commit(lambda: _drop(files))
    return count


def _drop(files: list[str]) -> None:
    for name in files:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
