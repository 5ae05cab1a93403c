"""Orders to makers' devices down the one road: a refused password, a locked arm, a lost answer."""

from __future__ import annotations

from typing import Any

import pytest

from community.devices import operations
from community.models import Command, Compound, Device
from tests.community import factories
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.relay import PASSWORD, USER
from tests.community.devices.test_commands import order, payload, told


def barrier_at(compound: Compound, camera: HikvisionDevice, password: str = PASSWORD) -> Device:
    own: dict[str, Any] = {"url": camera.url, "timeout_s": 0.5, "moves_within_s": 0.3}
    secrets = {"username": USER, "password": password}
    return factories.device(
        compound, "barrier", "hikvision_barrier", settings=own, credentials=secrets
    )


def outcome(device: Device, key: str) -> tuple[str, str]:
    with operations.inline():
        command = order(device, key=key)
    command.refresh_from_db()
    return command.state, command.code


def test_a_wrong_password_is_told_and_never_locks_the_account(compound: Compound) -> None:
    with HikvisionDevice() as camera:
        device = barrier_at(compound, camera, "wrong")
        outcomes = [outcome(device, f"key-{number}") for number in range(6)]
        assert outcomes[:2] == [("failed", "not_authorised")] * 2
        assert outcomes[2:] == [("failed", "password_held_back")] * 4
        assert (camera.wrong, camera.is_locked, camera.pulses) == (2, False, [])
        device.refresh_from_db()
        assert (device.health, device.health_code) == ("faulty", "password_held_back")
        assert "faulty" in told(compound)
        device.credentials = {"username": USER, "password": PASSWORD}
        device.save()
        assert outcome(device, "mended") == ("done", "")


def test_a_locked_arm_is_unknown_and_its_position_is_told(compound: Compound) -> None:
    with HikvisionDevice(is_barrier_locked=True) as camera:
        assert outcome(barrier_at(compound, camera), "locked") == ("unknown", "arm_still_closed")
        assert payload("device.command_unknown")["position"] == "closed"
        assert len(camera.commands()) == 1


def test_a_lost_answer_is_unknown_and_the_arm_is_looked_at(
    compound: Compound, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HikvisionDevice() as camera:
        device = barrier_at(compound, camera)
        act = camera._gate

        def once(body: str) -> tuple[str, str]:
            camera.mode = "drop"
            return act(body)

        deliver = camera.deliver

        def lose(send: Any, plain: bytes) -> None:
            deliver(send, plain)
            camera.mode = "obey"

        monkeypatch.setattr(camera, "_gate", once)
        monkeypatch.setattr(camera, "deliver", lose)
        assert outcome(device, "lost") == ("unknown", "no_answer")
        assert payload("device.command_unknown")["position"] == "open"
        assert (len(camera.pulses), Command.objects.count()) == (1, 1)
        operations.sweep()
        assert len(camera.pulses) == 1
