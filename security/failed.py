"""Today's plates that no camera could read, with the cars that they may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Compound, User
from community.verdicts import sentence
from security.guesses import Guess, Looks
from security.models import Passage
from security.words import describe_picture

#: Failed reads shown on the desk, and in the list of the whole day.
SHOWN, SHOWN_OF_DAY = 4, 60


@dataclass(frozen=True)
class FailedRead:
    """One picture that gave no plate. ``waiting``: the car stands at the barrier."""

    pk: int
    picture_url: str
    picture_alt: str
    width: int
    height: int
    crop: str
    seen_at: datetime
    where: str
    waiting: bool
    why: str
    likeliest: list[Guess]


def day_start(compound: Compound) -> datetime:
    """Midnight of today in the compound's place, as a moment."""
    today = timezone.localdate()
    return timezone.make_aware(datetime.combine(today, time.min))


def unnamed(user: User, compound: Compound, *, whole_day: bool = False) -> list[Passage]:
    """Today's passages without a plate, those at a barrier first, then the newest.

    Each carries ``total``, the number of all of them. One that a guard has named is none any more.
    """
    rows = Passage.objects.visible_to(user).of(compound)
    rows = rows.filter(code="plate_not_read", plate="", seen_at__gte=day_start(compound))
    waits = Q(state=Passage.State.WAITING)
    rows = rows.annotate(total=Window(Count("pk")), waits=ExpressionWrapper(waits, BooleanField()))
    newest = rows.select_related("lane", "picture").order_by("-waits", "-seen_at")
    return list(newest[: SHOWN_OF_DAY if whole_day else SHOWN])


def shown(rows: list[Passage], looks: Looks) -> list[FailedRead]:
    return [_failed(row, looks) for row in rows]


def around(box: list[int] | None, width: int, height: int) -> str:
    """The part of a picture that shows the plate and a little around it, as an SVG view box."""
    if not box:
        return ""
    x, y, wide, high = box
    side, above = wide * 0.25, high * 0.4
    left, top = max(0.0, x - side), max(0.0, y - above)
    right, bottom = min(width, x + wide + side), min(height, y + high + above)
    return f"{left:.0f} {top:.0f} {max(1, right - left):.0f} {max(1, bottom - top):.0f}"


def _failed(row: Passage, looks: Looks) -> FailedRead:
    reading = looks.readings.get(row.pk)
    waiting = row.state == Passage.State.WAITING
    picture = row.picture if row.picture and not row.picture.erased_at else None
    width, height = (picture.width, picture.height) if picture else (0, 0)
    ends = {
        Passage.State.WAITING: _("%(lane)s, waiting at the barrier"),
        Passage.State.OPENED: _("%(lane)s, let through"),
        Passage.State.CROSSED: _("%(lane)s, let through"),
        Passage.State.REFUSED: _("%(lane)s, sent away"),
        Passage.State.GONE: _("%(lane)s, has left"),
        Passage.State.STORED: _("%(lane)s, kept for the record"),
    }
    return FailedRead(
        pk=row.pk,
        picture_url=reverse("guard-picture", args=[picture.pk]) if picture else "",
        picture_alt=describe_picture(row),
        width=width,
        height=height,
        crop=around(reading.box, width, height) if picture and reading else "",
        seen_at=row.seen_at,
        where=ends[Passage.State(row.state)] % {"lane": row.lane.name},
        waiting=waiting,
        why=sentence(row.code, row.facts),
        likeliest=looks.likeliest.get(row.pk, []),
    )
