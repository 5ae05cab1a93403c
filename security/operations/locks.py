"""The one lock of the gates: the lane's row, taken before anything else of that lane."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from community.devices import operations as devices
from community.models import Command, Device, Lane, User
from community.prepared import prepared
from security.models import Passage

#: An order to open that is not sent by then is never sent.
SEND_WITHIN = timedelta(seconds=10)


def locked_lane(lane_id: int) -> Lane:
    """The lane as it stands, held until the transaction ends. Raises Lane.DoesNotExist."""
    lane: Lane | None = _whole_lane.first(key=lane_id)
    if lane is None:
        raise Lane.DoesNotExist(lane_id)
    return lane


@prepared(key=int)
def _whole_lane(key: int) -> QuerySet[Any, Lane]:
    lanes: Any = Lane.objects.select_for_update(of=("self",))
    whole = lanes.select_related("barrier", "gate", "compound")
    # Nobody needs the barrier's password here, and decrypting it takes time.
    return whole.defer("barrier__credentials", "barrier__clock_samples").filter(pk=key)


def locked_passage(passage: Passage | int) -> tuple[Passage, Lane]:
    """Passage and lane, in the order of locks: lane first. Raises Passage.DoesNotExist."""
    key = passage if isinstance(passage, int) else passage.pk
    lane_id = Passage.objects.values_list("lane_id", flat=True).get(pk=key)
    lane = locked_lane(lane_id)
    return Passage.objects.select_related("command", "decided_by").get(pk=key), lane


def order_open(
    passage: Passage, barrier: Device, lane: Lane, since: datetime, by: User | None = None
) -> Command:
    """Order one opening for a passage, and point the passage to it.

    The key names the order before it: the same attempt is never ordered twice.
    """
    command = devices.order(
        barrier,
        Command.Action.OPEN,
        key=f"passage-{passage.pk}-{passage.command_id or 0}",
        lane=lane,
        expires_at=since + SEND_WITHIN,
        requested_by=by,
    )
    Passage.objects.filter(pk=passage.pk).update(command=command)
    passage.command = command
    return command
