"""What goes wrong at a locker, through its pages: refused in words, and nothing changed by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from community.devices import operations as devices
from community.devices.drivers import simulated_locker
from community.models import Command
from parcels import operations
from parcels.models import Parcel
from tests.community.devices.locker_controller import Controller
from tests.contracts.lockers import MqttSubject, subject_of, wait_for
from tests.parcels.lockers import Stand, somebody
from tests.parcels.test_power_cuts import on
from tests.servers.process import Process, accepts

pytestmark = pytest.mark.django_db
LABEL = {"waybill": "SF142809166631", "tail": "6120", "hint": "许"}


@pytest.fixture
def courier(place: Stand) -> Client:
    return at_the_bank(place, place.courier)


def at_the_bank(place: Stand, account: Any) -> Client:
    client = Client()
    client.force_login(account.user)
    client.post("/courier/locker/", {"bank": place.bank.pk})
    return client


def test_the_same_waybill_twice(place, courier):
    put = LABEL | {"person": place.person.pk, "size": "small"}
    first, again = (courier.post("/courier/put/", put)["Content-Location"] for _time in range(2))
    assert first == again  # the button pressed twice
    row = Parcel.objects.get()
    place.shut(place.deliver(row))
    for url, given in (("/courier/", LABEL), ("/courier/put/", put)):
        answer = courier.post(url, given)
        assert answer.status_code == 422
        assert list(answer.context["errors"]) == ["waybill"]
        assert 'id="waybill-error"' in answer.content.decode()
    other = operations.add_courier(carrier=place.carrier, name="钱师傅", phone="13900002222")
    assert at_the_bank(place, other).post("/courier/put/", put).status_code == 422
    answer = courier.post("/courier/desk/", {"waybill": LABEL["waybill"], "label": "许青"})
    assert answer.status_code == 422
    assert Parcel.objects.count() == 1


def test_a_phone_of_nobody_is_told_and_trying_numbers_is_held_up(place, courier):
    answer = courier.post("/courier/", LABEL | {"tail": "0000"})
    assert (answer.status_code, list(answer.context["errors"])) == (422, ["hint"])
    assert "/courier/desk/" in answer.content.decode()
    for _guess in range(14):
        courier.post("/courier/", LABEL | {"tail": "0000"})
    answer = courier.post("/courier/", LABEL)  # right now, and too late
    assert (answer.status_code, list(answer.context["errors"])) == (422, ["page"])
    assert place.compound.events.filter(kind="parcels.courier_locked").count() == 1


def test_two_people_with_one_phone_are_chosen_between(place, courier):
    mother = somebody(place.compound, place.unit, "许梅", "13800006120")
    operations.choose(mother, "locker")
    page = courier.post("/courier/", LABEL)
    assert [one.person for one in page.context["people"]] == [place.person, mother]
    text = page.content.decode()
    assert ("许梅" in text, 'name="size"' in text) == (False, False)
    picked = courier.post("/courier/put/", LABEL | {"pick": "1", "person": mother.pk})
    assert 'name="size"' in picked.content.decode()
    courier.post("/courier/put/", LABEL | {"person": mother.pk, "size": "small"})
    assert Parcel.objects.get().person == mother


def test_a_code_of_another_bank_opens_nothing_and_counts_here_alone(place):
    device = place.bank.device
    twin = type(device).objects.create(
        compound=place.compound, name="B", kind=device.kind, driver=device.driver,
        settings=device.settings,
    )  # fmt: skip
    other = operations.add_bank(
        compound=place.compound, name="2 号快递柜", device=twin, sizes={"small": 1}
    )
    row = place.put_in()
    here, there = (f"/locker/{operations.tablet_of(bank)}/" for bank in (place.bank, other))
    for _guess in range(5):
        answer = Client().post(there, {"code": row.code})
        assert answer.status_code == 422
    assert "10" in answer.context["error"]  # minutes that this one now takes no codes
    row.refresh_from_db()
    assert (row.state, simulated_locker.openings(twin.pk)) == ("stored", [])
    assert Client().post(here, {"code": row.code}).status_code == 200
    row.refresh_from_db()
    assert row.state == "taking"


@pytest.mark.parametrize("mode", ["late", "twice", "noise", "other"])
def test_a_board_that_answers_oddly_loses_no_parcel_and_opens_no_second_door(place, settings, mode):
    settings.DEVICE_LOOPBACK = True
    with subject_of("8a_locked_short", None) as subject:
        on(place, subject)
        subject.make(mode)
        row = place.begin()
        subject.make("obey")
        row = operations.look(row)
        assert (row.state, row.seen_open) == ("opening", True)
        subject.shut(1)
        assert operations.look(row).state == "stored"
        row.refresh_from_db()
        devices.deliver(row.command_id)  # told twice
        assert subject.openings() == [1]


def test_a_broker_restarted_in_mid_command(
    place, settings, mqtt_process: tuple[int, Process]
) -> None:
    settings.DEVICE_LOOPBACK = True
    port, broker = mqtt_process
    with Controller(port, "restart/parcels", count=4) as bank:
        on(place, MqttSubject(bank))
        row = place.reserve()
        bank.mode, bank.delay_s = "drop", 0.0  # the order goes through, its answer does not
        place.deliver(row)
        broker.kill()
        row.refresh_from_db()
        assert row.command.state == Command.State.UNKNOWN
        assert operations.look(row).state == "opening"  # no line: nobody is told anything
        assert not operations.look(row).seen_open
        broker.start_again()
        broker.wait_until(lambda: accepts(port))
        bank.mode = "obey"
        wait_for(lambda: operations.look(row).seen_open)
        bank.shut(1)
        wait_for(lambda: operations.look(row).state == "stored")
        assert bank.opened == [(row.command_id, 1)]


def test_one_account_takes_no_whole_bank_out_of_use(place, courier, monkeypatch):
    monkeypatch.setattr("parcels.operations.deposits.MOST_STUCK", 2)
    courier.post("/courier/put/", LABEL | {"person": place.person.pk, "size": "small"})
    row = Parcel.objects.get()
    stuck = f"/courier/parcels/{row.pk}/stuck/"
    assert [courier.post(stuck).status_code for _door in range(3)] == [302, 302, 422]
    assert place.bank.compartments.filter(is_faulty=True).count() == 2
    assert courier.post(f"/courier/parcels/{row.pk}/larger/").status_code == 302  # works on


def test_a_stolen_account_is_out_everywhere_at_once(place, courier):
    row = place.begin()
    shown = operations.scan_code(place.courier)
    tablet = Client()
    tablet.post(f"/locker/{operations.tablet_of(place.bank)}/", {"code": shown})
    assert tablet.get("/courier/").status_code == 200
    later = operations.scan_code(place.courier)
    code = operations.make_code(place.courier)
    operations.end_courier(place.courier)
    for client in (courier, tablet):
        assert client.get("/courier/")["Location"] == "/courier/sign-in/"
        assert client.get(f"/courier/parcels/{row.pk}/state/").status_code == 403
        put = LABEL | {"person": place.person.pk, "size": "small"}
        assert client.post("/courier/put/", put)["Location"] == "/courier/sign-in/"
    assert operations.sign_in(place.compound, "13900001111", code) is None
    url = f"/locker/{operations.tablet_of(place.bank)}/"
    assert Client().post(url, {"code": later}).status_code == 422
    assert Parcel.objects.count() == 1
