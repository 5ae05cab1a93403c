"""Harmless questions to cameras that we listen to: what they are, and how they are now.

Read from (``pull``): their own words about themselves, over HTTP, with our name and password.
Behind a broker (``mqtt``): whether the broker lets us in, and what the camera says there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.utils.dateparse import parse_datetime

from community.devices import cgi, isapi
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.mqtt_cameras import Options as BrokerOptions
from community.devices.mqtt_cameras.qianyi import REGISTER
from community.devices.mqtt_client import Broker
from community.devices.mqtt_talk import Talk
from community.devices.pull import Options as PullOptions
from community.devices.push.text import plain
from community.devices.vzenith_talk import Options as VzenithOptions
from community.devices.vzenith_talk import camera_of
from community.devices.web_device import Access, WebDevice, judge

TIMEOUT_S = 3.0
#: A camera at a broker tells that it lives every 10 to 30 s; nobody waits longer than this.
LISTEN_S = 4.0


@dataclass(frozen=True)
class Found:
    """What a camera said. ``ahead_s``: its clock less ours, in seconds; None where it is not told.

    ``code`` says what there is to know beside: ``heard_nothing``, ``recorder_away``.
    """

    name: str = ""
    model: str = ""
    serial: str = ""
    ahead_s: float | None = None
    code: str = ""
    topics: list[str] = field(default_factory=list)


def of_pulled(
    settings: dict[str, Any], credentials: dict[str, Any], device_id: int, zone: tzinfo
) -> Found:
    """Ask a camera that we read from. Raises DeviceFault, DeviceSilent."""
    options = PullOptions.read(settings)
    auth = "digest" if credentials.get("password") else "none"
    access = Access(auth, TIMEOUT_S, options.verify_tls)
    web = WebDevice(access, credentials, device_id=device_id)
    return {"hikvision": _hikvision, "dahua": _dahua}[options.format](options, web, zone)


def _hikvision(options: PullOptions, web: WebDevice, zone: tzinfo) -> Found:
    base = options.address.rstrip("/")
    answer = web.ask(base + isapi.INFO)
    judge(answer)
    said = isapi.values_of(answer)
    told = isapi.values_of(web.ask(f"{base}/ISAPI/System/time"))
    return Found(
        name=plain(said.get("deviceName")),
        model=plain(said.get("model")),
        serial=plain(said.get("serialNumber")),
        ahead_s=_ahead(plain(told.get("localTime")), zone),
    )


def _dahua(options: PullOptions, web: WebDevice, zone: tzinfo) -> Found:
    base = options.address.rstrip("/")
    answer = web.ask(base + cgi.INFO)
    judge(answer)
    said = cgi.values_of(answer)
    told = cgi.values_of(web.ask(f"{base}/cgi-bin/global.cgi?action=getCurrentTime"))
    named = cgi.values_of(web.ask(f"{base}/cgi-bin/magicBox.cgi?action=getMachineName"))
    return Found(
        name=plain(named.get("name")),
        model=plain(said.get("deviceType")),
        serial=plain(said.get("serialNumber")),
        ahead_s=_ahead(plain(told.get("result")), zone),
    )


def _ahead(text: str, zone: tzinfo) -> float | None:
    """A camera's time, in its own zone where it names none, less ours."""
    try:
        found: datetime | None = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    return aware.timestamp() - time.time()


def of_broker(settings: dict[str, Any], credentials: dict[str, Any]) -> Found:
    """Ask a camera behind a broker, or hear it. Raises DeviceFault, DeviceSilent."""
    options = BrokerOptions.read(settings)
    if options.format == "vzenith":
        return _vzenith(options, credentials)
    pair = [credentials.get(name) or "" for name in ("username", "password")]
    broker = Broker(
        options.host, options.port, str(pair[0]), str(pair[1]), options.tls, options.verify_tls
    )
    return _frigate(options, broker) if options.format == "frigate" else _qianyi(options, broker)


def _vzenith(options: BrokerOptions, credentials: dict[str, Any]) -> Found:
    own = VzenithOptions(
        options.host, options.sn, options.port, options.tls, options.verify_tls, timeout_s=TIMEOUT_S
    )
    try:
        with camera_of(own, credentials) as camera:
            ahead = None if camera.clock is None else camera.clock - time.time()
            return Found(serial=options.sn, ahead_s=ahead, topics=[camera.family])
    except DeviceFault as fault:
        if fault.code != "unreachable" or not _lets_in(options, credentials):
            raise
        return Found(serial=options.sn, code="heard_nothing")


def _lets_in(options: BrokerOptions, credentials: dict[str, Any]) -> bool:
    """Whether it was the camera, and not the broker, that did not answer."""
    pair = [str(credentials.get(name) or "") for name in ("username", "password")]
    broker = Broker(options.host, options.port, pair[0], pair[1], options.tls, options.verify_tls)
    try:
        with Talk(broker, [f"device/{options.sn}/message/up/+"], seconds=TIMEOUT_S):
            return True
    except (DeviceFault, DeviceSilent):
        return False


def _frigate(options: BrokerOptions, broker: Broker) -> Found:
    """It leaves word at the broker whether it is there; the camera itself is Frigate's to know."""
    topic = f"{options.prefix}/available"
    with Talk(broker, [topic], seconds=LISTEN_S) as talk:
        said = talk.left(topic)
    codes = {"online": "", None: "heard_nothing"}
    return Found(name=options.camera, code=codes.get(said, "recorder_away"), topics=[topic])


def _qianyi(options: BrokerOptions, broker: Broker) -> Found:
    """It answers no question that is known; it is waited for, a moment."""
    sn = options.sn
    topics = list(dict.fromkeys([f"aiot/plate/{one}" for one in (sn, sn.upper(), sn.lower())]))
    with Talk(broker, [*topics, REGISTER], seconds=LISTEN_S) as talk:
        heard = talk.hear(lambda message: message.topic in topics)
    return Found(serial=sn, code="" if heard else "heard_nothing_yet", topics=topics[:1])
