"""What the guard's page shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Compound, Device, Lane, LedgerHead, User
from community.verdicts import sentence
from parking.models import Stay
from security import alerts as alert_verbs
from security.guesses import Guess, guesses, newest_readings
from security.lane_states import LaneTile, tiles
from security.models import Alert, Passage, Reading
from security.words import about_plate, describe_picture

#: Failed reads and alerts shown at once; the office's lists hold the rest.
FAILED_SHOWN = 4
ALERTS_SHOWN = 50


@dataclass(frozen=True)
class Decision:
    """The card: one passage that waits for a guard, and all that is known of it."""

    passage: Passage
    mark: str
    title: str
    picture_url: str
    picture_alt: str
    box: list[int] | None
    width: int
    height: int
    sure: str
    about: str
    why: str
    open_word: str
    unsure: tuple[int, ...]
    likeliest: list[Guess] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """One line of what comes next."""

    pk: int
    outcome: str
    outcome_label: str
    plate: str
    kind: str
    lane_name: str
    seen_at: datetime


@dataclass(frozen=True)
class FailedRead:
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


@dataclass(frozen=True)
class AlertRow:
    pk: int
    mark: str
    severity: str
    urgent: bool
    text: str
    raised_at: datetime
    taken_by: str


@dataclass(frozen=True)
class Alerts:
    """Open alerts, most urgent first: the strip shows the first, and counts the others."""

    rows: list[AlertRow]
    total: int
    counts: list[dict[str, Any]]

    @property
    def first(self) -> AlertRow | None:
        return self.rows[0] if self.rows else None


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    mark: str = ""
    word: str = ""


def high_water(compound: Compound) -> int:
    """The last number of the ledger. Read before the rows, so that none can fall between."""
    return LedgerHead.objects.filter(pk=compound.pk).values_list("last", flat=True).first() or 0


def waiting_passages(user: User, compound: Compound) -> list[Passage]:
    """Cars that a guard must decide about, the one that waits longest first."""
    rows = Passage.objects.visible_to(user).of(compound).filter(state=Passage.State.WAITING)
    return list(rows.select_related("lane", "picture", "vehicle__unit").order_by("seen_at", "pk"))


def decision(passage: Passage) -> Decision:
    readings = newest_readings([passage])
    reading = readings.get(passage.pk)
    unread = not passage.plate
    picture = passage.picture if passage.picture and not passage.picture.erased_at else None
    sure = [_("Sure %(percent)s%%") % {"percent": round(100 * passage.confidence)}]
    if reading:
        sure.append(
            ngettext("%(n)s frame", "%(n)s frames agree", reading.frames) % {"n": reading.frames}
        )
    leaving = passage.direction == Lane.Direction.EXIT
    return Decision(
        passage=passage,
        mark="fail" if passage.outcome == Passage.Outcome.FAIL else "ask",
        title=_("Your call · %(lane)s") % {"lane": passage.lane.name},
        picture_url=reverse("guard-picture", args=[picture.pk]) if picture else "",
        picture_alt=describe_picture(passage),
        box=reading.box if reading and picture else None,
        width=picture.width if picture else 16,
        height=picture.height if picture else 9,
        sure="" if unread else " · ".join(sure),
        about=about_plate(passage),
        why=sentence(passage.code, passage.facts),
        open_word=_("Open, let it out") if leaving else _("Open the barrier"),
        unsure=unsure_places(reading),
        likeliest=guesses([passage], readings).get(passage.pk, []),
    )


def unsure_places(reading: Any) -> tuple[int, ...]:
    """Places of the plate whose character the reader itself was not sure of."""
    shares = reading.characters if reading else []
    return tuple(place for place, share in enumerate(shares) if share < 0.8)


def queue(rows: list[Passage]) -> list[Waiting]:
    return [
        Waiting(
            row.pk,
            "fail" if row.outcome == Passage.Outcome.FAIL else "ask",
            _("Not read") if row.outcome == Passage.Outcome.FAIL else _("Your call"),
            row.plate,
            row.kind,
            row.lane.name,
            row.seen_at,
        )
        for row in rows
    ]


def day_start(compound: Compound) -> datetime:
    """Midnight of today in the compound's place, as a moment."""
    today = timezone.localdate()
    return timezone.make_aware(datetime.combine(today, time.min))


def failed_reads(user: User, compound: Compound) -> tuple[list[FailedRead], int]:
    """Today's failed reads: those at a barrier first, then the newest; and how many in all."""
    rows = Passage.objects.visible_to(user).of(compound)
    rows = rows.filter(outcome=Passage.Outcome.FAIL, seen_at__gte=day_start(compound))
    newest = rows.select_related("lane", "picture", "compound").order_by("-seen_at")
    shown = sorted(newest[:FAILED_SHOWN], key=lambda row: row.state != Passage.State.WAITING)
    readings = newest_readings(shown)
    found = guesses(shown, readings)
    failed = [_failed(row, readings.get(row.pk), found.get(row.pk, [])) for row in shown]
    return failed, rows.count()


def around(box: list[int] | None, width: int, height: int) -> str:
    """The part of a picture that shows the plate and a little around it, as an SVG view box."""
    if not box:
        return ""
    x, y, wide, high = box
    side, above = wide * 0.25, high * 0.4
    left, top = max(0.0, x - side), max(0.0, y - above)
    right, bottom = min(width, x + wide + side), min(height, y + high + above)
    return f"{left:.0f} {top:.0f} {max(1, right - left):.0f} {max(1, bottom - top):.0f}"


def _failed(row: Passage, reading: Reading | None, likeliest: list[Guess]) -> FailedRead:
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
        likeliest=likeliest,
    )


def open_alerts(user: User, compound: Compound) -> Alerts:
    rows = Alert.objects.visible_to(user).of(compound).exclude(state=Alert.State.CLOSED)
    counted = dict(rows.order_by().values_list("severity").annotate(Count("pk")))
    shown = rows.select_related("device", "lane", "taken_by").order_by("severity", "raised_at")
    listed = [_alert(row) for row in shown[:ALERTS_SHOWN]]
    counts = [
        {"mark": f"sev{level}", "name": Alert.Severity(level).label, "n": counted[level]}
        for level in sorted(counted)
    ]
    return Alerts(listed, sum(counted.values()), counts)


def _alert(row: Alert) -> AlertRow:
    taken = _("%(who)s is on it") % {"who": row.taken_by} if row.taken_by else ""
    return AlertRow(
        pk=row.pk,
        mark=f"sev{row.severity}",
        severity=str(row.get_severity_display()),
        urgent=row.severity == Alert.Severity.URGENT,
        text=alert_verbs.said(row),
        raised_at=row.raised_at,
        taken_by=taken,
    )


def lanes(user: User, compound: Compound, now: datetime, chosen: int) -> list[LaneTile]:
    rows = Lane.objects.visible_to(user).of(compound).filter(is_active=True)
    return tiles(list(rows.select_related("camera", "barrier", "gate")), now, chosen)


def summary(compound: Compound) -> list[Figure]:
    """Devices that answer, of all in use, by kind; and the cars inside."""
    up = Count("pk", filter=Q(health=Device.Health.ONLINE))
    rows = Device.objects.of(compound).active().order_by("kind").values("kind")
    figures = []
    for row in rows.annotate(total=Count("pk"), up=up):
        well = row["up"] == row["total"]
        figures.append(
            Figure(
                str(Device.Kind(row["kind"]).label),
                f"{row['up']} / {row['total']}",
                "allow" if well else "off",
                _("all answer") if well else _("some do not answer"),
            )
        )
    inside = Stay.objects.of(compound).filter(left_at=None).count()
    return [*figures, Figure(_("Cars inside"), f"{inside:,}")]
