"""Cameras that we listen to: those we read from, and those that speak over MQTT."""

from community.devices.mqtt_cameras import DRIVER as MQTT
from community.devices.pull import DRIVER as PULL

#: The drivers of cameras that we listen to.
DRIVERS = (PULL, MQTT)
