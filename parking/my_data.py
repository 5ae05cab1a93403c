"""The cars that are registered to a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.home_parts import Fact, Section
from parking.models import Bicycle, BlockedCar, CarWish, Dispute, Holding, RenewalWish, Vehicle

MOST = 100
ASKED = _("Pictures of licences are erased some time after the answer; the rest when you leave.")
REPORTED = _("Kept for as long as the compound's rule for such reports says; pictures too.")

HELD = _("Kept while they are yours; your name and the plate go when you are erased.")


def sections(user: Any, person: Any) -> list[Section]:
    rows = Vehicle.objects.filter(owner=person).select_related("unit").order_by("-pk")
    kept = _("Kept while the car is registered; passages as long as the compound's rule says.")
    return [
        Section("vehicles", _("My vehicles"), kept, [_facts(row) for row in rows]),
        Section("places_bicycles", _("Places and bicycles"), HELD, _held(person)),
        Section("car_wishes", _("Cars and permits that I asked for"), ASKED, _asked(person)),
        Section("car_reports", _("What I reported about cars"), REPORTED, _reported(person)),
    ]


def _held(person: Any) -> list[list[Fact]]:
    """Parking places that name this person, and electric bicycles with their tags."""
    places = Holding.objects.filter(holder=person).select_related("place").order_by("-pk")
    ridden = Bicycle.objects.filter(owner=person).order_by("-pk")
    return [
        [Fact(_("parking place"), row.place.number, row.place.number), *_time_of(row)]
        for row in places[:MOST]
    ] + [
        [
            Fact(_("electric bicycle"), row.tag, row.tag),
            *([Fact(_("Plate"), row.plate, row.plate)] if row.plate else []),
            *_time_of(row),
        ]
        for row in ridden[:MOST]
    ]


def _asked(person: Any) -> list[list[Fact]]:
    cars = CarWish.objects.filter(person=person).order_by("-pk")[:MOST]
    renewals = RenewalWish.objects.filter(person=person).order_by("-pk")[:MOST]
    return [_wish(row, row.plate) for row in cars] + [
        [*_wish(row, ""), Fact(_("asked until"), row.until, "")] for row in renewals
    ]


def _wish(row: Any, plate: str) -> list[Fact]:
    facts = [
        Fact(_("When"), row.asked_at, ""),
        Fact(_("State"), row.state, str(row.get_state_display())),
    ]
    if plate:
        facts.insert(0, Fact(_("Plate"), plate, plate))
        held = _("kept") if row.file else _("erased")
        facts.append(Fact(_("Picture"), bool(row.file), str(held)))
    return facts


def _reported(person: Any) -> list[list[Fact]]:
    disputes = Dispute.objects.filter(person=person).select_related("stay").order_by("-pk")
    blocked = BlockedCar.objects.filter(person=person).order_by("-pk")
    return [
        [
            *_wish(row, row.stay.plate),
            Fact(pgettext_lazy("parking", "In words"), row.text, row.text),
            Fact(_("Answer"), row.answer, row.answer),
        ]
        for row in disputes[:MOST]
    ] + [
        [
            Fact(_("Plate"), row.plate, row.plate),
            Fact(_("When"), row.reported_at, ""),
            Fact(_("Where"), row.place, row.place),
            Fact(_("State"), row.state, str(row.get_state_display())),
        ]
        for row in blocked[:MOST]
    ]


def _facts(row: Vehicle) -> list[Fact]:
    return [
        Fact(_("Plate"), row.plate, row.plate),
        Fact(_("Plate kind"), row.kind, str(row.get_kind_display())),
        *_time_of(row),
    ]


def _time_of(row: Vehicle | Holding | Bicycle) -> list[Fact]:
    facts = [Fact(_("First day"), row.valid_from, "")]
    if row.valid_until:
        facts.append(Fact(_("Last day"), row.valid_until, ""))
    if row.ended_at:
        facts.append(Fact(_("Ended"), row.ended_at, ""))
    return facts
