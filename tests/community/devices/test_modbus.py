"""A Modbus board, byte by byte: one write, the right unit and coil, and a coil that goes off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices import modbus_switch
from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.drivers.modbus_relay import ModbusRelay
from tests.community.devices.modbus_board import ModbusBoard

pytestmark = pytest.mark.pure


@pytest.fixture
def board() -> Iterator[ModbusBoard]:
    with ModbusBoard() as made:
        yield made


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modbus_switch, "OFF_PAUSE_S", 0.01)
    monkeypatch.setattr(modbus_switch, "MARGIN_S", 0.05)


def driver(board: ModbusBoard, **settings: Any) -> ModbusRelay:
    own = {"host": "127.0.0.1", "port": board.port, "timeout_s": 0.3, "own_pulse_ms": 100}
    return ModbusRelay({"device_id": 7, **own, **settings}, {})


def test_a_flash_is_one_write_of_tenths_above_the_coil(board):
    driver(board, coil=3).open(command_id=1, pulse_ms=700)
    assert board.writes() == [bytes.fromhex("05 0203 0007")]
    assert board.frames[-1][6] == 1


def test_a_guarded_pulse_ends_with_off(board):
    driver(board, pulse="guarded").open(command_id=1, pulse_ms=100)
    assert board.writes() == [bytes.fromhex("05 0000 FF00"), bytes.fromhex("05 0000 0000")]
    assert not board.is_on


def test_a_lost_off_is_written_again_and_the_on_is_not(board):
    board.drops_offs = 2
    driver(board, pulse="guarded").open(command_id=1, pulse_ms=100)
    values = [frame[3:].hex() for frame in board.writes()]
    assert values[0] == "ff00"
    assert set(values[1:]) == {"0000"}
    assert not board.is_on


def test_a_guarded_on_without_an_answer_is_ended_too(board):
    board.mode = "drop"
    with pytest.raises(DeviceSilent, match="no_answer"):
        driver(board, pulse="guarded").open(command_id=1, pulse_ms=100)
    assert not board.is_on


@pytest.mark.parametrize("pulse", ["guarded", "device"])
def test_a_relay_that_stays_on_is_told_of(board, pulse):
    board.mode = "sticky"
    with pytest.raises(DeviceSilent, match="relay_stays_on"):
        driver(board, pulse=pulse).open(command_id=1, pulse_ms=100)
    ons = [frame for frame in board.writes() if frame.endswith(b"\xff\x00")]
    assert len(ons) == 1


@pytest.mark.parametrize("pulse", ["flash", "guarded"])
def test_an_opening_does_not_end_what_somebody_holds_open(board, pulse):
    relay = driver(board, pulse=pulse)
    relay.keep_open(command_id=1, until=timezone.now())
    relay.open(command_id=2, pulse_ms=100)
    assert (board.is_held, len(board.writes())) == (True, 1)
    relay.release(command_id=3)
    assert not board.is_held


@pytest.mark.parametrize(
    ("mode", "code"),
    [("other_unit", "no_answer"), ("other_transaction", "no_answer"), ("gateway", "answered_11")],
)
def test_an_answer_of_somebody_else_is_none(board, mode, code):
    relay = driver(board)
    stays_on = relay.switch._stays_on
    relay.switch._stays_on = lambda *given: (stays_on(*given), setattr(board, "mode", mode))[0]
    with pytest.raises(DeviceSilent, match=code):
        relay.open(command_id=1)
    assert len(board.writes()) == len(board.pulses) == 1


def test_an_answer_for_another_coil_is_not_understood(board):
    board.mode = "other_coil"
    with pytest.raises(DeviceSilent, match="answer_not_understood"):
        driver(board).open(command_id=1)
    assert len(board.pulses) == 1


def test_an_answer_in_pieces_is_one(board):
    board.mode = "split"
    driver(board).open(command_id=1)
    assert len(board.pulses) == 1


def test_another_unit_on_the_line_does_not_answer_for_ours(board):
    relay = driver(board, unit=2)
    with pytest.raises(DeviceFault, match="unreachable"):
        relay.open(command_id=1)
    assert board.writes() == []
    assert relay.health() == Health("offline", "no_answer")


def test_a_refused_question_is_a_fault(board):
    board.mode = "refuse"
    with pytest.raises(DeviceFault, match="refused_3"):
        driver(board).open(command_id=1)
    assert board.pulses == []


def test_a_late_order_is_not_sent(board):
    late = timezone.now() - timedelta(seconds=1)
    with pytest.raises(DeviceFault, match="expired"):
        driver(board, send_before=late).open(command_id=1)
    assert board.writes() == []


def test_no_input_says_nothing(board):
    assert driver(board).state() is BarrierState.UNKNOWN
    assert driver(board, input=3).state() is BarrierState.CLOSED
    assert driver(board, input=3, input_means="closed").state() is BarrierState.OPEN


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": 0},
        {"unit": 248},
        {"unit": True},
        {"coil": -1},
        {"coil": 512},
        {"port": 70000},
        {"pulse": "sleep"},
        {"own_pulse_ms": 20_000},
        {"timeout_s": 9},
        {"host": ""},
        {"input": -1},
    ],
)
def test_settings_that_cannot_work_are_refused(board, wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(board, **wrong)


def test_loopback_is_refused_unless_the_installation_says_so(board, settings):
    settings.DEVICE_LOOPBACK = False
    with pytest.raises(DeviceFault, match="address_refused"):
        driver(board).open(command_id=1)
    assert board.frames == []
