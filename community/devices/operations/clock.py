"""Clocks of devices, which are never trusted: a steady offset is learnt, the rest is doubted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Literal

from django.db import transaction
from django.utils import timezone

from community.models import Device

TimeSource = Literal["device", "corrected", "received", "outlier"]
OUTLIER: TimeSource = "outlier"

#: Samples kept; the median of these is the offset.
KEPT = 9
#: So many must agree, over so long, before an offset counts: a burst of stored records is no clock.
AGREEING = 5
SPAN_S = 60.0
#: Samples of a steady clock lie this close together: network, exposure and recognition included.
STEADY_MS = 3_000
#: A time this far from what the learnt clock would say is doubted.
OUTLIER_MS = 10_000
#: A clock further off was never set; its offset is not learnt.
FURTHEST_MS = 20 * 24 * 3600 * 1000
#: Once steady, one sample in so many seconds is enough.
PAUSE_S = 20.0
#: A reading opens only this long after it was taken, in seconds; a little future is jitter.
FRESH_S = 10.0
AHEAD_S = 3.0


def learn_clock(device_id: int, device_time: datetime, received_at: datetime) -> None:
    """Take one sample of a device's clock, from a reading marked real-time, never from history.

    Raises ValueError for a time without a zone, Device.DoesNotExist.
    """
    offset = _offset_ms(device_time, received_at)
    if abs(offset) > FURTHEST_MS:
        return
    at = received_at.timestamp()
    known = Device.objects.values_list("clock_offset_ms", "clock_samples").get(pk=device_id)
    if not _is_wanted(*known, at=at, offset=offset):
        return
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device_id)
        device.clock_samples = [*device.clock_samples, [at, offset]][-KEPT:]
        device.clock_offset_ms = _steady(device.clock_samples, device.clock_offset_ms)
        device.save(update_fields=["clock_samples", "clock_offset_ms"])


def corrected(
    device: Device, device_time: datetime | None, received_at: datetime
) -> tuple[datetime, TimeSource]:
    """When a device saw something, and how we know.

    ``received``: the device said no time. ``device``: its own word, no offset learnt yet.
    ``corrected``: its word less the learnt offset. ``outlier``: does not fit its clock (a stored
    record, a glitch), returned as the device said it. Whether it may open: :func:`is_fresh`.
    Raises ValueError for a time without a zone.
    """
    if device_time is None:
        return received_at, "received"
    offset = _offset_ms(device_time, received_at)
    learnt = device.clock_offset_ms
    if learnt is None:
        return device_time, "device"
    if abs(offset - learnt) > OUTLIER_MS:
        return device_time, OUTLIER
    return device_time - timedelta(milliseconds=learnt), "corrected"


def is_fresh(captured_at: datetime, source: TimeSource | str, received_at: datetime) -> bool:
    """Whether a reading of this time, from :func:`corrected`, may open anything."""
    age = (received_at - captured_at).total_seconds()
    return source != OUTLIER and -AHEAD_S <= age <= FRESH_S


def _offset_ms(device_time: datetime, received_at: datetime) -> int:
    if timezone.is_naive(device_time) or timezone.is_naive(received_at):
        raise ValueError("times need a zone")
    return round(
        (device_time.astimezone(UTC) - received_at.astimezone(UTC)) / timedelta(milliseconds=1)
    )


def _is_wanted(learnt: int | None, samples: list[list[float]], *, at: float, offset: int) -> bool:
    """Whether a sample tells something new: spares the gate a write for every car."""
    if learnt is None or not samples or abs(offset - learnt) > STEADY_MS:
        return True
    return at - samples[-1][0] >= PAUSE_S


def _steady(samples: list[list[float]], learnt: int | None) -> int | None:
    """The median offset of the samples if most agree and span some time, else what was learnt."""
    middle = round(median(offset for _, offset in samples))
    agreeing = [at for at, offset in samples if abs(offset - middle) <= STEADY_MS / 2]
    if len(agreeing) < AGREEING or max(agreeing) - min(agreeing) < SPAN_S:
        return learnt
    return middle
