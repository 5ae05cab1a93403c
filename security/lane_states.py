"""Each lane as the guard sees it: what happens there, and whether its devices answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Command, Compound, Device, Lane, User
from security.card_call import with_calls
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
    video_url: str
    kept_until: datetime | None


def standing_passages(user: User, compound: Compound, now: datetime) -> list[Passage]:
    """Cars at the barriers: those that wait, and those let through a moment ago; oldest first."""
    return _standing(Lane.objects.visible_to(user).of(compound).values("pk"), now)


def lanes_in_use(user: User, compound: Compound, now: datetime) -> list[Lane]:
    """Lanes with their devices, each with ``kept_until`` and ``unclear`` (an order unanswered)."""
    return _told(Lane.objects.visible_to(user).of(compound).filter(is_active=True), now)


def tiles_of(lanes: list[Lane], now: datetime) -> list[LaneTile]:
    """Tiles of any lanes, of several compounds too; the caller has chosen what may be seen."""
    keys = [lane.pk for lane in lanes]
    return tiles(_told(Lane.objects.filter(pk__in=keys), now), _standing(keys, now), 0)


def _standing(lanes: Any, now: datetime) -> list[Passage]:
    at_lanes = Passage.objects.filter(
        lane__in=lanes, state__in=(Passage.State.WAITING, Passage.State.OPENED)
    )
    since = now - OPEN_SHOWN
    rows = at_lanes.filter(Q(state=Passage.State.WAITING) | Q(decided_at__gte=since))
    related = ("lane", "picture", "vehicle__unit", "person", "visit__unit")
    return list(with_calls(rows.select_related(*related)).order_by("pk"))


def _told(lanes: Any, now: datetime) -> list[Lane]:
    kept = KeepOpen.objects.filter(lane=OuterRef("pk"), released_at=None, until__gt=now)
    silent = Command.objects.filter(
        lane=OuterRef("pk"),
        created_at__gte=now - timedelta(minutes=2),
        state=Command.State.UNKNOWN,
    )
    told = lanes.annotate(kept_until=Subquery(kept.values("until")[:1]), unclear=Exists(silent))
    return list(told.select_related("camera", "barrier", "gate"))


def tiles(lanes: list[Lane], standing: list[Passage], chosen: int) -> list[LaneTile]:
    """Tiles in the order of the lanes; the chosen one, else the first, is current."""
    keys = [lane.pk for lane in lanes]
    # Of several cars at a barrier the newest wins.
    passages = {row.lane_id: row for row in standing}
    current = chosen if chosen in keys else (keys[0] if keys else 0)
    return [_tile(lane, passages.get(lane.pk), current) for lane in lanes]


def _tile(lane: Any, passage: Passage | None, current: int) -> LaneTile:
    state, word, since = _state(lane, passage)
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
        video_url="" if dark else reverse("guard-video", args=[lane.pk]),
        still_word=_("no picture") if dark else _("one picture a second"),
        kept_until=lane.kept_until,
    )


def _state(lane: Any, passage: Passage | None) -> tuple[str, str, datetime | None]:
    down = _down(lane.barrier) or _down(lane.camera)
    if down:
        return "off", str(down.get_health_display()), down.health_since
    if lane.kept_until:
        until = timezone.localtime(lane.kept_until).strftime("%H:%M")
        return "hand", _("Open until %(time)s") % {"time": until}, None
    if passage and passage.state == Passage.State.WAITING:
        failed = passage.outcome == Passage.Outcome.FAIL
        return ("fail", _("Not read"), None) if failed else ("ask", _("Your call"), None)
    if lane.unclear:
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
