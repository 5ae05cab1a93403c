"""A relay board that speaks Modbus TCP, byte by byte, and can misbehave in every way."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass, field

from tests.community.devices.listening import Listening

COILS, INPUTS, WRITE = 1, 2, 5
FLASH = 0x0200
JOG_MS = 300


@dataclass
class ModbusBoard(Listening):
    """``frames``: every request, as it came. ``pulses``: milliseconds of each opening.

    ``mode``: obey, refuse (exception 3), gateway (acts, exception 11), drop, deaf, lie,
    other_unit, other_coil, other_transaction, sticky (never goes off), split (byte by byte).
    ``jogs``: the coil goes off by itself after JOG_MS.
    """

    unit: int = 1
    mode: str = "obey"
    delay_s: float = 0.0
    jogs: bool = False
    frames: list[bytes] = field(default_factory=list)
    pulses: list[tuple[int, int]] = field(default_factory=list)
    off_at: float | None = None
    is_on: bool = False
    was_open: bool = False
    drops_offs: int = 0

    def writes(self) -> list[bytes]:
        return [frame[7:] for frame in self.frames if frame[7] == WRITE]

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while head := _exactly(connection, 7):
                    transaction, _, length, unit = struct.unpack(">HHHB", head)
                    body = _exactly(connection, length - 1)
                    self.frames.append(head + body)
                    if unit == self.unit and (answer := self._answer(body)):
                        self._send(connection, transaction, answer)
            except (OSError, struct.error):
                return

    def _send(self, connection: socket.socket, transaction: int, answer: bytes) -> None:
        unit = self.unit + 1 if self.mode == "other_unit" else self.unit
        number = transaction + 1 if self.mode == "other_transaction" else transaction
        frame = struct.pack(">HHHB", number, 0, len(answer) + 1, unit) + answer
        for piece in [frame[:5], frame[5:]] if self.mode == "split" else [frame]:
            connection.sendall(piece)
            time.sleep(0.02 if self.mode == "split" else 0)

    def _answer(self, body: bytes) -> bytes:
        function, address, value = struct.unpack(">BHH", body[:5])
        if function in (COILS, INPUTS):
            bit = self._coil() if function == COILS else self.was_open or self.mode == "lie"
            return bytes([function, 1, int(bit)])
        if function != WRITE or self.mode == "refuse":
            return bytes([function | 0x80, 3 if function == WRITE else 1])
        if self.mode != "deaf":
            self._act(address, value)
        time.sleep(self.delay_s)
        if self.mode == "drop" or (value == 0 and self.drops_offs > 0):
            self.drops_offs -= 1
            return b""
        if self.mode == "gateway":
            return bytes([function | 0x80, 11])
        return struct.pack(">BHH", function, address + (self.mode == "other_coil"), value)

    def _act(self, address: int, value: int) -> None:
        now = time.monotonic()
        if address >= FLASH:
            self._open(value * 100, now)
        elif value == 0xFF00 and self.jogs:
            self._open(JOG_MS, now)
        elif value == 0xFF00:
            self.is_on, self.off_at = True, None
            self.was_open = True
        elif self.mode != "sticky":
            self.is_on, self.off_at = False, None

    def _open(self, pulse_ms: int, now: float) -> None:
        self.pulses.append((0, pulse_ms))
        self.is_on, self.was_open = True, True
        self.off_at = now + pulse_ms / 1000 if self.mode != "sticky" else None

    def _coil(self) -> bool:
        if self.off_at is not None and time.monotonic() >= self.off_at:
            self.is_on, self.off_at = False, None
        return self.is_on

    @property
    def is_held(self) -> bool:
        return self._coil() and self.off_at is None


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        if not chunk:
            return b""
        data += chunk
    return data
