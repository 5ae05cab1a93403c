"""Lists that a camera keeps and opens by, so that a lane works while we do not.

The camera itself is asked what it keeps; what differs from what it should keep is told to it, a
bounded number at a time. Cars that somebody typed into the camera are left alone: of ours a mark is
kept (a keyed hash of the plate, no plate), with how it went last, in one small file a device,
``VAR_DIR/allow_lists/<device>``. Each car has a last day in the camera, at most ``LAST_DAYS``
ahead, so that a list that nobody looks after ends.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self, runtime_checkable
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.sentences import sentence
from community.vision.grammar import normalise

#: A camera holds some thousands; what would not fit is told, not sent.
MOST_CARS = 5_000
#: Told to one camera at a time, and for so long: it has cars to read.
MOST_CHANGES, ROUND_S = 200, 60.0
#: A car without an end of its own: for so long, told anew when so little is left.
LAST_DAYS, RENEW_DAYS = 60, 30


@dataclass(frozen=True)
class Held:
    """A car as the camera keeps it. ``key``: its name for the row."""

    plate: str
    key: str
    until: date | None = None

    @classmethod
    def read(cls, plate: str, key: str, until: str) -> Self:
        """``until`` as the camera writes it, a date in front; None for what is none."""
        try:
            return cls(plate, key, date.fromisoformat(until[:10]))
        except ValueError:
            return cls(plate, key)


@runtime_checkable
class KeepsList(Protocol):
    """What a driver can do whose device keeps a list. All of it may be done again."""

    def list_is_wanted(self) -> bool:
        """Whether the installer wants the list in this device."""

    def listed_cars(self, wanted: Collection[str] = ()) -> list[Held]:
        """Everything on its list of cars that may pass. Raises DeviceFault, DeviceSilent.

        A camera that tells its list plate by plate only: what it keeps of ``wanted`` (normalised
        plates, as far as a round goes) and of what it was told by us before.
        """

    def list_car(self, plate: str, until: date, known: Held | None) -> None:
        """Put a car on the list, or give it another last day. Raises as above."""

    def unlist_car(self, held: Held) -> None:
        """Take a car off the list. Raises as above."""


@dataclass(frozen=True)
class Told:
    """How the last round went. ``cars`` of ours that it keeps now; ``waiting`` changes."""

    at: float = 0.0
    cars: int = 0
    waiting: int = 0
    code: str = ""
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """``until`` is None for a car that leaves the list."""

    plate: str
    until: date | None
    held: Held | None


def told(device_id: int) -> Told:
    """How it went last; nothing told yet where there is no such file, or it is broken."""
    try:
        return Told(**json.loads(_path(device_id).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return Told()


def in_words(device_id: int) -> str:
    """How it went last, for whoever keeps the device; a dash where no list was ever told."""
    how = told(device_id)
    if not how.at:
        return "–"
    at = timezone.localtime(datetime.fromtimestamp(how.at, UTC))
    values = {"cars": how.cars, "time": date_format(at, "SHORT_DATETIME_FORMAT")}
    words = [gettext("%(cars)s cars are kept in it, told at %(time)s.") % values]
    if how.waiting:
        words.append(gettext("%(count)s changes are still to be told.") % {"count": how.waiting})
    return " ".join([*words, sentence(how.code)]).strip()


def push(device_id: int, driver: KeepsList, wanted: dict[str, date | None], today: date) -> Told:
    """Tell the device what differs; how it went. Never raises a fault of the device.

    ``wanted``: normalised plates to their last day, None for no end. Not for the thread in which
    a device's orders go: an opening would wait.
    """
    fitting = dict(sorted(wanted.items())[:MOST_CARS])
    before = told(device_id)
    ours, left, code = set(before.marks), list[Change](), ""
    try:
        left = differences(device_id, driver.listed_cars(fitting), fitting, ours, today)
        now, later = left[:MOST_CHANGES], left[MOST_CHANGES:]
        ours |= {_mark(device_id, change.plate) for change in now if change.until}
        # Before it is told: of a car that was told and not noted, nobody would ever say "ours".
        _note(device_id, replace(before, marks=sorted(ours)))
        undone = _tell(driver, now)
        held = driver.listed_cars(fitting)
        ours &= {_mark(device_id, one.plate) for one in held}
        left = differences(device_id, held, fitting, ours, today)
        # It said yes to all of it, and keeps something else.
        is_deaf = not undone and len(left) > len(later)
        code = "list_not_taken" if is_deaf else "list_too_long" if len(wanted) > MOST_CARS else ""
        cars = len(ours)
    except (DeviceFault, DeviceSilent) as fault:
        cars, code = before.cars, fault.code
    return _note(device_id, Told(time.time(), cars, len(left), code, sorted(ours)))


def differences(
    device_id: int,
    held: Iterable[Held],
    wanted: dict[str, date | None],
    ours: set[str],
    today: date,
) -> list[Change]:
    """What to tell a device: what must not pass any more first, then new cars, then renewals."""
    horizon, soon = today + timedelta(days=LAST_DAYS), today + timedelta(days=RENEW_DAYS)
    known = {normalise(one.plate): one for one in held}
    gone, new, later = list[Change](), list[Change](), list[Change]()
    for plate, one in known.items():
        if _mark(device_id, plate) not in ours:
            continue  # typed into the camera by somebody
        if plate not in wanted:
            gone.append(Change(plate, None, one))
            continue
        last = min(wanted[plate] or horizon, horizon)
        if one.until is None or one.until > last:
            gone.append(Change(plate, last, one))
        elif one.until < min(last, soon):
            later.append(Change(plate, last, one))
    for plate, until in wanted.items():
        if plate not in known:
            new.append(Change(plate, min(until or horizon, horizon), None))
    return gone + new + later


def _tell(driver: KeepsList, changes: list[Change]) -> int:
    """Tell them one by one while there is time; how many were left. Raises as the driver."""
    end = time.monotonic() + ROUND_S
    for number, change in enumerate(changes):
        if time.monotonic() >= end:
            return len(changes) - number
        if change.until is not None:
            driver.list_car(change.plate, change.until, change.held)
        elif change.held is not None:
            driver.unlist_car(change.held)
    return 0


def _mark(device_id: int, plate: str) -> str:
    return salted_hmac(f"linli.allow_lists.{device_id}", normalise(plate)).hexdigest()[:24]


def _path(device_id: int) -> Path:
    return Path(settings.VAR_DIR) / "allow_lists" / str(int(device_id))


def _note(device_id: int, how: Told) -> Told:
    path = _path(device_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(json.dumps(asdict(how)))
    draft.replace(path)
    return how
