"""Fields of a device's settings, by driver: made fresh, read as settings, filled in again.

Each driver has its own copies of the fields that it knows, named ``<driver>-<setting>``; the page
shows those of the chosen driver only. The driver itself judges the values.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from community.devices.addresses import resolve
from community.devices.base import DeviceFault
from community.devices.sentences import sentence

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
KEPT = _("Never shown again. Fill in only to replace what is kept.")
#: A tick that says no: the setting that it turns off.
INVERTED = {"own_certificate": "verify_tls", "no_contact": "contact"}
#: Typed in hundredths, kept as a share of one.
SHARES = frozenset({"threshold", "assumed_confidence"})
#: Chosen from a list, kept as a number.
NUMBERS = frozenset({"generation"})
Fields = dict[str, forms.Field]


def text(label: Any, hint: Any = "", most: int = 200) -> forms.Field:
    widget = forms.TextInput(attrs=PLAIN)
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=False, widget=widget
    )


def number(label: Any, low: int, high: int, hint: Any = "") -> forms.Field:
    return forms.IntegerField(
        label=label, help_text=hint, min_value=low, max_value=high, required=False
    )


def seconds(label: Any, low: float, high: float, hint: Any = "") -> forms.Field:
    return forms.FloatField(
        label=label, help_text=hint, min_value=low, max_value=high, required=False
    )


def choice(label: Any, *choices: tuple[str, Any], hint: Any = "") -> forms.Field:
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, required=False)


def tick(label: Any) -> forms.Field:
    return forms.BooleanField(label=label, required=False)


def own_fields(driver: str, fields: Fields) -> Fields:
    """Fresh copies of a driver's fields, by their names in the form."""
    return {f"{driver}-{name}": deepcopy(field) for name, field in fields.items()}


def settings_of(driver: str, fields: Fields, values: dict[str, Any]) -> dict[str, Any]:
    """What was typed for a driver, without what was left empty."""
    found: dict[str, Any] = {}
    for name in fields:
        value = values.get(f"{driver}-{name}")
        if value is None or value is False or value == "":
            continue  # 0 is an input like any other
        if name in INVERTED:
            found[INVERTED[name]] = False
        elif name in SHARES:
            found[name] = value / 100
        else:
            found[name] = int(value) if name in NUMBERS else value
    return found


def unasked(driver: str, fields: Fields, initial: dict[str, Any]) -> dict[str, Any]:
    """Settings of the device as it was that this page does not ask for."""
    if initial.get("driver") != driver:
        return {}
    asked = {INVERTED.get(name, name) for name in fields}
    return {name: value for name, value in initial.get("kept", {}).items() if name not in asked}


def initial_of(driver: str, fields: Fields, settings: dict[str, Any]) -> dict[str, Any]:
    """The form's initial values of a device that has this driver."""
    found: dict[str, Any] = {}
    for name in fields:
        value = settings.get(INVERTED.get(name, name))
        if value is None:
            continue
        if name in INVERTED:
            value = value is False
        elif name in SHARES and isinstance(value, int | float):
            value = round(100 * value)
        found[f"{driver}-{name}"] = value
    return found


def refusal(url: str) -> str:
    """Why a device cannot have this address; nothing where it can."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port, parts = None, 0, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        return str(_("This is no address. Type it as http://192.168.1.70/…"))
    try:
        resolve(host, port)
    except DeviceFault as fault:
        # A device that is off today may be entered; a refused place never.
        return sentence(fault.code) if fault.code == "address_refused" else ""
    return ""
