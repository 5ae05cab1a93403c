"""Orders: once each, in time, told in the ledger in the transaction that changes them."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from community import events
from community.devices import operations, simulated
from community.devices.operations import couriers
from community.devices.simulated import Simulated
from community.models import Command, Compound, Device, Event, Lane
from tests.community import factories


def order(device: Device, action: str = "open", key: str = "k1", **changes: Any) -> Command:
    changes.setdefault("expires_at", timezone.now() + timedelta(seconds=10))
    with events.writing():
        return operations.order(device, action, key=key, **changes)


def pending(device: Device, **changes: Any) -> Command:
    """A command whose process died before it could deliver."""
    now = timezone.now()
    fields: dict[str, Any] = {"action": "open", "key": f"left {Command.objects.count()}"}
    fields |= {"created_at": now, "expires_at": now + timedelta(minutes=3)}
    return Command.objects.create(compound=device.compound, device=device, **(fields | changes))


def sending(device: Device, seconds_ago: float = 20, **changes: Any) -> Command:
    """A command whose process died between sending and the answer."""
    sent = timezone.now() - timedelta(seconds=seconds_ago)
    return pending(device, state="sending", sent_at=sent, created_at=sent, **changes)


def told(compound: Compound) -> list[str]:
    rows = Event.objects.filter(compound=compound).order_by("sequence")
    return [row.kind.removeprefix("device.") for row in rows]


def payload(kind: str) -> dict[str, Any]:
    return Event.objects.filter(kind=kind).latest("sequence").payload


def state(command: Command) -> tuple[str, str]:
    command.refresh_from_db()
    return command.state, command.code


def test_an_order_is_delivered_after_commit(barrier: Device, lane: Lane) -> None:
    guard = factories.user("guard", at=barrier.compound)
    with events.writing():
        command = operations.order(
            barrier,
            "open",
            key="k1",
            lane=lane,
            expires_at=timezone.now() + timedelta(seconds=10),
            parameters={"pulse_ms": 600},
            requested_by=guard,
        )
        assert simulated.openings(barrier.pk) == []
    (opening,) = simulated.openings(barrier.pk)
    assert (opening.command_id, opening.pulse_ms) == (command.pk, 600)
    assert state(command) == ("done", "")
    assert told(barrier.compound) == ["command_ordered", "command_done"]
    assert Event.objects.get(kind="device.command_ordered").actor == guard
    about = {"command": command.pk, "device": barrier.pk, "lane": lane.pk, "action": "open"}
    assert payload("device.command_done") == about


def test_a_rolled_back_order_never_reaches_the_device(barrier: Device) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        order(barrier)
        raise ZeroDivisionError
    assert simulated.openings(barrier.pk) == []
    assert told(barrier.compound) == []


def test_the_same_key_is_one_command(barrier: Device) -> None:
    first, again = order(barrier), order(barrier)
    assert first.pk == again.pk
    assert len(simulated.openings(barrier.pk)) == 1
    assert told(barrier.compound) == ["command_ordered", "command_done"]


def test_a_key_of_another_order_is_refused(barrier: Device) -> None:
    order(barrier)
    other = factories.device(barrier.compound, "barrier", "simulated")
    with pytest.raises(ValueError, match="another order"):
        order(other)
    with pytest.raises(ValueError, match="another order"):
        order(barrier, "release")
    assert Command.objects.count() == 1
    assert simulated.openings(other.pk) == []


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("close", {}),
        ("open", {"key": ""}),
        ("open", {"key": "x" * 121}),
        ("open", {"parameters": {"pulse_ms": "long"}}),
        ("open", {"parameters": {"pulse_ms": 60_000}}),
        ("keep_open", {}),
        ("keep_open", {"parameters": {"until": "soon"}}),
        ("keep_open", {"parameters": {"until": "2030-01-01T00:00:00"}}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    barrier: Device, action: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r".+"):
        order(barrier, action, **changes)
    assert not Command.objects.exists()
    assert told(barrier.compound) == []


def test_a_lane_of_another_compound_is_refused(barrier: Device) -> None:
    with pytest.raises(ValueError, match="compounds"):
        order(barrier, lane=factories.lane(factories.compound()))


def test_an_expired_command_is_never_sent(barrier: Device) -> None:
    command = order(barrier, expires_at=timezone.now())
    assert state(command) == ("failed", "expired")
    assert simulated.deeds(barrier.pk) == []
    assert payload("device.command_failed")["code"] == "expired"


def test_a_command_that_expires_during_the_claim_is_not_sent(
    barrier: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = pending(barrier)
    make = Simulated.__init__

    def slow(self: Simulated, *arguments: Any) -> None:
        make(self, *arguments)
        late = command.expires_at + timedelta(seconds=1)
        monkeypatch.setattr(timezone, "now", lambda: late)

    monkeypatch.setattr(Simulated, "__init__", slow)
    operations.deliver(command.pk)
    assert state(command) == ("failed", "expired")
    assert simulated.deeds(barrier.pk) == []


def test_a_refusal_fails_the_command(barrier: Device) -> None:
    simulated.behave(barrier.pk, jam=True)
    command = order(barrier)
    assert state(command) == ("failed", "jammed")
    assert told(barrier.compound) == ["command_ordered", "command_failed"]


def test_a_device_out_of_reach_is_offline(barrier: Device) -> None:
    simulated.behave(barrier.pk, vanish=True)
    assert state(order(barrier)) == ("failed", "unreachable")
    barrier.refresh_from_db()
    assert barrier.health == "offline"
    assert told(barrier.compound) == ["command_ordered", "command_failed", "went_offline"]


def test_silence_leaves_the_outcome_unknown_and_tells_the_position(barrier: Device) -> None:
    simulated.behave(barrier.pk, drop_answer=True)
    command = order(barrier)
    assert state(command) == ("unknown", "no_answer")
    about = payload("device.command_unknown")
    assert (about["code"], about["position"]) == ("no_answer", "open")
    operations.sweep(timezone.now() + timedelta(minutes=1))
    assert len(simulated.openings(barrier.pk)) == 1


def test_a_driver_that_breaks_leaves_the_outcome_unknown(
    barrier: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Simulated, "open", broken)
    monkeypatch.setattr(Simulated, "state", broken)
    assert state(order(barrier)) == ("unknown", "driver_broke")
    assert payload("device.command_unknown")["position"] == "unknown"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"driver": "nothing_like_it"}, "driver_unknown"),
        ({"driver": "../../etc/passwd"}, "driver_unknown"),
        ({"settings": ["no", "mapping"]}, "settings_invalid"),
        ({"settings": {"latency_ms": "fast"}}, "settings_invalid"),
        ({"driver": "http_relay"}, "settings_invalid"),
        ({"is_active": False}, "not_in_use"),
    ],
)
def test_a_device_that_cannot_be_driven_fails_the_command(
    compound: Compound, fields: dict[str, Any], code: str
) -> None:
    device = factories.device(compound, "barrier", **({"driver": "simulated"} | fields))
    assert state(order(device)) == ("failed", code)


def test_an_action_that_the_device_has_not_fails(barrier: Device) -> None:
    command = order(barrier, "open_compartment", parameters={"number": 1})
    assert state(command) == ("failed", "action_unsupported")


def test_keep_open_and_release(barrier: Device) -> None:
    until = timezone.now() + timedelta(hours=1)
    order(barrier, "keep_open", "k1", parameters={"until": until})
    assert simulated.deeds(barrier.pk)[-1].until == until.timestamp()
    order(barrier, "release", "k2")
    assert [deed.action for deed in simulated.deeds(barrier.pk)] == ["keep_open", "release"]


def test_a_keep_open_that_comes_after_the_release_is_not_sent(barrier: Device) -> None:
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    late = pending(barrier, action="keep_open", parameters={"until": until})
    order(barrier, "release")
    operations.deliver(late.pk)
    assert state(late) == ("failed", "superseded")
    assert [deed.action for deed in simulated.deeds(barrier.pk)] == ["release"]


def test_delivering_again_sends_nothing(barrier: Device) -> None:
    command = order(barrier)
    assert operations.deliver(command.pk).state == "done"
    assert len(simulated.openings(barrier.pk)) == 1


def test_delivering_inside_a_transaction_is_refused(barrier: Device) -> None:
    command = pending(barrier)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        operations.deliver(command.pk)
    assert state(command) == ("pending", "")
    assert simulated.deeds(barrier.pk) == []


def test_the_sweeper_delivers_what_was_left_pending(barrier: Device) -> None:
    fresh = pending(barrier)
    left = pending(barrier, created_at=timezone.now() - timedelta(seconds=0.6))
    assert operations.sweep() == 1
    assert state(left) == ("done", "")
    assert state(fresh) == ("pending", "")


def test_the_sweeper_fails_what_expired_while_pending(barrier: Device) -> None:
    past = timezone.now() - timedelta(seconds=3)
    left = pending(barrier, created_at=past, expires_at=past + timedelta(seconds=2))
    assert operations.sweep() == 1
    assert state(left) == ("failed", "expired")
    assert simulated.deeds(barrier.pk) == []


def test_the_sweeper_gives_up_what_was_being_sent(barrier: Device) -> None:
    simulated.behave(barrier.pk, lie="closed")
    recent, left = sending(barrier, seconds_ago=14), sending(barrier)
    assert operations.sweep() == 1
    assert state(left) == ("unknown", "interrupted")
    assert state(recent) == ("sending", "")
    assert payload("device.command_unknown")["position"] == "closed"
    assert simulated.deeds(barrier.pk) == []
    assert operations.sweep() == 0


def test_an_answer_after_the_sweeper_gave_up_changes_nothing(
    barrier: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = pending(barrier)

    def slow(self: Simulated, *, command_id: int, pulse_ms: int) -> None:
        operations.sweep(timezone.now() + timedelta(seconds=16))

    monkeypatch.setattr(Simulated, "open", slow)
    operations.deliver(command.pk)
    assert state(command) == ("unknown", "interrupted")
    assert told(barrier.compound) == ["command_unknown"]


@pytest.fixture
def in_threads(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivery as in a running installation, by threads that do not outlive the test."""
    settings.DEVICE_DELIVERY = "thread"
    monkeypatch.setattr(couriers, "IDLE_S", 0.0)


def wait_for_threads() -> None:
    assert operations.drain(20)
    for thread in threading.enumerate():
        if thread.name.startswith("device-"):
            thread.join(20)


def test_a_thread_delivers_and_the_caller_does_not_wait(barrier: Device, in_threads: None) -> None:
    simulated.behave(barrier.pk, latency_ms=300)
    command = order(barrier)
    assert state(command)[0] in ("pending", "sending")
    wait_for_threads()
    assert state(command) == ("done", "")


def test_commands_of_one_device_go_in_their_order(barrier: Device, in_threads: None) -> None:
    simulated.behave(barrier.pk, latency_ms=30)
    ordered = [order(barrier, key=f"k{number}").pk for number in range(5)]
    wait_for_threads()
    assert [deed.command_id for deed in simulated.openings(barrier.pk)] == ordered


def test_a_slow_device_delays_no_other(barrier: Device, in_threads: None) -> None:
    simulated.behave(barrier.pk, latency_ms=1500)
    quick = factories.device(barrier.compound, "barrier", "simulated")
    slow_command, quick_command = order(barrier), order(quick, key="k2")
    quick_opened = threading.Event()
    while not quick_opened.wait(0.02) and state(quick_command)[0] != "done":
        assert state(slow_command)[0] != "done"
    wait_for_threads()
    assert state(slow_command) == ("done", "")


def test_inline_delivers_in_the_calling_thread(barrier: Device, in_threads: None) -> None:
    with operations.inline():
        assert state(order(barrier)) == ("done", "")


def test_an_errand_that_fails_leaves_the_command_to_the_sweeper(
    barrier: Device, in_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("community.devices.operations.commands._claim", broken)
        command = order(barrier)
        wait_for_threads()
    assert state(command) == ("pending", "")
    operations.sweep(timezone.now() + timedelta(seconds=1))
    wait_for_threads()
    assert state(command) == ("done", "")
