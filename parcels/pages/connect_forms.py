"""What is typed about a bank's hardware and its compartments; secrets never come out again."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.devices.addresses import resolve
from community.devices.base import DeviceFault
from community.devices.lock_frames import MOST_BOARDS, MOST_LOCKS
from community.devices.sentences import sentence
from parcels.models import Compartment, LockerBank
from parcels.operations import MOST

DRIVERS = [
    ("lock_board_8a", _("Lock boards behind a gateway (8A family)")),
    ("mqtt_locker", _("A controller of its own (MQTT)")),
    ("simulated_locker", _("Simulated bank, for trying out")),
]
FEEDBACKS = [
    ("locked_short", _("They touch while the door is shut (short when locked)")),
    ("open_short", _("They touch while the door is open (short when open)")),
]
READINGS = [
    ("", _("Each lock by a question of its own")),
    ("low_first", _("A whole board by one question, low byte first")),
    ("high_first", _("A whole board by one question, high byte first")),
]
PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
KEPT = _("Never shown again. Fill in only to replace what is kept.")
PART = re.compile(r"(\d{1,3})(?:\s*[-–~]\s*(\d{1,3}))?")
USUAL_PORT = {"lock_board_8a": 4001, "mqtt_locker": 1883}
BARE = (forms.CheckboxInput, forms.RadioSelect)


def _text(label: Any, length: int, hint: Any = "", **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=PLAIN | {"class": "l-input"})
    return forms.CharField(
        label=label, max_length=length, help_text=hint, required=False, widget=widget, **more
    )


def _number(label: Any, least: int, most: int, hint: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "l-input"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=hint, required=False, widget=widget
    )


class ConnectForm(forms.Form):
    """Which driver, and what it has to know; only the chosen driver's fields count."""

    use_required_attribute = False

    driver = forms.ChoiceField(
        label=_("What opens this bank?"), choices=DRIVERS, widget=forms.RadioSelect
    )
    host = _text(
        _("Address"), 253,
        _("Of the gateway or the message broker, in the building's network: 192.168.1.50."),
    )  # fmt: skip
    port = _number(_("Port"), 1, 65535, _("Gateway: often 26, 4001 or 8899. MQTT: 1883."))
    boards = _text(
        _("Boards"), 120,
        _("The addresses on their switches, in the order of the compartments: 1, 2, 3."),
    )  # fmt: skip
    locks_per_board = _number(
        _("Locks per board"), 1, MOST_LOCKS, _("As built, not as used: 8, 12, 16, 24 …")
    )
    feedback = forms.ChoiceField(
        label=_("The two feedback wires of a lock"),
        choices=FEEDBACKS,
        widget=forms.RadioSelect,
        required=False,
    )
    whole_board = forms.ChoiceField(
        label=_("How doors are read"),
        choices=READINGS,
        required=False,
        widget=forms.Select(attrs={"class": "l-input"}),
        help_text=_("More than 30 compartments, or slow boards: read whole boards."),
    )
    answers_open = forms.BooleanField(
        label=_("The boards answer when they are told to open"), required=False
    )
    answer_ms = _number(
        _("Time to answer, in milliseconds"), 100, 3000, _("800 suits most boards.")
    )
    topics = _text(
        _("Prefix of the topics"), 240,
        _("What stands before command, ask, ack, answer and status: lockers/south."),
    )  # fmt: skip
    tls = forms.BooleanField(label=_("Encrypted (TLS)"), required=False)
    verify_tls = forms.BooleanField(label=_("Check the broker's certificate"), required=False)
    username = _text(_("User name at the broker"), 120)
    password = forms.CharField(
        label=_("Password at the broker"),
        required=False,
        max_length=200,
        strip=False,
        help_text=KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "l-input"}),
    )
    OPTIONS = {
        "lock_board_8a": (
            "host", "port", "boards", "locks_per_board", "feedback", "whole_board", "answers_open",
            "answer_ms",
        ),
        "mqtt_locker": ("host", "port", "topics", "tls", "verify_tls"),
        "simulated_locker": (),
    }  # fmt: skip
    NEEDED = {
        "lock_board_8a": ("host", "boards", "locks_per_board", "feedback"),
        "mqtt_locker": ("host", "topics"),
        "simulated_locker": (),
    }

    def __init__(self, bank: LockerBank, sent: Any = None) -> None:
        self.bank = bank
        super().__init__(sent, initial=_initial(bank))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        driver = values.get("driver", "")
        for name in self.NEEDED.get(driver, ()):
            if name not in self.errors and values.get(name) in (None, ""):
                self.add_error(name, _("Please fill this in."))
        # What belongs to another driver is not read, so its faults are none.
        for name in set(self.errors) - {*self.OPTIONS.get(driver, ()), "driver", "__all__"}:
            del self.errors[name]
        if driver == "lock_board_8a":
            self._check_boards(values)
        if values.get("host") and driver in USUAL_PORT:
            self._check_address(values["host"], values.get("port") or USUAL_PORT[driver])
        return values

    def _check_boards(self, values: dict[str, Any]) -> None:
        boards, locks = self._boards(values), values.get("locks_per_board")
        last = max((place.number for place in self.bank.compartments.all()), default=0)
        if boards and locks and len(boards) * locks < last and not self.errors:
            text = _("These boards have %(locks)s locks, and this bank counts to %(last)s.")
            self.add_error("boards", text % {"locks": len(boards) * locks, "last": last})

    def _boards(self, values: dict[str, Any]) -> list[int]:
        words = [word for word in re.split(r"[,，、;\s]+", values.get("boards", "")) if word]
        boards = [int(word) for word in words if word.isdigit() and len(word) < 4]
        fits = len(boards) == len(words) == len(set(boards))
        if words and not (fits and all(1 <= board <= MOST_BOARDS for board in boards)):
            self.add_error("boards", _("Addresses are numbers from 1 to 99, each once: 1, 2, 3."))
            return []
        values["boards"] = boards
        return boards

    def _check_address(self, host: str, port: int) -> None:
        try:
            resolve(host.strip(), port)
        except DeviceFault as refusal:
            # What is off today may be entered; a refused place never.
            if refusal.code == "address_refused":
                self.add_error("host", sentence(refusal.code))

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the driver, of a valid form."""
        values, driver = self.cleaned_data, self.cleaned_data["driver"]
        given = {name: values[name] for name in self.OPTIONS[driver]}
        found = {name: value for name, value in given.items() if value not in (None, "")}
        if "topics" in found:
            found["prefix"] = found.pop("topics").strip("/ ")
        if driver in USUAL_PORT:
            found = {"port": USUAL_PORT[driver], **found, "host": values["host"].strip()}
        return found

    @property
    def credentials(self) -> dict[str, str]:
        if self.cleaned_data["driver"] != "mqtt_locker":
            return {}
        names = ("username", "password")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


def _initial(bank: LockerBank) -> dict[str, Any]:
    usual = {
        "driver": "lock_board_8a", "boards": "1", "locks_per_board": 24, "answers_open": True,
        "answer_ms": 800, "verify_tls": True, "feedback": "locked_short",
    }  # fmt: skip
    if bank.device is None:
        return usual
    device: Any = bank.device
    kept = device.settings if isinstance(device.settings, dict) else {}
    name = (device.credentials or {}).get("username", "")
    told = {**usual, **kept, "topics": kept.get("prefix", ""), "username": name}
    told["driver"] = device.driver
    if isinstance(told["boards"], list):
        told["boards"] = ", ".join(map(str, told["boards"]))
    return told


class MapForm(forms.Form):
    """Which numbers are small, medium and large: "1-18, 20"."""

    use_required_attribute = False

    small = _text(_("Numbers of the small ones"), 200, _("Such as 1-18, 20"))
    medium = _text(_("Numbers of the medium ones"), 200)
    large = _text(_("Numbers of the large ones"), 200)

    def __init__(self, bank: LockerBank, sent: Any = None) -> None:
        places: dict[str, list[int]] = {size: [] for size in Compartment.Size.values}
        for place in bank.compartments.all():
            places[place.size].append(place.number)
        initial = {size: spans(sorted(numbers)) for size, numbers in places.items()}
        super().__init__(sent, initial=initial)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        sizes: dict[int, str] = {}
        for size in Compartment.Size.values:
            for number in self._numbers(size, values.get(size, "")):
                if number in sizes:
                    text = _("Compartment %(number)s stands twice.") % {"number": number}
                    raise ValidationError({size: text})
                sizes[number] = size
        values["sizes"] = sizes
        return values

    @staticmethod
    def _numbers(size: str, text: str) -> list[int]:
        found: list[int] = []
        for word in filter(None, re.split(r"[,，、;]+", text.replace(" ", ""))):
            part = PART.fullmatch(word)
            first = int(part[1]) if part else 0
            last = int(part[2] or first) if part else 0
            if not 1 <= first <= last <= MOST:
                wrong = _("Type numbers from 1 to 200, such as 1-18, 20.")
                raise ValidationError({size: wrong})
            found += range(first, last + 1)
        return found


def spans(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1-3, 7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{a}-{b}" if a != b else f"{a}" for a, b in parts)
