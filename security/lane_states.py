"""Each lane as the guard sees it: what happens there, and whether its devices answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Command, Device, Lane
from security.models import KeepOpen, Passage

#: An opening counts as the lane's state for this long when no crossing is known.
OPEN_SHOWN = timedelta(seconds=20)


@dataclass(frozen=True)
class LaneTile:
    """One tile. ``dark``: there is no live picture, so none may be shown as one."""

    pk: int
    name: str
    mark: str
    word: str
    since: datetime | None
    device: str
    dark: bool
    current: bool
    still_url: str
    still_alt: str
    still_word: str
    kept_until: datetime | None


def tiles(lanes: list[Lane], now: datetime, chosen: int) -> list[LaneTile]:
    """Tiles in the order of the lanes; the chosen one, else the first, is current."""
    keys = [lane.pk for lane in lanes]
    passages = {row.lane_id: row for row in _standing(keys, now)}
    kept = {
        row.lane_id: row
        for row in KeepOpen.objects.filter(lane__in=keys, released_at=None, until__gt=now)
    }
    unclear = set(
        Command.objects.filter(lane__in=keys, created_at__gte=now - timedelta(minutes=2))
        .filter(state=Command.State.UNKNOWN)
        .values_list("lane_id", flat=True)
    )
    current = chosen if chosen in keys else (keys[0] if keys else 0)
    return [
        _tile(lane, passages.get(lane.pk), kept.get(lane.pk), lane.pk in unclear, current)
        for lane in lanes
    ]


def _standing(keys: list[int], now: datetime) -> Iterable[Passage]:
    """Passages that stand at a barrier, oldest first: of several, the newest wins."""
    rows = Passage.objects.filter(lane__in=keys)
    waiting = rows.filter(state=Passage.State.WAITING)
    opened = rows.filter(state=Passage.State.OPENED, decided_at__gte=now - OPEN_SHOWN)
    return (waiting | opened).order_by("pk")


def _tile(
    lane: Lane, passage: Passage | None, kept: KeepOpen | None, unclear: bool, current: int
) -> LaneTile:
    state, word, since = _state(lane, passage, kept, unclear)
    dark = lane.camera is None or lane.camera.health in (
        Device.Health.OFFLINE,
        Device.Health.FAULTY,
    )
    return LaneTile(
        pk=lane.pk,
        name=lane.name,
        mark=state,
        word=word,
        since=since,
        device=_devices(lane),
        dark=dark,
        current=lane.pk == current,
        still_url=reverse("guard-still", args=[lane.pk]),
        still_alt=_("Live picture of %(lane)s") % {"lane": lane.name},
        still_word=_("no picture") if dark else _("one picture a second"),
        kept_until=kept.until if kept else None,
    )


def _state(
    lane: Lane, passage: Passage | None, kept: KeepOpen | None, unclear: bool
) -> tuple[str, str, datetime | None]:
    down = _down(lane.barrier) or _down(lane.camera)
    if down:
        return "off", str(down.get_health_display()), down.health_since
    if kept:
        until = timezone.localtime(kept.until).strftime("%H:%M")
        return "hand", _("Open until %(time)s") % {"time": until}, None
    if passage and passage.state == Passage.State.WAITING:
        failed = passage.outcome == Passage.Outcome.FAIL
        return ("fail", _("Not read"), None) if failed else ("ask", _("Your call"), None)
    if unclear:
        return "off", _("May be open"), None
    if passage:
        return "allow", _("Opened"), None
    return "allow", _("Free"), None


def _down(device: Any) -> Any:
    """The device where it does not answer, else None."""
    if device and device.health in (Device.Health.OFFLINE, Device.Health.FAULTY):
        return device
    return None


def _devices(lane: Lane) -> str:
    """Which of the lane's devices is wrong; that both answer; or that nothing was heard yet."""
    heard = set()
    for device, name in ((lane.barrier, _("barrier")), (lane.camera, _("camera"))):
        if device is None:
            return _("no %(device)s") % {"device": name}
        if _down(device):
            return _("%(device)s: no answer") % {"device": name}
        heard.add(device.health)
    return _("not heard yet") if Device.Health.UNKNOWN in heard else _("both answer")
