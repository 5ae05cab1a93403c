"""What the desk has to do with parcels, is offered, and what recipients then read."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from community.models import Notification
from community.verdicts import sentence
from parcels import operations
from parcels.models import Parcel
from tests.community import factories
from tests.parcels.lockers import Stand
from tests.residents.test_requests import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(place) -> Client:
    client = Client()
    client.force_login(place.clerk)
    return client


def at_desk(place: Stand, kind: str = "parcel", waybill: str = "XA12345678") -> Parcel:
    return operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill=waybill, kind=kind, person=place.person,
        unit=place.unit, actor=place.clerk,
    )  # fmt: skip


def offered(desk: Client, row: Parcel) -> set[str]:
    """The deeds on a parcel's own page, which are those of its menu in the list."""
    page = desk.get(reverse("admin:parcels_parcel_change", args=[row.pk])).content.decode()
    listed = desk.get(reverse("admin:parcels_parcel_changelist")).content.decode()
    deeds = re.findall(rf'href="/admin/parcels/parcel/{row.pk}/([a-z_-]+)/?"', page)
    menu = re.findall(rf'href="/admin/parcels/parcel/{row.pk}/([a-z_-]+)/?"', listed)
    assert set(deeds) - {"change"} == set(menu) - {"change"}
    return set(menu) - {"change"}


def message(kind: str, row: Parcel) -> str:
    with translation.override("en"):
        return sentence(f"parcels.{kind}", {"parcel": row.pk})


def test_a_parcel_is_offered_the_deeds_that_fit_where_it_lies(place, desk):
    row = place.put_in()
    assert offered(desk, row) == {"open", "found", "to_desk", "give_back"}
    assert offered(desk, at_desk(place)) == {"to_desk", "hand", "sign", "give_back"}
    signed = at_desk(place, "registered", "XA22222222")
    assert offered(desk, signed) == {"to_desk", "sign", "give_back"}
    sent = at_desk(place, "outgoing", "XA33333333")
    assert offered(desk, sent) == {"to_desk", "give_back"}
    assert offered(desk, operations.give_to_carrier(sent)) == set()


def test_the_first_page_counts_what_waits_for_the_desk(place, desk):
    operations.climb(timezone.now())
    place.put_in()
    operations.climb(timezone.now() + timedelta(hours=80))
    at_desk(place, "outgoing")
    at_desk(place, "letter", "XA44444444")
    first = desk.get(reverse("admin:index"), headers={"accept-language": "en"})
    stat = next(one for one in first.context["stats"] if "work=any" in one.url)
    assert (stat.number, stat.mark) == (2, "due")
    assert desk.get(stat.url).context["cl"].result_count == 2
    guard = Client()
    guard.force_login(factories.user("guard", at=place.compound))
    assert "work=any" not in guard.get(reverse("admin:index")).content.decode()


def test_each_rung_of_the_ladder_has_its_own_line_in_the_trail(place):
    row = place.put_in()
    for hours in (30, 49, 73):
        operations.climb(timezone.now() + timedelta(hours=hours))
    operations.move_to_desk(row, shelf=place.shelf)
    operations.climb(timezone.now() + timedelta(days=8))
    steps = list(row.steps.order_by("pk").values_list("what", flat=True))
    assert [one for one in steps if one in ("reminded", "asked", "to_move", "to_return")] == [
        "reminded", "asked", "to_move", "to_return",
    ]  # fmt: skip


def test_a_message_says_where_the_parcel_is_when_it_is_read(place):
    row = place.put_in()
    assert "Code" in message("arrived", row)
    operations.move_to_desk(row, shelf=place.shelf)
    for kind in ("arrived", "reminded", "asked", "at_desk"):
        assert "is at the desk (A1)" in message(kind, row)
    operations.give_to_carrier(row)
    for kind in ("arrived", "asked", "at_desk", "going_back"):
        assert "Given to the carrier on" in message(kind, row)
    assert "was given back" in message("returned", row)


def test_a_receipt_for_registered_mail_and_for_what_somebody_else_took(place):
    def told() -> list[str]:
        return list(Notification.objects.filter(kind="parcels.handed_over").values_list("pk"))

    operations.hand_over(at_desk(place), signed_by="许青")
    operations.hand_over(at_desk(place, waybill="XA22222222"))
    assert told() == []
    other = operations.hand_over(at_desk(place, waybill="XA33333333"), signed_by="王阿姨")
    assert "handed over to 王阿姨" in message("handed_over", other)
    letter = at_desk(place, "registered", "XA44444444")
    operations.hand_over(letter, signed_by="许青", signature=photo())
    assert len(told()) == 2


def test_who_sends_a_parcel_is_told_when_the_carrier_took_it(place):
    row = operations.give_to_carrier(at_desk(place, "outgoing"))
    kinds = Notification.objects.values_list("kind", flat=True)
    assert list(kinds) == ["parcels.sent"]
    assert "has taken along what you send" in message("sent", row)


def test_a_resident_reads_until_when_the_desk_keeps_it_and_who_signed(place):
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    resident = Client(headers={"accept-language": "en"})
    resident.force_login(place.person.user)
    row = at_desk(place, "registered")
    url = reverse("home-parcel", args=[row.pk])
    page = resident.get(url).content.decode()
    assert "free of charge until" in page
    assert "You sign for it there." in page
    assert "Registered mail" in resident.get(reverse("home-parcels")).content.decode()
    operations.climb(timezone.now() + timedelta(days=8))
    assert "its time is over" in resident.get(url).content.decode()
    operations.hand_over(row, signed_by="许青", signature=photo())
    assert "Handed over to 许青." in resident.get(url).content.decode()


def test_a_closed_courier_account_is_shown_as_such_and_offers_nothing(place, desk):
    url = reverse("admin:parcels_courier_change", args=[place.courier.pk])
    before = desk.get(url, headers={"accept-language": "en"}).content.decode()
    assert "139****1111" in before
    assert f"/{place.courier.pk}/end" in before
    operations.end_courier(place.courier, actor=place.clerk)
    after = desk.get(url, headers={"accept-language": "en"}).content.decode()
    assert "Closed" in after
    assert f"/{place.courier.pk}/end" not in after
    answer = desk.post(url, {"name": "Otherwise", "most_a_day": 5})
    place.courier.refresh_from_db()
    assert (answer.status_code, place.courier.most_a_day) == (403, 200)


def test_what_is_brought_home_is_marked_with_the_home(place, desk):
    place.person.needs = ["disability"]
    place.person.save(update_fields=["needs"])
    at_desk(place)
    url = reverse("admin:parcels_parcel_changelist") + "?work=home"
    listed = desk.get(url, headers={"accept-language": "en"}).content.decode()
    rows = listed[listed.index("<tbody") :]
    assert f"许青 {place.unit.code}" in rows
    assert "To be brought home" in rows


def test_a_courier_who_did_not_say_where_is_told_so_at_that_field(place):
    factories.compound("other")
    page = Client().post(reverse("courier-sign-in"), {"phone": "13900001111"}).content.decode()
    assert 'id="at-error"' in page
    assert 'id="phone-error"' not in page


def test_a_report_shows_its_picture_to_whoever_answers_it(place, desk):
    report = operations.report(at_desk(place), what="damaged", text="盒子压扁了", picture=photo())
    page = desk.get(reverse("admin:parcels_parcelreport_change", args=[report.pk]))
    picture = report.parcel.pictures.get()
    assert reverse("parcel-picture", args=[picture.pk]) in page.content.decode()


def test_a_courier_takes_three_pictures_at_most_which_the_recipient_sees(place):
    row = place.begin()
    courier = Client()
    courier.force_login(place.courier.user)
    courier.post(reverse("courier-bank"), {"bank": place.bank.pk})
    url = reverse("courier-act", args=[row.pk, "picture"])
    codes = []
    for _take in range(4):
        picture = SimpleUploadedFile("p.jpg", photo((320, 240)), "image/jpeg")
        codes.append(courier.post(url, {"picture": picture}).status_code)
    assert codes == [302, 302, 302, 422]
    assert courier.post(url).status_code == 422
    assert set(row.pictures.values_list("what", flat=True)) == {"courier"}
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    seen = reverse("parcel-picture", args=[row.pictures.first().pk])
    resident, stranger = Client(), Client()
    resident.force_login(place.person.user)
    stranger.force_login(factories.user("resident", at=place.compound))
    assert resident.get(seen).status_code == 200
    assert stranger.get(seen).status_code == 404
