"""Consent to where a parcel may be left: chosen by its recipient, asked before each deposit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from community.prepared import Prepared
from parcels.models import Carrier, DeliveryChoice, Kind, ParcelQuestion, Way
from parcels.operations.moves import fault
from residents.codes import Need
from residents.models import Person

#: An answer to a courier's question counts so long: the courier may have to come back.
ANSWER_COUNTS = timedelta(hours=24)
#: Who has one of these is brought home to by the desk, unless they chose otherwise themselves.
BROUGHT_HOME = frozenset({Need.ALONE, Need.OFTEN_ALONE, Need.DISABILITY, Need.ILLNESS})


def choose(
    person: Person,
    way: str,
    *,
    carrier: Carrier | None = None,
    kind: str = "",
    neighbour: str = "",
    on_behalf: bool = False,
    actor: User | None = None,
) -> DeliveryChoice | None:
    """Choose where this person's things are left; an empty ``way`` takes a choice back.

    The same again changes nothing. Raises ValidationError.
    """
    _check(person, way, carrier, kind, neighbour)
    neighbour = neighbour.strip() if way == Way.NEIGHBOUR else ""
    with events.writing():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        rows = DeliveryChoice.objects.current().filter(person=person, carrier=carrier, kind=kind)
        held: DeliveryChoice | None = rows.first()
        if held and (held.way, held.neighbour) == (way, neighbour):
            return held
        if held is None and not way:
            return None
        rows.update(ended_at=timezone.now())
        made: DeliveryChoice | None = None
        if way:
            made = DeliveryChoice.objects.create(
                compound_id=person.compound_id, person=person, carrier=carrier, kind=kind,
                way=way, neighbour=neighbour, on_behalf=on_behalf, made_by=actor,
                made_at=timezone.now(),
            )  # fmt: skip
        events.record(
            "parcels.way_chosen", compound=person.compound_id, actor=actor, person=person.pk,
            way=way or "none",
        )  # fmt: skip
    return made


def _check(person: Person, way: str, carrier: Carrier | None, kind: str, neighbour: str) -> None:
    if way and way not in Way.values:
        raise fault("way", "way_unknown", _("Choose where it is to be left."))
    if kind and kind not in Kind.values:
        raise fault("kind", "kind_unknown", _("Choose what it is for."))
    if kind == Kind.REGISTERED and way == Way.LOCKER:
        text = _("Registered mail needs a signature, so it is kept at the desk.")
        raise fault("way", "registered_signed", text)
    if carrier is not None and carrier.compound_id != person.compound_id:
        raise fault("carrier", "carrier_elsewhere", _("Choose a carrier that delivers here."))
    if way == Way.NEIGHBOUR:
        check_neighbour(person, neighbour)


def check_neighbour(person: Person, neighbour: str) -> None:
    """Raises ValidationError for what is no home of the person's compound."""
    homes = Unit.objects.filter(compound_id=person.compound_id, code=neighbour.strip())
    if not homes.exists():
        raise fault("neighbour", "no_home", _("Give your neighbour's home, such as 3-2-1202."))


_chosen = Prepared(
    lambda person, kind: DeliveryChoice.objects.current()
    .filter(Q(kind="") | Q(kind=kind), person=person).order_by(),
    person=int, kind=str,
)  # fmt: skip


def way_for(
    person: Person | None, carrier: Carrier, kind: str, waybill: str = ""
) -> tuple[str, DeliveryChoice | ParcelQuestion | None]:
    """Where a delivery may be left, and the choice or answer that says so.

    The narrowest choice counts; who wants to be asked and has answered for this waybill, chose by
    that. Without any: to the desk, and from there home for those who need it; nothing goes into a
    locker unasked.
    """
    if person is None or kind == Kind.REGISTERED:
        return Way.DESK, None
    rows = _chosen(person=person.pk, kind=kind)
    found = [row for row in rows if row.carrier_id in (None, carrier.pk)]
    if not found:
        return Way.DESK, None
    best = max(found, key=lambda row: (row.carrier_id is not None, bool(row.kind), row.pk))
    if best.way == Way.ASK and (said := answered(person, carrier, waybill)) is not None:
        return str(said.way), said
    return str(best.way), best


def answered(person: Person, carrier: Carrier, waybill: str) -> ParcelQuestion | None:
    """What the recipient answered for this waybill a short time ago."""
    rows = ParcelQuestion.objects.filter(person=person, carrier=carrier, waybill=waybill)
    rows = rows.filter(answered_at__gt=timezone.now() - ANSWER_COUNTS) if waybill else rows.none()
    found: ParcelQuestion | None = rows.order_by("-pk").first()
    return found


def is_brought_home(person: Person | None) -> bool:
    """Whether the desk brings home what is left there for this person."""
    return person is not None and bool(BROUGHT_HOME & set(person.needs or ()))


def may_use_locker(person: Person | None, carrier: Carrier, kind: str, waybill: str = "") -> bool:
    return way_for(person, carrier, kind, waybill)[0] == Way.LOCKER


def current(person: Person) -> Any:
    """The person's choices of today, the widest first."""
    rows = DeliveryChoice.objects.current().filter(person=person).select_related("carrier")
    return rows.order_by("carrier__name", "kind")
