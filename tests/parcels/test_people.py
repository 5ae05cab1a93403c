"""Recipients merged or erased, couriers who are too fast, and what the API tells of parcels."""

import pytest
from django.test import Client

from community import events
from parcels import operations
from parcels.models import DeliveryChoice, Parcel
from parcels.operations import deposits
from residents.operations import add_person, erase_person, merge_people
from tests.community import factories
from tests.parcels.lockers import somebody

pytestmark = pytest.mark.django_db


def test_a_merged_file_takes_parcels_and_choices_along(place):
    twin = add_person(compound=place.compound, name="许青", phone="")
    operations.choose(twin, "door")
    operations.choose(twin, "desk", carrier=place.carrier)
    row = place.put_in()
    Parcel.objects.filter(pk=row.pk).update(person=twin)
    merge_people(place.person, twin)
    operations.follow_merge(twin.pk, place.person.pk)
    assert operations.follow_merge(twin.pk, place.person.pk) == 0
    row.refresh_from_db()
    assert row.person == place.person
    way = operations.way_for(place.person, place.carrier, "parcel")[0]
    assert way == "desk"  # said for this carrier by the other file; the kept one says nothing of it
    held = DeliveryChoice.objects.current().get(person=place.person, carrier=None)
    assert held.way == "locker"
    assert not DeliveryChoice.objects.filter(person=twin).exists()


def test_the_erased_are_named_by_no_parcel_that_ended(place):
    leaving = add_person(compound=place.compound, name="何平", phone="13800008830")
    operations.choose(leaving, "locker")
    signed = operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill="XA12345678", person=leaving
    )
    operations.hand_over(signed, signed_by="何平")
    here = place.put_in(person=leaving)
    assert erase_person(leaving).whole
    assert operations.forget_person(leaving.pk, whole=True) == 1
    signed.refresh_from_db()
    here.refresh_from_db()
    assert (signed.person, signed.signed_by, signed.state) == (None, "—", "collected")
    assert here.person_id == leaving.pk  # still theirs to fetch
    assert not DeliveryChoice.objects.filter(person=leaving).exists()


def test_both_events_reach_the_parcels():
    assert events.handler("residents.people_merged", "parcels.follow_merge")
    assert events.handler("residents.person_erased", "parcels.forget_person")


def test_an_account_that_stores_too_fast_has_to_ask_the_desk(place, monkeypatch):
    monkeypatch.setattr(deposits, "MOST_AN_HOUR", 2)
    place.put_in()
    place.put_in()
    with pytest.raises(Exception, match=r"within the hour|一小时") as refused:
        place.begin(size="medium")
    assert refused.value.error_dict["courier"][0].code == "courier_fast"


def test_two_people_with_one_phone_are_told_apart_by_name(place):
    mother = somebody(place.compound, place.unit, "许梅", "13800006120")
    operations.choose(mother, "locker")
    found = operations.find_recipients(place.courier, "6120", "许")
    assert {one.person for one in found} == {place.person, mother}
    only = operations.find_recipients(place.courier, "6120", "许梅")
    assert [one.person for one in only] == [mother]


def test_the_api_tells_the_desk_and_each_person_their_own(place):
    row = place.put_in("SF142809166631")
    other = somebody(place.compound, place.unit, "何平", "13800008830")
    operations.choose(other, "locker")
    place.put_in(person=other)
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    seen = {}
    for user in (place.clerk, place.person.user, place.courier.user):
        client = Client()
        client.force_login(user)
        seen[user.pk] = client.get("/api/v1/parcels/?here=true&page_size=1").json()
    desk, own, courier = seen.values()
    assert desk["next"]
    assert [one["waybill"] for one in own["results"]] == ["SF142809166631"]
    assert courier["results"] == []
    assert row.code not in str(own)
    client = Client()
    client.force_login(place.clerk)
    found = client.get("/api/v1/parcels/?waybill=6631").json()["results"]
    assert [one["id"] for one in found] == [row.pk]
