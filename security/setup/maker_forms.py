"""What is typed about devices whose makers have a driver of their own, next to the plain relay.

Each driver has its own copies of the fields that it knows, named ``<driver>-<setting>``; the page
shows those of the chosen driver only. The driver itself judges the values.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
NEVER_SHOWN = _("Never shown again. Fill in only to replace what is kept.")


def _text(label: Any, hint: Any = "", most: int = 200) -> forms.Field:
    widget = forms.TextInput(attrs=PLAIN)
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=False, widget=widget
    )


def _number(label: Any, low: int, high: int, hint: Any = "") -> forms.Field:
    return forms.IntegerField(
        label=label, help_text=hint, min_value=low, max_value=high, required=False
    )


def _choice(label: Any, *choices: tuple[str, Any], hint: Any = "") -> forms.Field:
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, required=False)


URL = _text(_("Address of the device"), _("Without a path: http://192.168.1.64"))
URL_OR_BROKER = _text(_("Address of the relay"), _("Leave it empty for a relay behind a broker."))
HOST = _text(_("Address of the MQTT broker"), _("Only for a relay behind a broker: 192.168.1.2"))
BROKER_PORT = _number(_("Port of the broker"), 1, 65535, _("Empty for 1883"))
TOPIC = _text(_("Its topic"), _("What the relay's own page calls its prefix or topic."))
INPUT = _number(
    _("Input that knows the position"),
    0,
    65535,
    _("As the relay counts. Empty where none is wired."),
)
MEANS = _choice(
    _("When that input is on"), ("open", _("it is open")), ("closed", _("it is closed"))
)
LIST = forms.BooleanField(
    label=_("Keep the registered cars in the camera, for hours without this computer"),
    required=False,
)
CHANNEL = _number(_("Channel"), 0, 64, _("Empty for the first"))
FIELDS: dict[str, dict[str, forms.Field]] = {
    "hikvision_barrier": {
        "url": URL,
        "channel": CHANNEL,
        "hold": _choice(
            _("How it is held open"),
            ("", _("Not at all")),
            ("lock", _("Its lock raises the arm and keeps it")),
            ("open_then_lock", _("Its lock keeps the arm where it is")),
        ),
        "holds_list": LIST,
    },
    "hikvision_door": {
        "url": URL,
        "door": _number(_("Number of the door"), 1, 256, _("Empty for the first")),
    },
    "dahua_barrier": {
        "url": URL,
        "channel": CHANNEL,
        "open_input": _number(_("Alarm input that is closed while the arm is up"), 0, 15),
        "hold_output": _number(_("Alarm output that holds it open"), 0, 7),
        "holds_list": LIST,
    },
    "dahua_door": {"url": URL, "channel": CHANNEL},
    "shelly": {
        "url": URL_OR_BROKER,
        "host": HOST,
        "port": BROKER_PORT,
        "topic": TOPIC,
        "generation": _choice(_("Generation"), ("2", _("Second or later")), ("1", _("First"))),
        "auto_off": forms.BooleanField(
            label=_("First generation behind a broker: its own auto-off is set"), required=False
        ),
        "channel": CHANNEL,
        "input": INPUT,
        "input_means": MEANS,
    },
    "tasmota": {
        "url": URL_OR_BROKER,
        "host": HOST,
        "port": BROKER_PORT,
        "topic": TOPIC,
        "channel": CHANNEL,
        "input": INPUT,
        "input_means": MEANS,
    },
    "modbus_relay": {
        "host": _text(_("Address of the board"), "192.168.1.60"),
        "port": _number(_("Port"), 1, 65535, _("Empty for 502")),
        "unit": _number(_("Unit"), 1, 247, _("Empty for 1")),
        "coil": _number(_("Coil"), 0, 511, _("Counted from 0")),
        "pulse": _choice(
            _("Who ends the pulse"),
            ("flash", _("The board, told how long (Waveshare and alike)")),
            ("device", _("The board, by its own jog setting")),
            ("guarded", _("This computer, which is the least safe")),
        ),
        "input": INPUT,
        "input_means": MEANS,
    },
}
CHOICES = [
    ("hikvision_barrier", _("Hikvision camera with a barrier")),
    ("hikvision_door", _("Hikvision terminal or door controller")),
    ("dahua_barrier", _("Dahua camera with a barrier")),
    ("dahua_door", _("Dahua door controller")),
    ("shelly", _("Shelly relay")),
    ("tasmota", _("Tasmota relay")),
    ("modbus_relay", _("Modbus relay board")),
]
NUMBERS = frozenset({"generation"})
#: Modbus knows no password.
SIGN_IN = [name for name, _label in CHOICES if name != "modbus_relay"]


def own_fields(driver: str) -> dict[str, forms.Field]:
    """Fresh copies of a driver's fields, by their names in the form."""
    return {f"{driver}-{name}": deepcopy(field) for name, field in FIELDS[driver].items()}


def settings_of(driver: str, values: dict[str, Any]) -> dict[str, Any]:
    """What was typed for a driver, without what was left empty."""
    found: dict[str, Any] = {}
    for name in FIELDS[driver]:
        value = values.get(f"{driver}-{name}")
        if value is None or value is False or value == "":
            continue  # 0 is an input like any other
        found[name] = int(value) if name in NUMBERS else value
    return found


def unshown(driver: str, initial: dict[str, Any]) -> dict[str, Any]:
    """Settings of the device as it was that this page does not ask for, such as ``tls``."""
    if initial.get("driver") != driver:
        return {}
    asked = {*FIELDS[driver], *own_fields(driver), "driver", "name"}
    return {name: value for name, value in initial.items() if name not in asked}


def initial_of(driver: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The form's initial values of a device that has this driver."""
    return {
        f"{driver}-{name}": settings[name] for name in FIELDS.get(driver, {}) if name in settings
    }
