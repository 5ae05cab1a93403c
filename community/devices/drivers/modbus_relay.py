"""A relay board with Modbus TCP, or behind a gateway that speaks it.

Settings: ``host``, ``port`` (502), ``unit`` (1 to 247, else 1), ``coil`` (from 0); ``pulse``:
``flash`` (the board times it: function 5 at 0x0200 + coil with tenths of a second, as Waveshare's
do), ``device`` (the coil is set to jog on the board: ``own_pulse_ms``, 1000, is what is set there),
or ``guarded`` (we write on and then off; see docs/devices/modbus.md before you choose it);
``input`` (a discrete input) told of the arm or leaf, with ``input_means`` (open or closed);
``timeout_s`` (0.3 to 3, else 2). Modbus knows no password: keep the board in a network of its own.
"""

from __future__ import annotations

from typing import Any

from community.devices.base import BarrierState
from community.devices.modbus_switch import connect
from community.devices.pulse_relay import PulseRelay
from community.devices.registry import register


@register("modbus_relay")
class ModbusRelay(PulseRelay):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        options, switch = connect(settings)
        super().__init__(switch, BarrierState(options.input_means))
