"""Cameras that speak over an MQTT broker: one file per maker's messages, no tables."""

from __future__ import annotations

from community.devices.mqtt_cameras.frigate import Frigate
from community.devices.mqtt_cameras.qianyi import Qianyi
from community.devices.mqtt_cameras.told import DRIVER, MOST, Message, Options, Reply, Talker
from community.devices.mqtt_cameras.vzenith import Vzenith

TALKERS: dict[str, type[Talker]] = {"frigate": Frigate, "vzenith": Vzenith, "qianyi": Qianyi}

__all__ = ["DRIVER", "MOST", "TALKERS", "Message", "Options", "Reply", "Talker"]
