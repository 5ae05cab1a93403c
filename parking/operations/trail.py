"""The trace of what was corrected in a stay, and its new price."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from community import events
from parking.models import PriceChange, Stay, StayChange
from parking.operations import prices

if TYPE_CHECKING:
    from community.models import User

#: What of a stay can be put right.
FIELDS = (
    "plate", "area_id", "entered_at", "left_at", "vehicle_id", "permit_id", "parked_as",
    "permit_from",
)  # fmt: skip
#: Corrections after which another right, and not another time, makes the price.
OF_RIGHT = frozenset({StayChange.What.RIGHT.value, StayChange.What.MOVED_UP.value})


def of(stay: Stay) -> dict[str, Any]:
    """What the trace compares, as a JSON object keeps it."""
    return {name: _plain(getattr(stay, name)) for name in FIELDS}


def write(
    stay: Stay, what: str, before: dict[str, Any], *, reason: str = "", actor: User | None = None
) -> StayChange | None:
    """Write what differs from ``before``, tell it, and price the stay anew; None if nothing does.

    Called within the transaction of the correction.
    """
    now = of(stay)
    changed = [name for name in FIELDS if now[name] != before[name]]
    if not changed:
        return None
    row: StayChange = StayChange.objects.create(
        compound_id=stay.compound_id,
        stay=stay,
        what=what,
        before={name: before[name] for name in changed},
        after={name: now[name] for name in changed},
        reason=reason,
        at=timezone.now(),
        by=actor,
    )
    events.record(
        "parking.stay_corrected", compound=stay.compound_id, actor=actor, stay=stay.pk, what=what
    )
    reprice(stay, what, actor)
    return row


def reprice(stay: Stay, what: str, actor: User | None = None) -> None:
    """Price the stay anew for what was put right."""
    why = PriceChange.Why.RIGHT if what in OF_RIGHT else PriceChange.Why.CORRECTED
    prices.reprice(stay, why.value, actor=actor)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
