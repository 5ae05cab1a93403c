"""Parcels in the search, by waybill or its end; lockers, by name or place."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from community.pages import url_of
from community.querysets import OFFICE, STAFF
from community.search import SHOWN, Group, Hit, Question, more_url
from parcels.models import LockerBank, Parcel

#: state: mark
MARKS = {
    "opening": "due",
    "stored": "info",
    "taking": "due",
    "desk": "info",
    "collected": "allow",
    "delivered": "allow",
    "returned": "off",
    "undone": "off",
}


def find(question: Question) -> list[Group]:
    """Parcels of the compound for the desk, and its locker banks for the staff."""
    groups = [_parcels(question)] if question.roles & OFFICE else []
    return [*groups, _banks(question)] if question.roles & STAFF else groups


def _parcels(question: Question) -> Group:
    rows = Parcel.objects.visible_to(question.user).of(question.compound)
    # A resident who also works here finds their own through their own pages.
    found = rows.with_waybill(question.text).select_related(
        "carrier", "person", "unit", "compartment__bank", "shelf"
    )
    parcels = list(found.order_by("-pk")[:SHOWN])
    people = [row.person for row in parcels if row.person is not None]
    more = more_url(question, "parcels_parcel", question.text)
    return Group(_("Parcels"), "package", [_hit(row) for row in parcels], more, people)


def _hit(row: Any) -> Hit:
    who = row.person.name if row.person else row.label
    facts = (who, row.unit.code if row.unit else "", place_of(row))
    return Hit(
        f"{row.carrier.name} {row.waybill}",
        " · ".join(fact for fact in facts if fact),
        url_of("admin:parcels_parcel_change", row.pk),
        mark="ask" if row.doubt else MARKS[row.state],
        state=str(row.get_state_display()),
    )


def place_of(row: Any) -> str:
    """The compartment or shelf in which it lies; empty when it is gone."""
    return str(row.compartment or row.shelf or "")


def _banks(question: Question) -> Group:
    rows = LockerBank.objects.visible_to(question.user).of(question.compound)
    wanted = Q(name__icontains=question.text) | Q(place__icontains=question.text)
    hits = [
        Hit(
            bank.name,
            bank.place,
            url_of("admin:parcels_lockerbank_change", bank.pk) if question.user.is_staff else "",
        )
        for bank in rows.filter(wanted).order_by("name")[:SHOWN]
    ]
    return Group(_("Lockers"), "package", hits)
