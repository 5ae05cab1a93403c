"""A page that waits for its door on the server, and what may happen to a deposit meanwhile."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from community import events
from community.devices.drivers import simulated_locker
from parcels import operations
from parcels.models import Parcel
from parcels.operations import deposits, waiting
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sleeps(monkeypatch):
    """What happens at the locker in each pause of a held request; none is slept."""
    script = []

    def pause(_seconds):
        step = script.pop(0) if script else None
        if step:
            step()

    monkeypatch.setattr(waiting.time, "sleep", pause)
    return script


def test_an_answer_comes_when_the_door_is_news_to_the_page(place, sleeps):
    row = place.begin()
    client = Client()
    client.force_login(place.courier.user)
    state = f"/courier/parcels/{row.pk}/state/"
    assert client.get(f"{state}?seen=0").json() == {"state": "opening", "seen_open": True}
    sleeps.extend([None, lambda: simulated_locker.shut(place.device_id, row.compartment.number)])
    told = client.get(f"{state}?seen=1").json()
    assert (told["state"], told["held_ms"]) == ("stored", 2000)
    assert client.get(f"{state}?seen=1").json() == {"state": "stored", "seen_open": True}


def test_a_held_question_ends_by_itself_and_sees_what_others_do(place, sleeps):
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    row = place.put_in()
    operations.take(row)
    client = Client()
    client.force_login(place.person.user)
    state = f"/home/parcels/{row.pk}/state/?seen=0"
    told = client.get(state).json()  # the order is still on its way: nothing is news
    assert (told["seen_open"], told["held_ms"]) == (False, 10_000)
    sleeps.append(lambda: place.deliver(row))
    assert client.get(state).json()["seen_open"]


def test_where_too_many_wait_a_page_is_told_at_once(place, sleeps, monkeypatch):
    row = place.begin()
    operations.look(row)
    monkeypatch.setattr(waiting, "_places", waiting.threading.BoundedSemaphore(1))
    with waiting._places:
        fresh = Parcel.objects.select_related("compartment__bank__device", "command")
        told = operations.state_as_shown(fresh.get(pk=row.pk), "1")
    assert told == {"state": "opening", "seen_open": True}


def test_an_open_door_counts_for_the_order_that_opened_it(place):
    row = place.begin()
    stale = Parcel.objects.select_related("compartment__bank__device", "command").get(pk=row.pk)
    operations.reopen(row)  # ordered once more, and not yet sent
    operations.take_door(stale, simulated_locker.BarrierState.OPEN)
    assert not Parcel.objects.get().seen_open
    place.deliver(row)
    operations.look(row)
    assert Parcel.objects.get().seen_open


def test_an_account_that_is_closed_in_the_middle_of_a_deposit_gets_no_door(place, monkeypatch):
    counted = deposits.check_courier

    def close_after(courier):
        counted(courier)
        operations.end_courier(place.courier)

    monkeypatch.setattr(deposits, "check_courier", close_after)
    with pytest.raises(ValidationError) as refused:
        place.reserve()
    assert refused.value.error_dict["courier"][0].code == "courier_ended"
    assert not Parcel.objects.exists()
    assert simulated_locker.openings(place.device_id) == []
    assert not events._open.depth
