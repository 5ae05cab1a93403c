"""The one road from a reading to the barrier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError
from django.db.models import Q, QuerySet

from community import events
from community.devices import operations as devices
from community.logging import along, trace_of
from community.models import Device, Lane
from community.prepared import prepared
from security import decisions, pictures
from security.models import Passage, Picture, Reading
from security.operations import passages
from security.operations.locks import locked_lane
from security.operations.pictures import tell_disk_full
from security.readings import ReadingInput, ReadingRefused

#: A clock this near to ours has nothing to teach, and learning is a write.
CLOCK_IS_RIGHT = timedelta(seconds=2)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Taken:
    """``duplicate``: this very reading was taken before; ``joined``: its car was known already."""

    passage: Passage
    duplicate: bool = False
    joined: bool = False


def handle_reading(reading: ReadingInput) -> Passage:
    """Store, decide, and order the barrier to open if the decision says so.

    A repeated device and key gives the first passage and changes nothing. Raises ReadingRefused
    where the device is unknown or not of the lane; nothing is stored then.
    """
    return take_reading(reading).passage


def take_reading(reading: ReadingInput) -> Taken:
    """``handle_reading``, also saying whether the reading or its car was known."""
    # One id on every line from here to the barrier's answer.
    with along(trace=trace_of(reading.device_id, reading.key)):
        taken = _take_reading(reading)
        passage = taken.passage
        log.info("passage", passage=passage.pk, outcome=passage.outcome, code=passage.code)
    return taken


def _take_reading(reading: ReadingInput) -> Taken:
    device = _device(reading)
    picture, fault = _picture(reading, device)
    taken = _take(reading, device, picture)
    # None of this may delay the barrier: it comes after the commit.
    if fault:
        tell_disk_full(device.compound_id, fault)
    if not taken.duplicate:
        _learn_clock(reading, device)
    return taken


def _device(reading: ReadingInput) -> Device:
    device = _known_device.first(key=reading.device_id)
    if device is None:
        raise ReadingRefused("device_unknown")
    return device


@prepared(key=int)
def _known_device(key: int) -> QuerySet[Any, Device]:
    known = Device.objects.only("compound_id", "settings", "clock_offset_ms")
    return known.filter(pk=key, is_active=True)


def lanes_of(device: Device) -> list[Lane]:
    """The lanes a device may speak for: it watches them, closes them, or is bound by setting."""
    return _lanes_of(device=device.pk, bound=_bound_lane(device), compound=device.compound_id)


def barriers_of(device: Device, driver: str, other: str) -> list[int]:
    """Keys of the barriers in use, of these two drivers, at the lanes a device may speak for."""
    place = {"bound": _bound_lane(device), "compound": device.compound_id}
    return _barriers_of(device=device.pk, **place, driver=driver, other=other)


@prepared(device=int, bound=int, compound=int, driver=str, other=str)
def _barriers_of(
    device: int, bound: int, compound: int, driver: str, other: str
) -> QuerySet[Any, Any]:
    lanes = _of_device(device, bound, compound)
    theirs = Q(barrier__driver=driver) | Q(barrier__driver=other)
    return lanes.filter(theirs, barrier__is_active=True).values_list("barrier_id", flat=True)


def _of_device(device: int, bound: int, compound: int) -> QuerySet[Any, Lane]:
    spoken_for = Q(camera=device) | Q(barrier=device) | Q(pk=bound)
    return Lane.objects.filter(spoken_for, compound_id=compound).order_by("pk")


_lanes_of = prepared(device=int, bound=int, compound=int)(_of_device)


def _bound_lane(device: Device) -> int:
    named = device.settings.get("lane") if isinstance(device.settings, dict) else None
    return named if isinstance(named, int) else 0


def _speaks_for(device: Device, lane: Lane) -> bool:
    known = (lane.camera_id, lane.barrier_id)
    return device.compound_id == lane.compound_id and (
        device.pk in known or _bound_lane(device) == lane.pk
    )


def taken_before(device_id: int, key: str) -> Taken | None:
    """What this very reading was answered; None if it is new. Raises ReadingRefused."""
    found = _passages_of(device=device_id, key=key)
    if not found:
        return None
    if found[0] is None:
        raise ReadingRefused("reading_forgotten")
    return Taken(Passage.objects.get(pk=found[0]), duplicate=True)


@prepared(device=int, key=str)
def _passages_of(device: int, key: str) -> QuerySet[Any, Any]:
    rows = Reading.objects.filter(device_id=device, key=key)
    return rows.values_list("passage_id", flat=True)


def _picture(reading: ReadingInput, device: Device) -> tuple[Picture | None, OSError | None]:
    if not reading.picture:
        return None, None
    taken_at = reading.captured_at if reading.is_realtime else None
    try:
        return pictures.write(
            reading.picture,
            compound_id=device.compound_id,
            lane_id=reading.lane_id,
            taken_at=taken_at or reading.received_at,
        ), None
    except pictures.PictureRefused as error:
        log.warning("picture_refused", device=device.pk, why=str(error))
        return None, None
    except OSError as error:
        return None, error


def _take(reading: ReadingInput, device: Device, picture: Picture | None) -> Taken:
    """Decide and write, or find what was decided: the reading's unique key says which.

    It is written last, so that a repeat undoes all else, and the first pays for no extra look.
    """
    try:
        with events.writing():
            return _decide_and_write(reading, device, picture)
    except IntegrityError:
        pictures.discard(picture)
        repeated = taken_before(reading.device_id, reading.key)
        if repeated is None:
            raise
        return repeated
    except BaseException:
        pictures.discard(picture)
        raise


def _decide_and_write(reading: ReadingInput, device: Device, picture: Picture | None) -> Taken:
    try:
        lane = locked_lane(reading.lane_id)
    except Lane.DoesNotExist as error:
        raise ReadingRefused("device_not_of_lane") from error
    if not _speaks_for(device, lane):
        raise ReadingRefused("device_not_of_lane")
    moment = decisions.moment(reading, device)
    if picture is not None:
        picture.save()
    passage, joined = passages.settle(reading, lane, moment, picture)
    _store(reading, lane, moment, picture, passage)
    return Taken(passage, joined=joined)


def _store(
    reading: ReadingInput,
    lane: Lane,
    moment: decisions.Moment,
    picture: Picture | None,
    passage: Passage,
) -> Reading:
    fields: dict[str, Any] = {
        "plate": decisions.plate_of(reading) or "",
        "plate_raw": (reading.plate_raw or reading.plate or "")[:40],
        "kind": passages.kind_of(reading),
        "colour": reading.colour[:20],
        "confidence": min(max(reading.confidence, 0.0), 1.0),
        "characters": [round(share, 3) for share in reading.characters],
        "box": list(reading.box) if reading.box else None,
    }
    return Reading.objects.create(
        compound_id=lane.compound_id,
        lane=lane,
        device_id=reading.device_id,
        key=reading.key,
        source=reading.source,
        frames=reading.frames,
        picture=picture,
        captured_at=moment.at,
        received_at=reading.received_at,
        time_source=moment.source[:12],
        is_realtime=reading.is_realtime,
        passage=passage,
        **fields,
    )


def _learn_clock(reading: ReadingInput, device: Device) -> None:
    if reading.captured_at is None or not reading.is_realtime:
        return
    off = abs(reading.captured_at - reading.received_at)
    if device.clock_offset_ms is None and off < CLOCK_IS_RIGHT:
        return
    try:
        devices.learn_clock(device.pk, reading.captured_at, reading.received_at)
    except Exception:
        # The car has its answer; a clock not learnt now is learnt from the next one.
        log.exception("clock_not_learnt", device=device.pk)
