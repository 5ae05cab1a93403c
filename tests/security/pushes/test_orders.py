"""A camera behind NAT: its barrier opens by our answer, exactly once, and only on an order."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connections

from community.devices import outbox
from community.devices.operations import drain
from community.models import Command, Lane
from security.operations import open_by_hand
from tests.community import factories
from tests.community.devices.push import bodies
from tests.security.gates import OTHER
from tests.security.pushes.cameras import Pusher, opens, push_lane

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEVICE_DELIVERY = "thread"
    yield
    drain(20)


@pytest.fixture
def push():
    lane: Any = push_lane(barrier="vzenith")
    lane.barrier.settings = {"wait_s": 1.0, "confirm_s": 2.0, "quiet_s": 0.3}
    lane.barrier.save()
    return Pusher(lane)


def ask(push: Pusher) -> bool:
    return opens(push(bodies.vzenith_alive(), FORM, "/comet"))


def command() -> Command:
    drain(20)
    return Command.objects.latest("pk")


def guard_opens(push: Pusher) -> None:
    guard = factories.user("guard", at=push.lane.compound)
    open_by_hand(lane=Lane.objects.get(pk=push.lane.pk), user=guard, reason="delivery")


def test_the_answer_to_a_registered_car_opens_once(push):
    body = bodies.vzenith()
    assert opens(push(body))
    assert not ask(push)
    assert not opens(push(bodies.vzenith(number=102)))  # the same car by its loop
    assert command().state == Command.State.DONE
    assert not opens(push(body))
    assert Command.objects.count() == 1


def test_a_car_sent_again_at_once_leaves_doubt_and_opens_no_second_time(push):
    body = bodies.vzenith()
    assert opens(push(body))
    assert not opens(push(body))
    found = command()
    assert (found.state, found.code) == ("unknown", "no_answer")


def test_strangers_histories_and_old_pictures_open_nothing(push):
    assert not opens(push(bodies.vzenith(OTHER)))
    assert not opens(push(bodies.vzenith(number=2, isoffline=1)))
    assert not opens(push(bodies.vzenith(number=3, at=bodies.now() - bodies.timedelta(minutes=2))))
    assert not ask(push)
    assert not Command.objects.exists()


def test_an_order_by_hand_goes_out_with_one_poll_and_is_confirmed_by_the_next(push):
    guard_opens(push)
    found = wait_until(lambda: ask(push))
    assert found
    assert not ask(push)
    assert command().state == Command.State.DONE


def test_a_strangers_car_does_not_carry_the_guards_order(push):
    guard_opens(push)
    wait_until(lambda: any(outbox.folder(push.lane.barrier_id).glob("*.waiting")))
    assert not opens(push(bodies.vzenith(OTHER)))
    assert ask(push)


def test_an_order_that_nobody_fetches_is_withdrawn_and_never_sent(push):
    guard_opens(push)
    found = command()
    assert (found.state, found.code) == ("failed", "unreachable")
    assert not ask(push)


def test_of_many_polls_at_once_exactly_one_gets_the_order(push):
    guard_opens(push)
    wait_until(lambda: any(outbox.folder(push.lane.barrier_id).glob("*.waiting")))
    got: list[bool] = []

    def poll() -> None:
        got.append(ask(push))
        connections.close_all()

    threads = [threading.Thread(target=poll) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count(True) == 1


def test_a_poll_with_another_serial_gets_no_order(push):
    push(bodies.vzenith(OTHER))
    guard_opens(push)
    wait_until(lambda: any(outbox.folder(push.lane.barrier_id).glob("*.waiting")))
    for serial in ("1234-5678", ""):
        assert not opens(push(bodies.vzenith_alive(serial), FORM, "/comet"))
    assert not opens(push(bodies.vzenith_alive(), FORM, "/heartbeat"))
    assert ask(push)


def test_the_position_comes_from_the_cameras_own_contact(push):
    from community.devices.registry import driver_for

    push.lane.barrier.settings = {"open_input": 1}
    push.lane.barrier.save()
    ask(push)
    driver = driver_for(push.lane.barrier)
    assert driver.state() == "unknown"
    for value, position in ((1, "open"), (0, "closed")):
        push(bodies.vzenith_input(value))
        assert driver.state() == position


def wait_until(come_true: Any) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if come_true():
            return True
        time.sleep(0.02)
    return False
