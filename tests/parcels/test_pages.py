"""Couriers, recipients and the tablet at their pages: whom they let in, and what they refuse."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.devices.drivers import simulated_locker
from parcels import operations
from parcels.models import Courier, Parcel
from tests.community import factories
from tests.parcels.lockers import somebody, stand

pytestmark = pytest.mark.django_db
LABEL = {"waybill": "SF142809166631", "tail": "6120", "hint": "许"}


@pytest.fixture
def courier(place) -> Client:
    client = Client()
    client.force_login(place.courier.user)
    client.post("/courier/locker/", {"bank": place.bank.pk})
    return client


@pytest.fixture
def resident(place) -> Client:
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    client = Client()
    client.force_login(place.person.user)
    return client


def put_in(place, courier):
    answer = courier.post("/courier/put/", LABEL | {"person": place.person.pk, "size": "small"})
    row = Parcel.objects.get()
    # The page of the door at once; read anew it has an address of its own, in either language.
    own = f"/courier/parcels/{row.pk}/"
    assert (answer.status_code, answer["Content-Location"]) == (200, own)
    assert f'data-door="{own}state/"' in answer.content.decode()
    assert f'name="next" value="{own}"' in answer.content.decode()
    place.deliver(row)
    return row


def test_a_courier_puts_a_parcel_in_by_three_steps(place, courier):
    answer = courier.post("/courier/", LABEL)
    text = answer.content.decode()
    assert "许*" in text
    assert "138****6120" in text
    assert "许青" not in text
    assert "13800006120" not in text
    row = put_in(place, courier)
    state = f"/courier/parcels/{row.pk}/state/"
    assert courier.get(state).json() == {"state": "opening", "seen_open": True}
    simulated_locker.shut(place.device_id, 1)
    assert courier.get(state).json()["state"] == "stored"
    answer = courier.get("/courier/")
    assert answer.context["count"] == 1
    assert row.waybill not in answer.content.decode()


def test_what_a_courier_typed_wrong_stands_under_its_field(place, courier):
    for given, field in (
        ({"waybill": "1"}, "waybill"),
        ({"tail": "61"}, "tail"),
        ({"hint": "王"}, "hint"),
    ):
        answer = courier.post("/courier/", LABEL | given)
        assert answer.status_code == 422
        assert list(answer.context["errors"]) == [field]
    assert not Parcel.objects.exists()


def test_an_id_of_somebody_else_opens_nothing(place, courier):
    other = somebody(place.compound, place.unit, "何平", "13800008830")
    operations.choose(other, "locker")
    answer = courier.post("/courier/put/", LABEL | {"person": other.pk, "size": "small"})
    assert answer.status_code == 422
    assert not Parcel.objects.exists()


def test_without_consent_the_screen_says_so_and_offers_the_desk(place, courier):
    operations.choose(place.person, "neighbour", neighbour="3-2-1202")
    text = courier.post("/courier/", LABEL).content.decode()
    assert "3-2-1202" in text
    assert 'name="size"' not in text
    courier.post("/courier/put/", LABEL | {"person": place.person.pk, "desk": "1"})
    assert Parcel.objects.get().state == "desk"


def test_whoever_is_not_on_file_goes_to_the_desk(place, courier):
    answer = courier.post(
        "/courier/desk/", {"waybill": "SF00001111", "label": "王小明 139****2222"}
    )
    row = Parcel.objects.get()
    assert answer["Location"] == f"/courier/parcels/{row.pk}/"
    assert (row.state, row.person, row.label) == ("desk", None, "王小明 139****2222")


def test_a_closed_account_is_out_at_once_and_sees_no_other_couriers_parcels(place, courier):
    row = put_in(place, courier)
    other = operations.add_courier(carrier=place.carrier, name="钱师傅", phone="13900002222")
    client = Client()
    client.force_login(other.user)
    assert client.get(f"/courier/parcels/{row.pk}/").status_code == 404
    operations.end_courier(Courier.objects.get(pk=place.courier.pk))
    assert courier.get("/courier/")["Location"] == "/courier/sign-in/"


def test_a_courier_signs_in_by_phone_and_code(place):
    client = Client()
    assert client.post("/courier/sign-in/", {"phone": "13900001111"}).status_code == 302
    unknown = Client().post("/courier/sign-in/", {"phone": "13900009999"})
    assert unknown.status_code == 302  # nothing is said of whose number it is
    code = operations.make_code(place.courier)
    wrong = "111111" if code != "111111" else "222222"
    assert client.post("/courier/sign-in/code/", {"code": wrong}).status_code == 422
    assert client.post("/courier/sign-in/code/", {"code": code})["Location"] == "/courier/"


def test_the_tablet_opens_with_the_code_and_then_what_else_waits(place):
    first, second = place.put_in(), place.put_in()
    url = f"/locker/{operations.tablet_of(place.bank)}/"
    client = Client()
    wrong = client.post(url, {"code": "000000" if first.code != "000000" else "111111"})
    assert wrong.status_code == 422
    answer = client.post(url, {"code": first.code})
    assert answer.context["next_one"].pk == second.pk
    ticket = answer.context["ticket"]
    place.deliver(first)
    simulated_locker.shut(place.device_id, first.compartment.number)
    answer = client.post(f"{url}act/", {"ticket": ticket, "deed": "next"})
    second.refresh_from_db()
    assert second.state == "taking"
    assert client.post(f"{url}act/", {"ticket": "x", "deed": "next"}).status_code == 422
    assert Client().get("/locker/guessed/").status_code == 404


def test_who_was_named_sees_nothing_else_that_waits(place):
    row = place.put_in()
    place.put_in()
    proxy = operations.let_fetch(row, name="王阿姨")
    url = f"/locker/{operations.tablet_of(place.bank)}/"
    answer = Client().post(url, {"code": proxy.code})
    assert answer.context["next_one"] is None
    given = {"ticket": answer.context["ticket"], "deed": "next"}
    Client().post(f"{url}act/", given)
    assert Parcel.objects.filter(state="taking").count() == 1


def test_a_resident_fetches_with_the_phone(place, resident):
    row = place.put_in()
    page = resident.get(f"/home/parcels/{row.pk}/").content.decode()
    assert f"{row.code[:3]} {row.code[3:]}" in page
    assert resident.get("/home/parcels/").context["waiting"][0].row.pk == row.pk
    assert resident.get(reverse("home-card-parcels")).context["count"] == 1
    assert f'data-qr="K1:{row.secret}"' in page  # drawn by the phone
    opened = resident.post(f"/home/parcels/{row.pk}/open/")
    assert opened["Content-Location"] == f"/home/parcels/{row.pk}/"
    assert f'data-door="/home/parcels/{row.pk}/state/"' in opened.content.decode()
    place.deliver(row)
    assert resident.get(f"/home/parcels/{row.pk}/state/").json()["seen_open"]
    simulated_locker.shut(place.device_id, 1)
    assert resident.get(f"/home/parcels/{row.pk}/state/").json()["state"] == "collected"
    assert resident.get(f"/home/parcels/{row.pk}/").status_code == 200


def test_a_resident_names_somebody_waits_a_day_and_reports(place, resident):
    row = place.put_in()
    url = f"/home/parcels/{row.pk}/"
    assert resident.post(f"{url}proxy/", {"name": ""}).status_code == 422
    assert resident.post(f"{url}proxy/", {"name": "王阿姨"}).status_code == 302
    assert "王阿姨" in resident.get(url).content.decode()
    assert resident.post(f"{url}later/").status_code == 302
    assert resident.post(f"{url}later/").status_code == 422
    assert resident.post(f"{url}report/", {"what": "x"}).status_code == 422
    assert resident.post(f"{url}report/", {"what": "wrong"}).status_code == 302
    assert row.reports.get().what == "wrong"


def test_a_resident_chooses_where_and_takes_it_back(place, resident):
    url = reverse("home-parcel-ways")
    assert resident.post(url, {"way": "neighbour", "neighbour": "9-9-9"}).status_code == 422
    assert resident.post(url, {"way": "locker", "kind": "registered"}).status_code == 422
    resident.post(url, {"way": "door", "carrier": place.carrier.pk})
    assert operations.way_for(place.person, place.carrier, "parcel")[0] == "door"
    resident.post(url, {"way": "", "carrier": place.carrier.pk})
    assert operations.way_for(place.person, place.carrier, "parcel")[0] == "locker"


def test_another_persons_parcel_is_not_there(place, resident):
    other = somebody(place.compound, place.unit, "何平", "13800008830")
    operations.choose(other, "locker")
    row = place.put_in(person=other)
    assert resident.get(f"/home/parcels/{row.pk}/").status_code == 404
    assert resident.post(f"/home/parcels/{row.pk}/open/").status_code == 404
    assert resident.get(f"/home/parcels/{row.pk}/state/").status_code == 404
    too_large = 2**63
    assert resident.get(f"/home/parcels/{too_large}/").status_code == 404
    elsewhere = Client()
    elsewhere.force_login(stand().courier.user)
    assert elsewhere.get(f"/courier/parcels/{row.pk}/").status_code == 404


def test_the_download_of_ones_data_has_the_parcels(place, resident):
    place.put_in("SF142809166631")
    from parcels.my_data import sections

    parcels, chosen = sections(place.person.user, place.person)
    assert [fact.value for fact in parcels.rows[0]][:3] == ["顺丰", "SF142809166631", "stored"]
    assert chosen.rows[0][1].value == "locker"


def test_the_desk_hands_registered_mail_over_on_its_page(place):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.residents.test_requests import photo

    row = operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill="XA12345678", kind="registered",
        person=place.person,
    )  # fmt: skip
    client = Client()
    client.force_login(place.clerk)
    url = f"/desk/parcels/{row.pk}/hand-over/"
    assert client.post(url, {"signed_by": "许青"}).status_code == 422
    drawn = {"signed_by": "许青", "signature": SimpleUploadedFile("s.jpg", photo((200, 80)))}
    assert client.post(url, drawn).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.signed_by) == ("collected", "许青")
    picture = row.pictures.get()
    assert client.get(f"/parcels/pictures/{picture.pk}/").status_code == 200
    assert timezone.now() >= row.ended_at
