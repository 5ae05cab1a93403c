"""What is typed about a camera: where its pictures come from, or how it tells what it reads."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.devices import mqtt_cameras, pull
from community.devices.base import DeviceFault
from community.devices.mqtt_cameras.told import LEVEL, LEVELS
from community.devices.sentences import sentence
from security.setup import typed, words
from security.setup.device_forms import SecretsForm
from security.setup.forms import ZONES
from security.setup.maker_forms import BROKER, BROKER_PORT, CERTIFICATE, SN, TLS
from security.setup.typed import PLAIN, Fields, choice, number, refusal, seconds, text, tick
from security.sources import SourceFault
from security.sources.addresses import allowed_path, stream_address

CAMERAS = [
    ("rtsp", _("Network camera (RTSP)")),
    ("push", _("A camera that reads plates itself and pushes them")),
    ("pull", _("A camera or recorder that Linli listens to (Hikvision, Dahua)")),
    ("mqtt", _("A camera behind an MQTT broker (Vzenith, Qianyi, Frigate)")),
    ("viid", _("A camera or gateway by GA/T 1400")),
    ("browser", _("A phone or tablet")),
    ("video", _("A film")),
    ("folder", _("A folder of pictures")),
]
#: Cameras that read by themselves: nobody looks through them, and they are heard instead.
READERS = ("push", "pull", "mqtt", "viid")
ZONE = choice(
    _("Its clock's zone"), ("", _("China (Beijing time)")), *ZONES[1:],
    hint=_("Counts where the camera says a time without a zone."),
)  # fmt: skip
SURE = number(
    _("How sure a reading counts, in per cent"), 0, 100,
    _("Only for cameras that do not say it. Empty for 95."),
)  # fmt: skip
FIELDS: dict[str, Fields] = {
    "push": {
        "format": choice(_("Maker"), *((kind, words.PUSHES[kind].label) for kind in words.PUSHES)),
    },
    "pull": {
        "format": choice(
            _("Maker and way"),
            ("hikvision", _("Hikvision (ISAPI alertStream)")),
            ("dahua", _("Dahua (eventManager)")),
        ),
        "address": text(
            _("Address of the camera or recorder"), _("Without a path: http://192.168.1.64")
        ),
        "channel": number(_("Channel"), 1, 999, _("Input of a recorder. Empty for the first")),
        "pictures": tick(_("Dahua: ask for the picture too")),
        "own_certificate": CERTIFICATE,
        "silent_s": seconds(
            _("Seconds without a word until it is called again"), 1, 600,
            _("Empty for 60 (Hikvision) or 20 (Dahua)"),
        ),
    },
    "mqtt": {
        "format": choice(
            _("Maker"),
            ("vzenith", _("Vzenith")),
            ("qianyi", _("Qianyi")),
            ("frigate", _("Frigate")),
        ),
        "host": BROKER,
        "port": BROKER_PORT,
        "tls": TLS,
        "sn": SN,
        "camera": text(_("Its name in Frigate"), _("As it stands in Frigate's settings: gate"), 60),
        "prefix": text(_("How its topics begin"), _("Empty for frigate")),
        "threshold": number(
            _("Score from which a plate counts, in per cent"), 50, 100, _("Empty for 90")
        ),
        "own_certificate": CERTIFICATE,
    },
    "viid": {
        "device_id": text(
            _("Its number (20 digits)"),
            _("What stands in DeviceID or TollgateID of its vehicles."), 20,
        ),
    },
}  # fmt: skip
for _own in FIELDS.values():
    _own |= {"timezone": ZONE, "assumed_confidence": SURE}
FOLDED = frozenset({"own_certificate", "silent_s", "prefix", "threshold", "timezone",
                    "assumed_confidence"})  # fmt: skip
#: Fields that only some of a driver's makers have.
ONLY = {"sn": "vzenith,qianyi", "camera": "frigate", "prefix": "frigate", "threshold": "frigate",
        "pictures": "dahua"}  # fmt: skip
NUMBER = re.compile(r"[0-9]{20}")


class CameraForm(SecretsForm):
    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter a name.")}
    )
    driver = forms.ChoiceField(label=_("Kind"), choices=CAMERAS, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=500,
        help_text=_("A stream: rtsp://192.168.1.64/stream1. A film or folder: its name."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    field_order = ["driver", "address", "username", "password", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for driver, fields in FIELDS.items():
            self.fields |= typed.own_fields(driver, fields)
        self.dress()

    def readers(self) -> list[tuple[str, list[Any], list[Any]]]:
        """Each way of cameras that read by themselves: its fields, and those that are folded."""
        return [(driver, *self._parted(driver)) for driver in FIELDS]

    def _parted(self, driver: str) -> tuple[list[Any], list[Any]]:
        plain: list[Any] = []
        folded: list[Any] = []
        for name in FIELDS[driver]:
            only = f"{driver}-format:{ONLY[name]}" if name in ONLY else ""
            (folded if name in FOLDED else plain).append((self[f"{driver}-{name}"], only))
        return plain, folded

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        driver = values.get("driver", "")
        if driver in FIELDS:
            getattr(self, f"_check_{driver}")(values)
            if not self.errors:
                self._fit(driver, values)
            return values
        try:
            values["options"] = self._options(values)
        except SourceFault as fault:
            if fault.code != "unreachable":  # a camera that is off today may be entered
                raise ValidationError({"address": words.fault(fault.code)}) from fault
        return values

    def _fit(self, driver: str, values: dict[str, Any]) -> None:
        """Whether the listener takes these settings."""
        fields = FIELDS[driver]
        own = typed.settings_of(driver, fields, values)
        values["options"] = typed.unasked(driver, fields, dict(self.initial)) | own
        known: Any = {"pull": pull.Options, "mqtt": mqtt_cameras.Options}.get(driver)
        try:
            if known is not None:
                known.read(values["options"])
        except DeviceFault as fault:
            self.add_error("driver", sentence(fault.code))

    def _check_push(self, values: dict[str, Any]) -> None:
        values["push-format"] = values.get("push-format") or next(iter(words.PUSHES))

    def _check_pull(self, values: dict[str, Any]) -> None:
        address = str(values.get("pull-address") or "").rstrip("/")
        values["pull-address"] = address
        values["pull-format"] = values.get("pull-format") or "hikvision"
        if not address:
            self.add_error("pull-address", _("Enter the camera's address: http://192.168.1.64"))
            return
        if fault := refusal(address):
            self.add_error("pull-address", fault)
            return
        parts = urlsplit(address)
        if parts.username or parts.password:
            self.add_error("pull-address", _("Type name and password below, not into the address."))
        elif parts.path or parts.query or parts.fragment:
            self.add_error("pull-address", _("Without a path: http://192.168.1.64"))
        self._need_secrets(values, address=address)

    def _check_mqtt(self, values: dict[str, Any]) -> None:
        values["mqtt-format"] = kind = values.get("mqtt-format") or "vzenith"
        host = str(values.get("mqtt-host") or "")
        if not host:
            self.add_error("mqtt-host", _("Enter the broker's address: 192.168.1.2"))
        elif fault := refusal(f"http://{host}/"):
            self.add_error("mqtt-host", fault)
        named = "camera" if kind == "frigate" else "sn"
        for name in {"camera", "sn", "prefix", "threshold"} - {named}:
            if kind != "frigate" or name == "sn":
                values[f"mqtt-{name}"] = None  # of another maker
        if not LEVEL.fullmatch(str(values.get(f"mqtt-{named}") or "")):
            self.add_error(
                f"mqtt-{named}", _("Type it as it stands in its topics: letters, digits, - and _.")
            )
        prefix = values.get("mqtt-prefix")
        if prefix and not LEVELS.fullmatch(prefix):
            self.add_error("mqtt-prefix", _("Letters and digits, with / between: site/frigate"))

    def _check_viid(self, values: dict[str, Any]) -> None:
        number = str(values.get("viid-device_id") or "")
        if not NUMBER.fullmatch(number):
            self.add_error("viid-device_id", _("This number has twenty digits. Type all of them."))
        elif number in self.initial.get("numbers", ()):
            self.add_error("viid-device_id", _("Another camera here has this number."))
        self._need_secrets(values, device_id=number)

    def _need_secrets(self, values: dict[str, Any], **place: str) -> None:
        """A name and a password, unless they are kept for this very place."""
        kept, before = self.initial.get("kept", {}), self.initial.get("secrets", ())
        is_same = self.initial.get("driver") == values.get("driver")
        is_kept = is_same and all(kept.get(name) == said for name, said in place.items())
        for name, said in (
            ("username", _("Enter the user name.")),
            ("password", _("Enter the password.")),
        ):
            if not values.get(name) and not (is_kept and name in before):
                self.add_error(name, said)

    def _options(self, values: dict[str, Any]) -> dict[str, Any]:
        """Settings of the source. Raises SourceFault."""
        driver, address = values.get("driver"), values.get("address", "").strip()
        if driver == "browser":
            return {}
        if not address:
            raise ValidationError({"address": _("Enter where the pictures come from.")})
        if driver == "video":
            return {"path": allowed_path(address), "loop": True}
        if driver == "folder":
            return {"path": allowed_path(address), "loop": True, "seconds_per_picture": 4}
        values["options"] = {"url": self._without_secrets(values, address)}
        stream_address(address, {})
        return dict(values["options"])

    def _without_secrets(self, values: dict[str, Any], address: str) -> str:
        """A password inside the address belongs to the secrets, not into plain settings."""
        try:
            parts = urlsplit(address)
            port = f":{parts.port}" if parts.port else ""
        except ValueError as error:
            raise SourceFault("refused_address") from error
        for name in ("username", "password"):
            values[name] = values.get(name) or unquote(getattr(parts, name) or "")
        host = parts.netloc.rpartition("@")[2].removesuffix(port)
        return urlunsplit((parts.scheme, host + port, parts.path, parts.query, ""))

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.cleaned_data.get("options") or {})
