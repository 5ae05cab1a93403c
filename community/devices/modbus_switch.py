"""One coil of a Modbus TCP relay, told once and read back.

Each exchange has a connection of its own; nothing is sent again by the library (``retries=0``). An
answer counts only for the transaction, unit, function and coil that were meant.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import WriteSingleCoilRequest

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.options import DriverOptions
from community.devices.pulse_relay import Look

#: Waveshare and its like: this much above a coil, a value in tenths of a second makes it flash on.
FLASH = 0x0200
#: Exceptions after which nobody knows: device failure, gateway without an answer from behind it.
DOUBTFUL = frozenset({4, 5, 10, 11})
LOOK_S = 0.1
OFF_TRIES, OFF_PAUSE_S = 5, 0.4
MARGIN_S = 0.3


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See ``community.devices.drivers.modbus_relay``."""

    host: str
    port: int = 502
    unit: int = 1
    coil: int = 0
    pulse: str = "flash"
    own_pulse_ms: int = 1000
    input: int | None = None
    input_means: str = "open"
    timeout_s: float = 2.0

    def _is_right(self) -> bool:
        if not self._are_types_right() or not 0 < len(self.host) <= 253:
            return False
        # Unit 0 is everybody on the line.
        numbers = 0 < self.port < 65536 and 1 <= self.unit <= 247 and 0 <= self.coil < FLASH
        wired = self.input is None or 0 <= self.input < 65536
        kinds = self.pulse in ("flash", "device", "guarded") and self.input_means in (
            "open",
            "closed",
        )
        times = 0.3 <= self.timeout_s <= 3.0 and 100 <= self.own_pulse_ms <= 3_000
        return numbers and wired and kinds and times


class FlashOn(WriteSingleCoilRequest):
    """Function 5 with a time for a value, which the standard does not know."""

    tenths = 1

    def encode(self) -> bytes:
        return struct.pack(">HH", self.address, self.tenths)


class Line:
    """A connection to the relay for a few exchanges. Entering raises ``DeviceFault``."""

    def __init__(self, options: Options, send_before: datetime | None) -> None:
        self.options = options
        self.send_before = send_before
        self.is_order = False

    def __enter__(self) -> Line:
        options = self.options
        for address in addresses.resolve(options.host, options.port):
            self._client = ModbusTcpClient(
                address,
                port=options.port,
                timeout=options.timeout_s,
                retries=0,
                trace_packet=self._before_sending,
            )
            if self._client.connect():
                return self
        raise DeviceFault("unreachable")

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _before_sending(self, is_sending: bool, data: bytes) -> bytes:
        late = self.send_before is not None and self.send_before <= timezone.now()
        if is_sending and self.is_order and late:
            raise DeviceFault("expired")
        return data

    def read(self, *, coil: int | None = None, discrete: int | None = None) -> bool:
        """One bit, harmlessly. Raises ``DeviceFault``, ``DeviceSilent``."""
        client, unit = self._client, self.options.unit
        with _in_our_words():
            if coil is not None:
                told = client.read_coils(coil, count=1, device_id=unit)
            else:
                told = client.read_discrete_inputs(int(discrete or 0), count=1, device_id=unit)
        if isinstance(told, ExceptionResponse):
            raise DeviceFault(f"refused_{told.exception_code}")
        if not told.bits:
            raise DeviceSilent("answer_not_understood")
        return bool(told.bits[0])

    def write(self, is_on: bool, *, is_order: bool = True) -> None:
        """Write the coil once. ``is_order``: refused when it is too late for it."""
        request = WriteSingleCoilRequest(
            address=self.options.coil, bits=[is_on], dev_id=self.options.unit
        )
        self._order(request, is_order=is_order)

    def flash(self, tenths: int) -> None:
        request = FlashOn(address=FLASH + self.options.coil, bits=[True], dev_id=self.options.unit)
        request.tenths = tenths
        self._order(request, is_order=True)

    def _order(self, request: WriteSingleCoilRequest, *, is_order: bool) -> None:
        self.is_order = is_order
        with _in_our_words():
            told: ModbusPDU = self._client.execute(False, request)
        self.is_order = False
        if isinstance(told, ExceptionResponse):
            if told.exception_code in DOUBTFUL:
                raise DeviceSilent(f"answered_{told.exception_code}")
            raise DeviceFault(f"refused_{told.exception_code}")
        if told.function_code != request.function_code or told.address != request.address:
            raise DeviceSilent("answer_not_understood")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except ConnectionException as error:
        raise DeviceSilent("no_answer") from error
    except ModbusException as error:
        silent = "No response" in str(error)
        raise DeviceSilent("no_answer" if silent else "answer_not_understood") from error
    except (OSError, struct.error, ValueError, IndexError) as error:
        raise DeviceSilent("answer_not_understood") from error


class ModbusSwitch:
    """See ``community.devices.drivers.modbus_relay``; the part of a switch in ``pulse_relay``."""

    def __init__(self, options: Options, send_before: datetime | None) -> None:
        self.options = options
        self.send_before = send_before

    def look(self) -> Look:
        """The coil does not tell a hold from a pulse: see :meth:`pulse`."""
        with self._line() as line:
            is_on = line.read(coil=self.options.coil)
            wired = self.options.input
            return Look(False, None if wired is None else line.read(discrete=wired), is_on)

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        with self._line() as line:
            if self._stays_on(line, pulse_ms):
                return  # somebody holds it open, which a pulse would end
            if self.options.pulse == "flash":
                line.flash(round(pulse_ms / 100))
                return
            try:
                line.write(True)
                wait_ms = pulse_ms if self.options.pulse == "guarded" else self.options.own_pulse_ms
                time.sleep(wait_ms / 1000)
            except DeviceSilent:
                self._end()
                raise
        self._end()

    def hold(self, command_id: int, seconds: float) -> None:
        self._set(True)

    def let_go(self, command_id: int) -> None:
        self._set(False)

    def _set(self, is_on: bool) -> None:
        if self.options.pulse == "device":
            # A coil that jogs goes off again whatever it is told.
            raise DeviceFault("action_unsupported")
        with self._line() as line:
            line.write(is_on)

    def _line(self) -> Line:
        return Line(self.options, self.send_before)

    def _stays_on(self, line: Line, pulse_ms: int) -> bool:
        """Whether the coil is on for longer than a pulse that may be under way."""
        longest_ms = max(self.options.own_pulse_ms, pulse_ms)
        end = time.monotonic() + longest_ms / 1000 + MARGIN_S
        try:
            while line.read(coil=self.options.coil):
                if time.monotonic() >= end:
                    return True
                time.sleep(LOOK_S)
        except DeviceSilent as silence:
            # Nothing but a question was sent.
            raise DeviceFault("unreachable") from silence
        return False

    def _end(self) -> None:
        """See that the coil is off again. Raises ``DeviceSilent("relay_stays_on")``.

        A relay that times itself is only looked at; else we write off, which may be repeated.
        """
        for _time in range(OFF_TRIES):
            with suppress(DeviceFault, DeviceSilent), self._line() as line:
                if self.options.pulse == "guarded":
                    with suppress(DeviceSilent):
                        line.write(False, is_order=False)
                if not line.read(coil=self.options.coil):
                    return
            time.sleep(OFF_PAUSE_S)
        raise DeviceSilent("relay_stays_on")


def connect(settings: dict[str, Any]) -> tuple[Options, ModbusSwitch]:
    """Raises ``DeviceFault``."""
    own = {**settings}
    own.pop("device_id", None)
    before: datetime | None = own.pop("send_before", None)
    options = Options.read(own)
    return options, ModbusSwitch(options, before)
