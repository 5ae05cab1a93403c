"""The pages of the set-up: doors, bad input in words, two people at once."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Compound, Device, Lane, Unit
from security.setup import operations
from security.setup.operations import DevicePlan
from security.setup.urls import urlpatterns
from tests.community import factories

pytestmark = pytest.mark.django_db
HOMES = {"buildings": "1-2", "entrances": 1, "first_floor": 1, "floors": 6, "homes": 2}
RELAY = {"driver": "http_relay", "method": "GET", "auth": "none", "name": "道闸"}


@pytest.fixture
def lane() -> Lane:
    at = factories.compound("梧桐苑")
    return factories.lane(at, camera=None, barrier=None, name="入口")


def signed_in(role: str, at: Compound) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user(role, at=at))
    return client


def addresses(lane: Lane) -> list[str]:
    """Every page that opens with a GET."""
    values = {"key": lane.pk}
    plain = [
        each
        for each in urlpatterns
        if not re.search("try|look|said|token|number|fire|device", str(each))
    ]
    needs = {each.name: values for each in plain if "key" in str(each.pattern)}
    return [reverse(each.name, kwargs=needs.get(each.name)) for each in plain]


def test_each_page_opens_for_a_manager_in_few_queries(lane: Lane) -> None:
    client = signed_in("manager", lane.compound)
    operations.add_camera(
        factories.user("manager", at=lane.compound), lane, DevicePlan("c", "browser", {}, {})
    )
    for address in addresses(lane):
        if address == reverse("setup-new"):
            continue
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address)
        moved = address.endswith(("/test/", "/push/"))
        assert answer.status_code == (302 if moved else 200), address
        assert len(asked) <= 20, address


@pytest.mark.parametrize("role", ["guard", "desk", "cashier", "resident", "courier"])
def test_no_page_opens_for_others(role: str, lane: Lane) -> None:
    client = signed_in(role, lane.compound)
    assert {client.get(address).status_code for address in addresses(lane)} == {403}


def test_signed_out_one_is_led_to_the_sign_in(lane: Lane, client: Client) -> None:
    for address in addresses(lane):
        assert "/sign-in/" in client.get(address).headers["Location"]


def test_a_lane_of_another_compound_does_not_exist(lane: Lane) -> None:
    client = signed_in("manager", factories.compound())
    for address in addresses(lane):
        if str(lane.pk) in address:
            assert client.get(address).status_code == 404, address
    looked = client.post(reverse("setup-look", args=[lane.pk, "region"]))
    assert looked.status_code == 404


@pytest.mark.parametrize(
    ("driver", "address", "said"),
    [
        ("rtsp", "file:///etc/passwd", "cannot have this address"),
        ("rtsp", "http://169.254.169.254/latest", "cannot have this address"),
        ("rtsp", "rtsp://169.254.169.254/latest", "cannot have this address"),
        ("rtsp", "rtsp://[fd00:ec2::254]/1", "cannot have this address"),
        ("rtsp", "rtsp://127.0.0.1:554/1", "cannot have this address"),
        ("rtsp", "rtsp://localhost/1", "cannot have this address"),
        ("video", "/etc/passwd", "Only films and pictures below"),
        ("folder", "../keys", "Only films and pictures below"),
        ("rtsp", "", "Enter where the pictures come from"),
    ],
)
def test_where_no_camera_is_is_said_in_words(lane, driver: str, address: str, said: str) -> None:
    client = signed_in("installer", lane.compound)
    values = {"driver": driver, "address": address, "name": "c"}
    saved = client.post(reverse("setup-camera", args=[lane.pk]), values)
    tried = client.post(reverse("setup-try-camera", args=[lane.pk]), values)
    assert saved.status_code == 422
    assert said in saved.content.decode()
    assert said in tried.content.decode()
    lane.refresh_from_db()
    assert lane.camera is None


def test_a_password_in_the_address_goes_to_the_secrets(lane: Lane, settings) -> None:
    settings.DEVICE_LOOPBACK = True
    client = signed_in("installer", lane.compound)
    address = "rtsp://admin:p%40ss@127.0.0.1:8554/stream1?channel=1"
    values = {"driver": "rtsp", "address": address, "name": "c"}
    assert client.post(reverse("setup-camera", args=[lane.pk]), values).status_code == 302
    device = Device.objects.get(driver="rtsp")
    assert device.settings == {"url": "rtsp://127.0.0.1:8554/stream1?channel=1"}
    assert device.credentials == {"username": "admin", "password": "p@ss"}
    page = client.get(reverse("setup-camera", args=[lane.pk])).content.decode()
    assert "p@ss" not in page
    assert "p%40ss" not in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"open_url": ""}, "Enter the address that opens"),
        ({"open_url": "ftp://192.168.1.70/{pulse_s}"}, "This is no address"),
        ({"open_url": "http://[::ffff:127.0.0.1]/{pulse_s}"}, "is not allowed"),
        ({"open_url": "http://192.168.1.70/on"}, "holds no pulse"),
        ({"open_url": "http://192.168.1.70/{pulse_s}", "auth": "digest"}, "needs this address"),
        (
            {"open_url": "http://192.168.1.70/{pulse_s}", "status_url": "http://169.254.169.254/"},
            "is not allowed",
        ),
    ],
)
def test_a_relay_that_makes_no_sense_is_refused(lane: Lane, fields: dict, said: str) -> None:
    client = signed_in("installer", lane.compound)
    answer = client.post(reverse("setup-barrier", args=[lane.pk]), RELAY | fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    lane.refresh_from_db()
    assert lane.barrier is None


@pytest.mark.parametrize("typed", ["abc", "120", "-5", "", "1e400", "nan"])
def test_a_region_typed_wrong_keeps_what_was_typed(lane: Lane, typed: str) -> None:
    operations.add_camera(
        factories.user("manager", at=lane.compound), lane, DevicePlan("c", "browser", {}, {})
    )
    client = signed_in("installer", lane.compound)
    values = {"x": typed, "y": "10", "w": "50", "h": "50"}
    answer = client.post(reverse("setup-region", args=[lane.pk]), values)
    assert answer.status_code == 422
    assert f'name="x" value="{typed}"' in answer.content.decode()


def test_a_preview_makes_nothing(lane: Lane) -> None:
    client = signed_in("manager", lane.compound)
    page = client.post(reverse("setup-homes"), HOMES | {"deed": "preview"}).content.decode()
    assert "24 homes" in page
    assert "2-1-602" in page
    assert not Unit.objects.exists()
    client.post(reverse("setup-homes"), HOMES | {"deed": "make"})
    assert Unit.objects.count() == 24


@pytest.mark.django_db(transaction=True)
def test_two_people_setting_up_at_once_make_nothing_twice(lane: Lane) -> None:
    clients = [signed_in("manager", lane.compound), signed_in("manager", lane.compound)]
    barrier = RELAY | {"driver": "simulated"}
    gate = {
        "gate": "北门", "kind": "vehicle", "name": "北门入口", "direction": "entry",
        "crossing": "assumed", "crossing_after_s": 12,
    }  # fmt: skip
    codes: list[int] = []

    def work(client: Client) -> None:
        codes.append(client.post(reverse("setup-homes"), HOMES | {"deed": "make"}).status_code)
        codes.append(client.post(reverse("setup-gates"), gate).status_code)
        codes.append(client.post(reverse("setup-barrier", args=[lane.pk]), barrier).status_code)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [302] * 6
    assert Unit.objects.count() == 24
    assert Lane.objects.filter(name="北门入口").count() == 1
    lane.refresh_from_db()
    assert Device.objects.filter(name="道闸").get() == lane.barrier


def test_the_office_says_what_is_left_until_nothing_is(lane: Lane) -> None:
    page = signed_in("manager", lane.compound).get(reverse("admin:index")).content.decode()
    assert "There is still something to set up" in page
    assert reverse("setup-homes") in page
    desk = signed_in("desk", lane.compound).get(reverse("admin:index")).content.decode()
    assert "There is still something to set up" not in desk
