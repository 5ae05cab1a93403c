"""A courier at the tablet that everybody uses, what they bring, and what their recipients see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from parcels import operations
from parcels.models import Parcel, ParcelQuestion
from tests.community import factories
from tests.parcels.lockers import Stand, stand
from tests.parcels.test_parcels import refused

pytestmark = pytest.mark.django_db
LABEL = {"waybill": "SF142809166631", "tail": "6120", "hint": "许"}


@pytest.fixture
def url(place: Stand) -> str:
    return f"/locker/{operations.tablet_of(place.bank)}/"


def test_a_scanned_code_signs_in_once_at_its_own_compound_and_not_for_long(place, url, monkeypatch):
    shown = operations.scan_code(place.courier)
    tablet = Client()
    assert tablet.post(url, {"code": shown})["Location"] == "/courier/"
    page = tablet.get("/courier/")
    assert page.context["bank"] == place.bank  # no bank to be chosen: this one
    assert f'data-rest="{url}"' in page.content.decode()
    assert tablet.session.get_expiry_age() <= 15 * 60
    again = Client().post(url, {"code": shown})
    assert again.status_code == 422
    elsewhere = stand()
    assert refused(operations.sign_in_by_scan, elsewhere.bank, shown) == "scan_over"
    other = operations.scan_code(place.courier)
    assert refused(operations.sign_in_by_scan, elsewhere.bank, other) == "scan_over"
    assert refused(operations.sign_in_by_scan, place.bank, other[:-1] + "!") == "scan_over"
    monkeypatch.setattr("parcels.operations.scanning_in.LIFE", timedelta(seconds=-1))
    assert refused(operations.sign_in_by_scan, place.bank, other) == "scan_over"


def test_finished_or_gone_away_nobody_is_signed_in_at_the_tablet(place, url):
    tablet = Client()
    tablet.post(url, {"code": operations.scan_code(place.courier)})
    assert tablet.post("/courier/locker/leave/")["Location"] == url
    assert tablet.get("/courier/")["Location"] == "/courier/sign-in/"
    tablet.post(url, {"code": operations.scan_code(place.courier)})
    tablet.get(url)  # back by itself, as after a while without a touch
    assert tablet.get("/courier/")["Location"] == "/courier/sign-in/"
    # By phone and code, from the tablet's own link.
    tablet.get(f"/courier/sign-in/?tablet={url.split('/')[2]}")
    tablet.post("/courier/sign-in/", {"phone": "13900001111"})
    code = operations.make_code(place.courier)
    tablet.post("/courier/sign-in/code/", {"code": code})
    assert tablet.get("/courier/").context["bank"] == place.bank
    assert tablet.post("/courier/sign-out/")["Location"] == url
    # On their own phone they choose another bank, and stay signed in.
    phone = Client()
    phone.force_login(place.courier.user)
    phone.post("/courier/locker/", {"bank": place.bank.pk})
    assert phone.get("/courier/tablet/").status_code == 200
    assert phone.post("/courier/locker/leave/")["Location"] == "/courier/"
    assert phone.get("/courier/").status_code == 200


def test_a_choice_for_letters_counts_for_letters_and_registered_mail_goes_to_the_desk(place):
    operations.choose(place.person, "desk", kind="letter")
    courier = Client()
    courier.force_login(place.courier.user)
    courier.post("/courier/locker/", {"bank": place.bank.pk})
    page = courier.post("/courier/", LABEL | {"kind": "letter"})
    assert 'name="size"' not in page.content.decode()
    put = LABEL | {"person": place.person.pk, "size": "small"}
    assert courier.post("/courier/put/", put | {"kind": "letter"}).status_code == 422
    assert courier.get("/courier/").context["given"]["kind"] == "letter"  # ready for the next
    page = courier.post("/courier/", LABEL | {"kind": "registered"})
    assert "签" in page.content.decode()
    courier.post("/courier/put/", put | {"kind": "registered", "desk": "1"})
    row = Parcel.objects.get()
    assert (row.kind, row.state) == ("registered", "desk")
    courier.post("/courier/put/", put | {"waybill": "SF142809166632", "kind": "parcel"})
    assert Parcel.objects.get(kind="parcel").state == "opening"


def test_who_wants_to_be_asked_for_letters_is_asked_for_those(place):
    operations.choose(place.person, "ask", kind="letter")
    courier = Client()
    courier.force_login(place.courier.user)
    courier.post("/courier/locker/", {"bank": place.bank.pk})
    ask = LABEL | {"person": place.person.pk, "kind": "letter", "ask": "1"}
    courier.post("/courier/put/", ask)
    row = ParcelQuestion.objects.get()
    operations.answer_question(row, "locker")
    page = courier.post(f"/courier/questions/{row.pk}/locker/")
    assert 'name="size"' in page.content.decode()
    given = LABEL | {"person": place.person.pk, "kind": "letter", "size": "small"}
    courier.post("/courier/put/", given)
    assert (Parcel.objects.get().kind, Parcel.objects.get().state) == ("letter", "opening")


def test_a_page_that_is_only_sent_leads_on_where_somebody_comes_by_a_link(place, url):
    courier = Client()
    courier.force_login(place.courier.user)
    assert courier.get("/courier/put/")["Location"] == "/courier/"
    assert courier.get(f"{url}act/")["Location"] == url


def test_a_resident_is_told_what_is_wrong_and_what_they_send_is_not_theirs_to_fetch(place):
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    resident = Client()
    resident.force_login(place.person.user)
    operations.change_bank(place.bank, rows=1)
    row = place.put_in(size="medium")
    page = resident.get(f"/home/parcels/{row.pk}/")
    assert page.context["column"] == 3
    place.behave(jam=[row.compartment.number])
    resident.post(f"/home/parcels/{row.pk}/open/")
    place.deliver(row)
    assert resident.get(f"/home/parcels/{row.pk}/state/").json()["state"] == "stored"
    assert resident.get(f"/home/parcels/{row.pk}/").context["parcel"].stayed_shut
    type(place.bank.device).objects.filter(pk=place.device_id).update(health="offline")
    answer = resident.post(f"/home/parcels/{row.pk}/open/")
    assert answer.status_code == 422
    assert "您的" in answer.context["errors"]["bank"]
    sent = operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill="SF55556666", kind="outgoing",
        person=place.person,
    )  # fmt: skip
    text = resident.get(f"/home/parcels/{sent.pk}/").content.decode()
    assert "顺丰" in text
    assert 'action="/home/parcels/' not in text  # nothing to be fetched or reported
