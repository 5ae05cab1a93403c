"""What parcels hold on a person, for the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from community.home_parts import Fact, Section
from parcels.models import DeliveryChoice, Parcel
from parcels.search import place_of

MOST = 200


def sections(user: Any, person: Any) -> list[Section]:
    parcels = Parcel.objects.filter(person=person).select_related(
        "carrier", "compartment__bank", "shelf"
    )
    chosen = DeliveryChoice.objects.filter(person=person).select_related("carrier")
    return [
        Section(
            "parcels",
            _("My parcels"),
            _("Kept for as long as the compound's rule for parcels says; used for nothing else."),
            [_parcel(row) for row in parcels.order_by("-pk")[:MOST]],
        ),
        Section(
            "delivery_choices",
            _("Where my parcels are left"),
            _("Kept while you live here, so that it can be shown what you agreed to."),
            [_choice(row) for row in chosen.order_by("-pk")[:MOST]],
        ),
    ]


def _parcel(row: Parcel) -> list[Fact]:
    facts = [
        Fact(_("Carrier"), row.carrier.name, row.carrier.name),
        Fact(_("Waybill"), row.waybill, f"…{row.waybill_tail}"),
        Fact(_("State"), row.state, str(row.get_state_display())),
        Fact(_("When"), row.created_at, ""),
    ]
    if place := place_of(row):
        facts.append(Fact(_("Place"), place, place))
    if row.signed_by:
        facts.append(Fact(_("Signed by"), row.signed_by, row.signed_by))
    return facts


def _choice(row: DeliveryChoice) -> list[Fact]:
    carrier = row.carrier.name if row.carrier else str(_("all carriers"))
    facts = [
        Fact(_("Carrier"), carrier, carrier),
        Fact(_("Where"), row.way, str(row.get_way_display())),
        Fact(_("When"), row.made_at, ""),
    ]
    if row.ended_at:
        facts.append(Fact(_("Ended"), row.ended_at, ""))
    return facts
