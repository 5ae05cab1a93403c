"""A bank is set up in the office: driver, settings, sizes, and a compartment opened as a test."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from community.devices import operations as devices
from community.devices.drivers import simulated_locker
from community.models import Command, Device
from parcels import operations
from parcels.models import Compartment, LockerBank
from tests.community import factories
from tests.community.devices.lock_board import LockBoards
from tests.parcels.lockers import Stand

pytestmark = pytest.mark.django_db
BOARDS = {
    "driver": "lock_board_8a", "host": "192.168.1.50", "port": "4001", "boards": "1， 2",
    "locks_per_board": "24", "feedback": "open_short", "whole_board": "", "answers_open": "on",
    "answer_ms": "800",
}  # fmt: skip


@pytest.fixture
def office(client: Any, place: Stand) -> Any:
    client.force_login(factories.user("installer", at=place.compound))
    return client


def url(name: str, place: Stand, *more: Any) -> str:
    return reverse(f"locker-{name}", args=[place.bank.pk, *more])


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422
    return sorted(answer.context["form"].errors)


def asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no such network in a test: what the bank would say is not the question here."""
    monkeypatch.setattr(operations, "watch", lambda _bank: 0)


def test_boards_are_connected_and_their_driver_reads_what_was_typed(office, place, monkeypatch):
    asked_nothing(monkeypatch)
    assert office.post(url("connect", place), BOARDS).status_code == 302
    device = Device.objects.get(pk=place.device_id)
    assert (device.driver, device.settings) == (
        "lock_board_8a",
        {
            "host": "192.168.1.50", "port": 4001, "boards": [1, 2], "locks_per_board": 24,
            "feedback": "open_short", "answers_open": True, "answer_ms": 800,
        },
    )  # fmt: skip
    again = office.get(url("connect", place)).content.decode()
    assert 'value="1, 2"' in again
    assert office.get(url("bank", place)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"host": ""}, ["host"]),
        ({"host": "127.0.0.1"}, ["host"]),
        ({"host": "169.254.169.254"}, ["host"]),
        ({"port": "70000"}, ["port"]),
        ({"boards": "1, 1"}, ["boards"]),
        ({"boards": "0"}, ["boards"]),
        ({"boards": "one"}, ["boards"]),
        ({"boards": "1", "locks_per_board": "2"}, ["boards"]),
        ({"locks_per_board": "65"}, ["locks_per_board"]),
        ({"feedback": ""}, ["feedback"]),
        ({"answer_ms": "9"}, ["answer_ms"]),
        ({"driver": "http_relay"}, ["driver"]),
        ({"driver": "mqtt_locker", "topics": ""}, ["topics"]),
        ({"driver": "mqtt_locker", "topics": "lockers/#"}, ["driver"]),
    ],
)
def test_what_cannot_work_is_told_at_its_field_and_changes_nothing(office, place, changed, fields):
    assert faults(office.post(url("connect", place), BOARDS | changed)) == fields
    assert Device.objects.get(pk=place.device_id).driver == "simulated_locker"


def test_a_brokers_password_is_kept_for_its_address_only_and_never_shown(
    office, place, monkeypatch
):
    asked_nothing(monkeypatch)
    given = {
        "driver": "mqtt_locker", "host": "192.168.1.9", "port": "1883", "topics": "lockers/south",
        "username": "linli", "password": "s3cret-word", "answer_ms": "nonsense",
    }  # fmt: skip
    office.post(url("connect", place), given)
    assert Device.objects.get().credentials == {"username": "linli", "password": "s3cret-word"}
    assert "s3cret-word" not in office.get(url("connect", place)).content.decode()
    office.post(url("connect", place), given | {"password": ""})
    assert Device.objects.get().credentials["password"] == "s3cret-word"
    office.post(url("connect", place), given | {"password": "", "host": "192.168.1.10"})
    assert Device.objects.get().credentials == {"username": "linli"}


def test_a_bank_without_a_device_gets_one(office, place, monkeypatch):
    asked_nothing(monkeypatch)
    bank = operations.add_bank(compound=place.compound, name="北门柜", sizes={"small": 4})
    page = office.get(reverse("locker-bank", args=[bank.pk]))
    assert page.status_code == 200
    office.post(reverse("locker-connect", args=[bank.pk]), BOARDS)
    bank.refresh_from_db()
    assert (bank.device.name, bank.device.kind) == ("北门柜", "locker_bank")


def test_sizes_by_ranges_grow_shrink_and_keep_what_has_a_history(office, place):
    place.put_in()
    given = {"small": "1-2, 5", "medium": "", "large": "3，4"}
    assert office.post(url("sizes", place), given).status_code == 302
    assert sizes(place) == {1: "small", 2: "small", 3: "large", 4: "large", 5: "small"}
    office.post(url("sizes", place), {"small": "1", "medium": "2", "large": ""})
    assert sizes(place) == {1: "small", 2: "medium"}
    assert faults(office.post(url("sizes", place), {"small": "2"})) == ["small"]
    for wrong in ("5-1", "0", "1-999", "a", "", "1-2, 2"):
        assert office.post(url("sizes", place), {"small": wrong}).status_code == 422
    assert sizes(place) == {1: "small", 2: "medium"}


def sizes(place: Stand) -> dict[int, str]:
    return dict(Compartment.objects.filter(bank=place.bank).values_list("number", "size"))


def test_a_compartment_is_opened_once_as_a_test_by_somebody_who_stands_there(office, place):
    page = office.get(url("bank", place)).content.decode()
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    refused = office.post(url("test", place), {"key": key, "number": "2"})
    assert (refused.status_code, Command.objects.count()) == (422, 0)
    for _twice in range(2):
        answer = office.post(url("test", place), {"key": key, "number": "2", "clear": "on"})
    order = Command.objects.get()
    assert answer.url == url("tested", place, order.pk)
    devices.deliver(order.pk)
    assert simulated_locker.openings(place.device_id) == [(order.pk, 2)]
    said = office.get(answer.url, headers={"HX-Request": "true"}).context
    assert (said["mark"], said["door"], said["live"]) == ("allow", "open", True)
    simulated_locker.shut(place.device_id, 2)
    said = office.get(answer.url).context
    assert (said["door"], said["live"]) == ("closed", False)
    # Opened as a test it is nobody's crime.
    operations.watch(place.bank)
    assert set(place.bank.compartments.values_list("alarm", flat=True)) == {""}


def test_nobodys_parcel_is_opened_as_a_test(office, place):
    place.put_in()
    answer = office.post(url("test", place), {"key": "k", "number": "1", "clear": "on"})
    assert answer.status_code == 422
    assert not Command.objects.filter(key__startswith="bank-test").exists()
    for number in ("0", "99", "x", ""):
        given = {"key": "k", "number": number, "clear": "on"}
        assert office.post(url("test", place), given).status_code == 422


def test_the_page_says_what_is_wrong_and_what_to_do(office, place, settings):
    settings.DEVICE_LOOPBACK = True
    with LockBoards() as boards:
        given = BOARDS | {"host": "127.0.0.1", "port": str(boards.port), "answer_ms": "150"}
        given["feedback"] = "locked_short"
        boards.dark.add(2)
        assert office.post(url("connect", place), given).status_code == 302
        page = office.get(url("bank", place)).content.decode()
        assert "锁控板没有应答" in page
        boards.dark.clear()
        boards.standing.add((1, 3))
        office.post(url("ask", place))
        context = office.get(url("bank", place)).context
        assert [(row.number, row.alarm) for row in context["troubles"]] == [(3, "forced")]


def test_feedback_of_the_wrong_kind_is_one_fault_and_not_an_alarm_for_each_door(
    office, place, settings
):
    settings.DEVICE_LOOPBACK = True
    with LockBoards() as boards:
        given = BOARDS | {"host": "127.0.0.1", "port": str(boards.port), "answer_ms": "150"}
        office.post(url("connect", place), given)
        page = office.get(url("bank", place))
    assert "换另一种反馈线接法" in page.content.decode()
    assert page.context["troubles"] == []


def test_refused_for_whoever_may_not(client, place):
    for role in ("desk", "guard", "resident"):
        client.force_login(factories.user(role, at=place.compound))
        assert client.get(url("bank", place)).status_code == 404
    client.force_login(factories.user("manager", at=factories.compound()))
    for name in ("bank", "connect", "sizes"):
        assert client.get(url(name, place)).status_code == 404


def test_settings_that_only_the_driver_refuses_are_refused(place):
    with pytest.raises(ValidationError):
        operations.connect_bank(place.bank, driver="lock_board_8a", settings={"host": "x"})
    assert LockerBank.objects.get().device.driver == "simulated_locker"
