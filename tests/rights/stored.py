"""One row of everything about parcels."""

from __future__ import annotations

from django.utils import timezone

from community.models import Compound
from parcels import operations
from parcels.models import Carrier, KeepingRule, ParcelPicture, Shelf
from residents.operations import add_person, request_pictures
from tests.residents.test_requests import photo


def stored(at: Compound) -> dict[str, int]:
    """The keys of the rows."""
    carrier = operations.save_carrier(Carrier(compound=at, name="顺丰"))
    courier = operations.add_courier(carrier=carrier, name="赵师傅", phone="13900001111")
    shelf = operations.save_shelf(Shelf(compound=at, name="A1"))
    person = add_person(compound=at, name="许青")
    choice = operations.choose(person, "desk")
    parcel = operations.receive_at_desk(
        shelf=shelf, carrier=carrier, waybill="SF14280916", person=person
    )
    report = operations.report(parcel, what="damaged")
    (kept,) = request_pictures.keep(at.pk, [photo((40, 30))])
    picture = ParcelPicture.objects.create(
        compound=at, parcel=parcel, what="courier", file=kept.file, seal=kept.seal,
        taken_at=timezone.now(),
    )  # fmt: skip
    asked = add_person(compound=at, name="何平")
    operations.choose(asked, "ask")
    question = operations.ask_recipient(courier, waybill="SF14280917", person=asked)
    rule = operations.save_rule(KeepingRule(compound=at, source="小区自定"))
    step = parcel.steps.latest("pk")
    rows = {
        "carriers": carrier, "couriers": courier, "shelves": shelf, "choices": choice,
        "parcels": parcel, "parcel_reports": report, "parcel_pictures": picture, "keeping": rule,
        "parcel_steps": step, "questions": question,
    }  # fmt: skip
    return {name: row.pk for name, row in rows.items() if row is not None}
