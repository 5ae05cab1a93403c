"""A device's state and the steps of a test push, in words: what is, and what to do next."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import verdicts
from community.devices import sentences as devices
from community.devices.inquiries import Found
from community.devices.operations import Asked
from community.models import Device
from security.pushes.trial import Step
from security.setup.maker_forms import CHOICES
from security.setup.words import PUSHES, push_word

#: A clock nearer than this is right for all that cars need, in milliseconds.
RIGHT_MS = 1000
#: The same for a camera that was asked: it takes a moment to answer, and tells whole seconds.
RIGHT_S = 3.0
DRIVERS: dict[str, Promise | str] = {
    "rtsp": gettext_lazy("Network camera (RTSP)"),
    "video": gettext_lazy("Film"),
    "folder": gettext_lazy("Folder of pictures"),
    "browser": gettext_lazy("Phone or tablet"),
    "http_relay": gettext_lazy("Relay over HTTP"),
    "vzenith": gettext_lazy("The camera's own relay"),
    "vzenith_mqtt": gettext_lazy("The camera's own relay, over MQTT"),
    "simulated": gettext_lazy("Simulated device"),
    "lock_board_8a": gettext_lazy("Locker bank with a lock board"),
    "mqtt_locker": gettext_lazy("Locker bank over MQTT"),
    "simulated_locker": gettext_lazy("Simulated device"),
    "pull": gettext_lazy("Camera that we listen to"),
    "mqtt": gettext_lazy("Camera over MQTT"),
    "viid": gettext_lazy("Camera by GA/T 1400"),
}
STATES: dict[str, Promise | str] = {
    "online": gettext_lazy("Everything is in order. Nothing needs to be done."),
    "unknown": gettext_lazy("It was not heard yet. Finish its settings, then ask it here."),
}
TITLES: dict[str, Promise | str] = {
    "address": gettext_lazy("Address"),
    "body": gettext_lazy("What the camera says"),
    "serial": gettext_lazy("Serial number"),
    "lane": gettext_lazy("Lane"),
    "decision": gettext_lazy("Decision"),
    "answer": gettext_lazy("Answer to the camera"),
}
STEPS: dict[str, Promise | str] = {
    "address_used": gettext_lazy("The camera has an address and pushed to it at %(when)s."),
    "address_unused": gettext_lazy(
        "An address was made, but nothing has come to it. Type it into the camera."
    ),
    "address_none": gettext_lazy(
        "The camera has no address yet. Make one, then type it into the camera."
    ),
    "body_read": gettext_lazy("Understood as one car with the plate %(plate)s, %(size)s bytes."),
    "body_read_unplated": gettext_lazy("Understood as one car without a plate, %(size)s bytes."),
    "serial_bound": gettext_lazy(
        "Only the camera with the number %(serial)s is heard here. The test used this number."
    ),
    "serial_free": gettext_lazy("No camera is bound yet: the first one that pushes will be."),
    "lane_found": gettext_lazy("It speaks for the lane “%(lane)s”."),
    "not_stored": gettext_lazy("Linli is too busy to store it now. Try again in a moment."),
    "push_broke": gettext_lazy("Linli could not take it. Tell whoever installed Linli."),
    "answered": gettext_lazy(
        "This is what the camera hears, so that it does not send the same again."
    ),
}
ASKED: dict[str, Promise | str] = {
    "online": gettext_lazy("Something answers at %(peer)s, the camera's last address."),
    "offline": gettext_lazy(
        "Nothing answers at %(peer)s, the camera's last address. Check its power and network."
    ),
    "peer_unknown": gettext_lazy(
        "Nothing has come from the camera, so nobody knows where it is. Type the address into it."
    ),
    "peer_refused": gettext_lazy(
        "Its pushes come from this machine (%(peer)s). There is no camera to be asked."
    ),
    "viid_here": gettext_lazy("It is registered here, from %(peer)s, and says that it lives."),
    "viid_silent": gettext_lazy(
        "It registered from %(peer)s and has been silent for over five minutes. Check its power "
        "and network."
    ),
    "viid_never": gettext_lazy(
        "It has not registered here yet. Type server, port, name and password into it."
    ),
}
#: What a camera said of itself when it was asked.
SELF: dict[str, Promise | str] = {
    "name": gettext_lazy("It calls itself “%(said)s”."),
    "model": gettext_lazy("Model: %(said)s."),
    "serial": gettext_lazy("Serial number: %(said)s."),
}
POSITIONS: dict[str, Promise | str] = {
    "open": gettext_lazy("The arm or door is open."),
    "closed": gettext_lazy("The arm or door is closed."),
    "opening": gettext_lazy("The arm or door is opening."),
    "closing": gettext_lazy("The arm or door is closing."),
    "unknown": gettext_lazy("It does not say where its arm or door is."),
}


def what(device: Device) -> str:
    """What a device is, for people: its maker or its kind of connection."""
    if device.driver == "push":
        kind = PUSHES.get(str(device.settings.get("format")))
        return str(kind.label) if kind else device.driver
    return str(DRIVERS.get(device.driver) or dict(CHOICES).get(device.driver, device.driver))


def state(device: Device) -> str:
    """How it is and what to do about it."""
    if not device.is_active:
        return devices.sentence("not_in_use")
    if device.health_code:
        return devices.sentence(device.health_code)
    return str(STATES.get(device.health) or devices.sentence("unreachable"))


def clock(device: Device) -> str:
    """The learnt offset of its clock."""
    offset = device.clock_offset_ms
    if offset is None:
        return _("No offset is learnt. Its own time counts while it fits ours.")
    if abs(offset) < RIGHT_MS:
        return _("Right to the second.")
    seconds = {"seconds": f"{abs(offset) / 1000:.0f}"}
    if offset > 0:
        return _("%(seconds)s s ahead of ours. Linli takes that off.") % seconds
    return _("%(seconds)s s behind ours. Linli adds that.") % seconds


def asked(found: Asked) -> str:
    """What came of asking a device."""
    if found.found is not None and found.state == "online":
        return _of_itself(found.found)
    if found.peer or found.code in ASKED:
        said = ASKED.get(found.code) or ASKED[found.state]
        return str(said) % {"peer": found.peer}
    if found.state == "online":
        return " ".join(filter(None, [_("It answers."), str(POSITIONS.get(found.position, ""))]))
    return devices.sentence(found.code) or devices.sentence("unreachable")


def _of_itself(found: Found) -> str:
    """What a camera that we listen to said of itself, and how its clock goes."""
    said = [_("It answers.")]
    for name, text in SELF.items():
        if value := getattr(found, name):
            said.append(str(text) % {"said": value})
    if found.ahead_s is None:
        return " ".join(said)
    seconds = {"seconds": f"{abs(found.ahead_s):.0f}"}
    if abs(found.ahead_s) < RIGHT_S:
        said.append(_("Its clock is right."))
    elif found.ahead_s > 0:
        said.append(_("Its clock is %(seconds)s s ahead. Set it by NTP.") % seconds)
    else:
        said.append(_("Its clock is %(seconds)s s behind. Set it by NTP.") % seconds)
    return " ".join(said)


def step(one: Step) -> dict[str, Any]:
    """A step of a test push as the page shows it."""
    return {
        "title": str(TITLES[one.name]),
        "mark": one.state,
        "said": _said(one),
        "text": one.facts.get("said", ""),
    }


def _said(one: Step) -> str:
    if one.name == "decision" and one.code not in STEPS:
        rule = verdicts.sentence(one.code)
        ends = (
            _("The barrier would have been told to open.")
            if one.facts.get("opens")
            else _("Nothing would have opened.")
        )
        return ends if "%(" in rule else f"{rule} {ends}"
    code = "body_read_unplated" if one.code == "body_read" and not one.facts["plate"] else one.code
    if code not in STEPS:
        return push_word(code)
    used = one.facts.get("used")
    when = timezone.localtime(used).strftime("%m-%d %H:%M") if used else ""
    return str(STEPS[code]) % {"when": when, **one.facts}
