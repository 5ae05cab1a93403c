"""Recipients who want to be asked each time: asked, answered or silent, and the courier gone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Notification
from parcels import operations
from parcels.models import KeepingRule, Parcel, ParcelQuestion
from tests.community import factories
from tests.parcels.lockers import somebody, stand
from tests.parcels.test_parcels import refused

pytestmark = pytest.mark.django_db
LABEL = {"waybill": "SF142809166631", "tail": "6120", "hint": "许"}


@pytest.fixture
def asked(place) -> tuple[Client, Client, ParcelQuestion]:
    """Courier and recipient at their pages, and the question that the courier just asked."""
    operations.choose(place.person, "ask")
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    clients = Client(), Client()
    for client, user in zip(clients, (place.courier.user, place.person.user), strict=True):
        client.force_login(user)
    clients[0].post("/courier/locker/", {"bank": place.bank.pk})
    text = clients[0].post("/courier/", LABEL).content.decode()
    assert 'name="ask"' in text
    assert 'name="size"' not in text
    answer = clients[0].post("/courier/put/", LABEL | {"person": place.person.pk, "ask": "1"})
    row = ParcelQuestion.objects.get()
    assert answer["Location"] == f"/courier/questions/{row.pk}/"
    return *clients, row


def page_of(row: ParcelQuestion) -> str:
    return reverse("home-parcel-question", args=[row.pk])


def test_the_answer_reaches_the_courier_and_opens_the_locker_for_this_waybill_alone(place, asked):
    courier, resident, row = asked
    assert Notification.objects.filter(kind="parcels.where").count() == 1
    state = f"/courier/questions/{row.pk}/state/"
    assert courier.get(state).json() == {"state": "waits", "way": ""}
    assert refused(place.begin, LABEL["waybill"]) == "no_consent"
    assert resident.get("/home/parcels/").context["asked"] == [row]
    assert courier.get("/courier/").context["asked"][0]["row"] == row
    url = page_of(row)
    assert resident.post(url, {"way": "ask"}).status_code == 422
    assert resident.post(url, {"way": "neighbour", "neighbour": "9-9"}).status_code == 422
    assert resident.post(url, {"way": "locker"}).status_code == 302
    assert courier.get(state).json() == {"state": "answered", "way": "locker"}
    page = courier.post(f"/courier/questions/{row.pk}/locker/")
    assert 'name="size"' in page.content.decode()
    put = LABEL | {"person": place.person.pk, "size": "small"}
    assert courier.post("/courier/put/", put).status_code == 200
    row.refresh_from_db()
    assert (row.settled, row.parcel) == ("locker", Parcel.objects.get())
    # Undone, the answer still stands; another waybill needs its own.
    operations.undo_deposit(Parcel.objects.get())
    assert place.begin(LABEL["waybill"]).state == "opening"
    assert refused(place.begin, "SF142809166699") == "no_consent"


def test_without_an_answer_the_compounds_rule_says_what_is_done(place, asked):
    courier, resident, row = asked
    ParcelQuestion.objects.update(until=timezone.now() - timedelta(seconds=1))
    url = f"/courier/questions/{row.pk}/"
    assert courier.get(f"{url}state/").json() == {"state": "silent", "way": "desk"}
    KeepingRule.objects.create(compound=place.compound, source="测试", unanswered="another_day")
    assert courier.get(f"{url}state/").json() == {"state": "silent", "way": ""}
    home = page_of(row)
    assert resident.post(home, {"way": "locker"}).status_code == 422
    assert courier.post(f"{url}done/").status_code == 422  # the door was not chosen
    assert courier.post(f"{url}gone/").status_code == 302
    row.refresh_from_db()
    assert (row.settled, Parcel.objects.count()) == ("gone", 0)


def test_the_courier_has_gone_and_the_answer_still_counts_at_the_desk(place, asked):
    courier, resident, row = asked
    courier.post(f"/courier/questions/{row.pk}/desk/")
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.bring_home) == ("desk", False)
    url = page_of(row)
    assert resident.get("/home/parcels/").context["asked"] == [row]
    assert resident.post(url, {"way": "locker"}).status_code == 422
    assert resident.post(url, {"way": "door"}).status_code == 302
    parcel.refresh_from_db()
    assert parcel.bring_home
    assert resident.get("/home/parcels/").context["asked"] == []


@pytest.mark.parametrize(("way", "more"), [("door", {}), ("neighbour", {"neighbour": "3-2-1202"})])
def test_brought_to_the_door_or_neighbour_as_answered(place, asked, way, more):
    courier, resident, row = asked
    resident.post(page_of(row), {"way": way} | more)
    assert courier.post(f"/courier/questions/{row.pk}/done/").status_code == 302
    row.refresh_from_db()
    assert (row.settled, row.settled_at is not None) == (way, True)
    assert courier.get("/courier/").context["asked"] == []


def test_questions_are_ones_own_and_asked_once(place, asked, monkeypatch):
    row = asked[2]
    again = operations.ask_recipient(place.courier, waybill=LABEL["waybill"], person=place.person)
    assert again == row
    other = somebody(place.compound, place.unit, "何平", "13800008830")
    ask = operations.ask_recipient
    assert refused(ask, place.courier, waybill="SF99887766", person=other) == "not_asked"
    monkeypatch.setattr("parcels.operations.asking.MOST_OPEN", 1)
    assert (
        refused(ask, place.courier, waybill="SF99887766", person=place.person) == "asks_too_often"
    )
    other.user = factories.user("resident", at=place.compound)
    other.save()
    stranger = Client()
    stranger.force_login(other.user)
    assert stranger.get(page_of(row)).status_code == 404
    stranger.force_login(stand().courier.user)
    assert stranger.get(f"/courier/questions/{row.pk}/").status_code == 404
    assert stranger.post(f"/courier/questions/{row.pk}/gone/").status_code == 404
