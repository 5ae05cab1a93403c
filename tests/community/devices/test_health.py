"""How devices are: told when it changes, asked side by side, not asked into a locked account."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices import operations, simulated
from community.devices.base import Health
from community.devices.operations import couriers, health
from community.devices.simulated import Simulated
from community.models import Compound, Device, Event
from tests.community import factories
from tests.community.devices.relay import Relay
from tests.community.devices.test_commands import wait_for_threads


@pytest.fixture
def compound(db: None) -> Compound:
    return factories.compound()


@pytest.fixture(autouse=True)
def _no_account_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_refused", {})


def events_of(device: Device) -> list[tuple[str, str | None]]:
    rows = Event.objects.filter(payload__device=device.pk).order_by("sequence")
    return [(row.kind.removeprefix("device."), row.payload.get("code")) for row in rows]


def test_a_change_is_told_once(barrier: Device) -> None:
    for word in [
        Health("online"),
        Health("online"),
        Health("offline", "unreachable"),
        Health("offline", "unreachable"),
        Health("faulty", "jammed"),
        Health("online"),
    ]:
        operations.record_health(barrier.pk, word)
    assert events_of(barrier) == [
        ("came_online", None),
        ("went_offline", "unreachable"),
        ("faulty", "jammed"),
        ("came_online", None),
    ]


def test_since_and_last_seen_are_kept(barrier: Device) -> None:
    operations.record_health(barrier.pk, Health("online"))
    barrier.refresh_from_db()
    seen = barrier.last_seen_at
    operations.record_health(barrier.pk, Health("offline", "unreachable"))
    barrier.refresh_from_db()
    assert barrier.last_seen_at == seen
    assert barrier.health_since >= seen
    assert (barrier.health, barrier.health_code) == ("offline", "unreachable")


def test_an_unchanged_device_is_seen_once_a_minute(barrier: Device) -> None:
    operations.record_health(barrier.pk, Health("online"))
    long_ago = timezone.now() - timedelta(minutes=2)
    Device.objects.filter(pk=barrier.pk).update(last_seen_at=long_ago)
    operations.record_health(barrier.pk, Health("online"))
    barrier.refresh_from_db()
    assert barrier.last_seen_at > long_ago
    assert len(events_of(barrier)) == 1


def test_a_code_that_the_ledger_would_refuse_is_made_one(barrier: Device) -> None:
    operations.record_health(barrier.pk, Health("faulty", " <b>Motor\n kaputt!</b> " * 9))
    ((_, code),) = events_of(barrier)
    assert code is not None
    assert code.startswith("b_motor_kaputt_b")
    assert len(code) <= 64


def test_every_barrier_and_door_in_use_is_asked(compound: Compound, barrier: Device) -> None:
    door = factories.device(compound, "door", "simulated")
    factories.device(compound, "camera", "folder")
    factories.device(compound, "barrier", "simulated", is_active=False)
    simulated.behave(door.pk, vanish=True)
    assert operations.check_all() == 2
    assert events_of(barrier) == [("came_online", None)]
    assert events_of(door) == [("went_offline", "unreachable")]


def test_one_broken_device_hides_no_other(
    compound: Compound, barrier: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = factories.device(compound, "barrier", "nothing_like_it")
    broken = factories.device(compound, "barrier", "simulated")
    ask = Simulated.health

    def sometimes(self: Simulated) -> Health:
        if self.device_id == broken.pk:
            raise RuntimeError("a fault of ours")
        return ask(self)

    monkeypatch.setattr(Simulated, "health", sometimes)
    assert operations.check_all() == 3
    assert events_of(unknown) == [("faulty", "driver_unknown")]
    assert events_of(broken) == [("faulty", "driver_broke")]
    assert events_of(barrier) == [("came_online", None)]


def test_a_refused_password_is_not_tried_again_until_it_changes(compound: Compound) -> None:
    with Relay(auth="digest") as relay:
        own = {"open_url": relay.url + "/{pulse_s}", "status_url": relay.url + "/status"}
        device = factories.device(
            compound,
            "barrier",
            "http_relay",
            settings=own | {"auth": "digest"},
            credentials={"username": "linli", "password": "wrong"},
        )
        assert [operations.check_all(), operations.check_all()] == [1, 0]
        assert events_of(device) == [("faulty", "not_authorised")]
        tried = len(relay.requests)
        device.credentials = {"username": "linli", "password": "wrong too"}
        device.save()
        assert operations.check_all() == 1
        assert len(relay.requests) == tried + 2


def test_health_of_two_compounds_is_told_apart(compound: Compound, barrier: Device) -> None:
    other = factories.compound()
    factories.device(other, "barrier", "simulated")
    operations.check_all()
    for place in (compound, other):
        assert Event.objects.filter(compound=place).count() == 1


def test_a_round_under_way_is_not_joined_by_another(barrier: Device) -> None:
    with health._round:
        assert operations.check_all() == 0
    assert events_of(barrier) == []
    assert operations.check_all() == 1


@pytest.mark.django_db(transaction=True)
def test_the_caller_does_not_wait_for_slow_devices(
    barrier: Device, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow(self: Simulated) -> Health:
        asked.set()
        assert may_answer.wait(20)
        return Health("online")

    settings.DEVICE_DELIVERY = "thread"
    monkeypatch.setattr(couriers, "IDLE_S", 0.0)
    monkeypatch.setattr(Simulated, "health", slow)
    assert operations.check_all() == 1
    assert asked.wait(20)
    assert operations.check_all() == 0
    may_answer.set()
    wait_for_threads()
    assert events_of(barrier) == [("came_online", None)]
