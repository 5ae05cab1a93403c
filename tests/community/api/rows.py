"""One row of what people do in a compound: shifts, patrols, visits, notices, requests, forms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound, Lane, Unit, User
from parcels import operations as parcels
from parcels.models import Carrier, Parcel, Shelf
from residents.models import Consent, FaceErasure, Notice, Person, Registration, Residency
from residents.operations import form_household, give_card, report_request
from residents.operations.care import start_care
from residents.operations.faces.consents import withdraw_consent
from residents.operations.faces.proof import confirm_gallery
from security.models import PatrolPoint
from security.operations import call_home, patrols, shifts
from security.operations.watchlist import add_watch
from tests.community import factories
from tests.residents import doors, faces
from tests.security.duty import due

Keys = dict[str, Any]


def on_duty(at: Compound, guard: User) -> Keys:
    """A handover that ``guard`` has signed, a round that they walk, its route and first point."""
    held = shifts.sign_handover(shifts.prepare_handover(at, guard), guard)
    patrol = due(at)
    point = PatrolPoint.objects.get(pk=patrol.stops[0])
    patrols.start_round(patrol, guard)
    named = {"handovers": held.pk, "rounds": patrol.pk, "routes": patrol.route_id}
    walked = {"rounds": patrol.pk, "routes": patrol.route_id, "points": point.pk}
    return named | {
        "points": point.pk,
        "codes": point.secret,
        **{f"patrol-{name}": key for name, key in walked.items()},
    }


def served(unit: Unit, residency: Residency) -> Keys:
    """A household with a card and a visitor; a notice that is out, a request, a form."""
    at, person = unit.compound, residency.person
    now = timezone.now()
    notice = Notice.objects.create(compound=at, title="停水", text="今天停水。", publish_at=now)
    form = Registration.objects.create(
        compound=at, unit=unit, person=person, state="submitted", origin="desk", nonce=f"n{at.pk}",
        name="周闻达",
    )  # fmt: skip
    return {
        "households": form_household(residency).pk,
        "registrations": form.pk,
        "my-registrations": form.pk,
        "care-watches": start_care(person, consent="person", consent_note="7 号").pk,
        "ways-in": give_card(person, "04A1B2C3").pk,
        "visits": doors.visit(unit).pk,
        "notices": notice.pk,
        "requests": _reported(person),
    }


def faced(at: Compound) -> Keys:
    """Somebody whose face was enrolled and who withdrew: a consent, an erasure, a holder."""
    who = doors.resident(factories.unit(at, "8-1-801"), "邵晴", birth_date=date(1980, 5, 1))
    give_card(who, "0412345678")
    faces.enrolled(who)
    holder = confirm_gallery(at.pk, "worker-1", 1)
    row = Consent.objects.get(person=who)
    withdraw_consent(row)
    erasure = FaceErasure.objects.get(person=who)
    return {
        "face-consents": row.pk,
        "face-erasures": erasure.pk,
        "holders": holder.pk,
        "texts": row.text_id,
    }


def at_the_gate(lane: Lane, unit: Unit, manager: User) -> Keys:
    """A home that is called from the gate, and a plate on the watch list."""
    entry = add_watch(
        compound=lane.compound, kind="plate", value="皖A90C32", basis="owners", reason="先联系民警",
        expires_at=timezone.now() + timedelta(days=3), actor=manager,
    )  # fmt: skip
    doors.resident(unit, "许安", user=factories.user("resident", at=unit.compound))
    return {"watch-list": entry.pk, "home-calls": call_home(lane, unit, name="高远").pk}


def _reported(person: Person) -> int:
    return report_request(
        person=person, key=f"house{person.pk}", kind="repair", category="lift", place="2 单元",
        description="电梯抖",
    ).pk  # fmt: skip


def parcel_at_desk(at: Compound, person: Person) -> Parcel:
    return parcels.receive_at_desk(
        shelf=parcels.save_shelf(Shelf(compound=at, name="Z9")),
        carrier=parcels.save_carrier(Carrier(compound=at, name="申通")),
        waybill="SF142809166631",
        person=person,
    )
