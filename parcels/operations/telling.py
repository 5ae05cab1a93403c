"""What recipients are told of their parcels, and until when these are kept."""

from __future__ import annotations

from community import notifications
from community.models import User
from community.prepared import Prepared
from parcels.models import KeepingRule, Kind, Parcel, ParcelStep
from residents.models import Person
from residents.reaching import reader

#: Where a compound has set no rule of its own.
KEEP_HOURS, REMIND_HOURS, ASK_HOURS, DESK_DAYS = 48, 24, 24, 7
SOURCE = "《智能快件箱寄递服务管理办法》"


_rule = Prepared(lambda compound: KeepingRule.objects.filter(compound=compound), compound=int)
_reader = Prepared(
    lambda person: Person.objects.filter(pk=person).select_related("user")
    .only("user", "user__id").order_by(),
    person=int,
)  # fmt: skip


def rule_of(compound_id: int) -> KeepingRule:
    """The compound's rule; one with the usual periods where it has none."""
    own: KeepingRule | None = _rule.first(compound=compound_id)
    return own or KeepingRule(
        compound_id=compound_id, keep_hours=KEEP_HOURS, remind_hours=REMIND_HOURS,
        ask_hours=ASK_HOURS, desk_days=DESK_DAYS, source=SOURCE,
    )  # fmt: skip


def reader_of(parcel: Parcel) -> User | str | None:
    """Whom to tell of a parcel, without what their file says of them; None where nobody is."""
    if parcel.person_id is None:
        return None
    person = _reader.first(person=parcel.person_id)
    return reader(person) if person else None


def tell(parcel: Parcel, kind: str, *, again: str = "") -> None:
    """Leave a message for the recipient, if one is on file; once for each ``again``."""
    _tell(parcel, kind, reader_of(parcel), again)


def _tell(
    parcel: Parcel, kind: str, who: User | str | None, again: object, *, is_first: bool = False
) -> None:
    if who is None:
        return
    notifications.tell(
        who,
        f"parcels.{kind}",
        compound=parcel.compound_id,
        key=f"parcel:{parcel.pk}:{kind}:{again}",
        facts={"parcel": parcel.pk},
        is_first=is_first,
    )


def arrived(parcel: Parcel, who: User | str | None, step: ParcelStep) -> None:
    """A parcel that comes to a place anew, by a step made just now, is told anew."""
    _tell(parcel, "arrived", who, step.pk, is_first=True)


def at_desk(parcel: Parcel, step: ParcelStep) -> None:
    _tell(parcel, "at_desk", reader_of(parcel), step.pk, is_first=True)


def collected(parcel: Parcel) -> None:
    """Said when somebody else fetched it; whoever fetches it themselves knows."""
    if parcel.by_proxy:
        tell(parcel, "fetched")


def handed_over(parcel: Parcel) -> None:
    """A receipt for registered mail, and for what somebody else took at the desk."""
    name = parcel.person.name if parcel.person else ""
    if parcel.signed_by and (parcel.kind == Kind.REGISTERED or parcel.signed_by != name):
        tell(parcel, "handed_over")
