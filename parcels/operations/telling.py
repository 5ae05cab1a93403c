"""What recipients are told of their parcels, and until when these are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import notifications
from parcels.models import KeepingRule, Parcel
from residents.reaching import reader

#: Where a compound has set no rule of its own.
KEEP_HOURS, REMIND_HOURS, ASK_HOURS, DESK_DAYS = 48, 24, 24, 7
SOURCE = "《智能快件箱寄递服务管理办法》"


def rule_of(compound_id: int) -> KeepingRule:
    """The compound's rule; one with the usual periods where it has none."""
    own: KeepingRule | None = KeepingRule.objects.filter(compound_id=compound_id).first()
    return own or KeepingRule(
        compound_id=compound_id, keep_hours=KEEP_HOURS, remind_hours=REMIND_HOURS,
        ask_hours=ASK_HOURS, desk_days=DESK_DAYS, source=SOURCE,
    )  # fmt: skip


def keep_until(parcel: Parcel, now: datetime | None = None) -> datetime:
    """Until when a parcel stays in its locker, without any fee."""
    hours = rule_of(parcel.compound_id).keep_hours
    return (now or timezone.now()) + timedelta(hours=hours)


def tell(parcel: Parcel, kind: str, *, again: str = "") -> None:
    """Leave a message for the recipient, if one is on file; once for each ``again``."""
    if parcel.person is None:
        return
    notifications.tell(
        reader(parcel.person),
        f"parcels.{kind}",
        compound=parcel.compound,
        key=f"parcel:{parcel.pk}:{kind}:{again}",
        facts={"parcel": parcel.pk},
    )


def arrived(parcel: Parcel) -> None:
    tell(parcel, "arrived", again=_again(parcel))


def at_desk(parcel: Parcel) -> None:
    tell(parcel, "at_desk", again=_again(parcel))


def collected(parcel: Parcel) -> None:
    """Said when somebody else fetched it; whoever fetches it themselves knows."""
    if parcel.by_proxy:
        tell(parcel, "fetched")


def _again(parcel: Parcel) -> Any:
    """A parcel that comes to a place anew is told anew."""
    return str(parcel.steps.count())
