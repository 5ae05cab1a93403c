"""What the next shift must know: taken as ids, codes and numbers, and read back as rows.

    {"alerts": [{"id", "severity", "state", "at", "by"}], "waiting": [{"id", "lane", "code", "at"}],
     "kept_open": [{"id", "lane", "reason", "until"}], "devices": [{"id", "health", "code", "at"}],
     "commands": [{"id", "device", "lane", "action", "at"}],
     "rounds": [{"id", "state", "confirmed", "at"}],
     "totals": {"alerts": n, …}, "counts": {"passages", "by_hand", "refused", "not_read"}}

Times are whole seconds since 1970.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from community.models import Command, Compound, Device
from security.models import Alert, Handover, KeepOpen, Passage, PatrolRound

#: Rows of one kind that are kept; more than that nobody reads at a change of shift.
MOST = 100
#: A shift that nobody handed over to began at most this long ago.
LONGEST_SHIFT = timedelta(hours=12)
#: An order without an answer is worth telling for this long.
UNCLEAR_FOR = timedelta(hours=12)
Rows = list[dict[str, Any]]
#: Columns and what a snapshot calls them.
NAMES = {
    "raised_at": "at",
    "seen_at": "at",
    "health_since": "at",
    "created_at": "at",
    "planned_at": "at",
    "taken_by_id": "by",
    "lane_id": "lane",
    "device_id": "device",
    "health_code": "code",
}


def shift_began(handover: Handover) -> datetime:
    """When the shift that ends now began: the last change, but not longer ago than a shift."""
    now = handover.signed_at or handover.prepared_at
    rows = Handover.objects.of(handover.compound_id).filter(
        state=Handover.State.ACCEPTED, accepted_at__lt=now
    )
    last = rows.order_by("-accepted_at").values_list("accepted_at", flat=True).first()
    earliest: datetime = now - LONGEST_SHIFT
    return max(last, earliest) if last else earliest


def take(compound: Compound, *, since: datetime, now: datetime) -> dict[str, Any]:
    """The snapshot of this moment; ``since`` is when the shift began."""
    parts = {
        "alerts": _alerts(compound),
        "waiting": _waiting(compound),
        "kept_open": _kept_open(compound),
        "devices": _devices(compound),
        "commands": _commands(compound, now),
        "rounds": _rounds(compound, now),
    }
    taken: dict[str, Any] = {name: _bounded(rows) for name, rows in parts.items()}
    taken["totals"] = {name: len(taken[name]) for name in parts}
    for name, rows in parts.items():
        if len(taken[name]) == MOST:
            taken["totals"][name] = rows.count()
    taken["counts"] = _counts(compound, since)
    taken["since"], taken["at"] = seconds(since), seconds(now)
    return taken


def seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None


def _bounded(rows: Any) -> Rows:
    return [
        {NAMES.get(name, name): _plain(value) for name, value in row.items()} for row in rows[:MOST]
    ]


def _plain(value: Any) -> Any:
    return seconds(value) if isinstance(value, datetime) else value


def _alerts(compound: Compound) -> Any:
    rows = Alert.objects.of(compound).exclude(state=Alert.State.CLOSED)
    rows = rows.order_by("severity", "raised_at", "pk")
    return rows.values("id", "severity", "state", "raised_at", "taken_by_id")


def _waiting(compound: Compound) -> Any:
    rows = Passage.objects.of(compound).filter(state=Passage.State.WAITING).order_by("seen_at")
    return rows.values("id", "lane_id", "code", "seen_at")


def _kept_open(compound: Compound) -> Any:
    rows = KeepOpen.objects.of(compound).filter(released_at=None).order_by("until")
    return rows.values("id", "lane_id", "reason", "until")


def _devices(compound: Compound) -> Any:
    rows = Device.objects.of(compound).active().exclude(health=Device.Health.ONLINE)
    rows = rows.order_by("health", "health_since", "pk")
    return rows.values("id", "health", "health_code", "health_since")


def _commands(compound: Compound, now: datetime) -> Any:
    rows = Command.objects.of(compound).filter(
        state=Command.State.UNKNOWN, created_at__gte=now - UNCLEAR_FOR
    )
    rows = rows.order_by("-created_at")
    return rows.values("id", "device_id", "lane_id", "action", "created_at")


def _rounds(compound: Compound, now: datetime) -> Any:
    """Rounds under way, and those that may begin within the next hour."""
    soon = Q(state=PatrolRound.State.PLANNED, opens_at__lte=now + timedelta(hours=1))
    rows = PatrolRound.objects.of(compound).filter(Q(state=PatrolRound.State.RUNNING) | soon)
    rows = rows.annotate(confirmed=Count("scans")).order_by("planned_at")
    return rows.values("id", "state", "confirmed", "planned_at")


def _counts(compound: Compound, since: datetime) -> dict[str, int]:
    """What the shift did, in numbers."""
    rows = Passage.objects.of(compound).filter(seen_at__gte=since).order_by()
    counted: dict[str, int] = rows.aggregate(
        passages=Count("pk"),
        by_hand=Count("pk", filter=Q(by_hand=True) & ~Q(state=Passage.State.REFUSED)),
        refused=Count("pk", filter=Q(state=Passage.State.REFUSED)),
        not_read=Count("pk", filter=Q(outcome=Passage.Outcome.FAIL)),
    )
    return counted
