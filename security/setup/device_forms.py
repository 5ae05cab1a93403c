"""What is typed about a camera and a barrier; secrets go in and never come out."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.devices.addresses import resolve
from community.devices.base import DeviceFault
from community.devices.drivers.http_relay import PULSES
from community.devices.sentences import sentence
from security.setup import maker_forms, words
from security.setup.operations import DevicePlan
from security.setup.styled import StyledForm
from security.sources import SourceFault
from security.sources.addresses import allowed_path, stream_address

CAMERAS = [
    ("rtsp", _("Network camera (RTSP)")),
    ("push", _("A camera that reads plates itself and pushes them")),
    ("browser", _("A phone or tablet")),
    ("video", _("A film")),
    ("folder", _("A folder of pictures")),
]
BARRIERS = [
    ("http_relay", _("Relay told by HTTP")),
    *maker_forms.CHOICES,
    ("simulated", _("Simulated, for trying out")),
]
AUTHS = [
    ("none", _("None")),
    ("basic", _("User name and password (basic)")),
    ("digest", _("User name and password (digest)")),
    ("bearer", _("Token")),
]
PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
KEPT = _("Never shown again. Fill in only to replace what is kept.")


class SecretsForm(StyledForm):
    """A name and a password at the device."""

    username = forms.CharField(
        label=_("User name at the device"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=PLAIN),
    )
    password = forms.CharField(
        label=_("Password at the device"),
        required=False,
        max_length=200,
        strip=False,
        help_text=KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    @property
    def options(self) -> dict[str, Any]:
        """Settings of the driver, of a valid form."""
        raise NotImplementedError

    @property
    def plan(self) -> DevicePlan:
        """Of a valid form."""
        values = self.cleaned_data
        return DevicePlan(values["name"], values["driver"], self.options, self.credentials)

    @property
    def credentials(self) -> dict[str, str]:
        names = ("username", "password", "token")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


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
    format = forms.ChoiceField(
        label=_("Maker"),
        required=False,
        choices=[(kind, words.PUSHES[kind].label) for kind in words.PUSHES],
    )
    field_order = ["driver", "format", "address", "username", "password", "name"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            values["options"] = self._options(values)
        except SourceFault as fault:
            if fault.code != "unreachable":  # a camera that is off today may be entered
                raise ValidationError({"address": words.fault(fault.code)}) from fault
        return values

    def _options(self, values: dict[str, Any]) -> dict[str, Any]:
        """Settings of the source. Raises SourceFault."""
        driver, address = values.get("driver"), values.get("address", "").strip()
        if driver == "browser":
            return {}
        if driver == "push":
            return {"format": values.get("format") or next(iter(words.PUSHES))}
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


class BarrierForm(SecretsForm):
    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter a name.")}
    )
    driver = forms.ChoiceField(label=_("Kind"), choices=BARRIERS, widget=forms.RadioSelect)
    open_url = forms.CharField(
        label=_("Address that opens"),
        required=False,
        max_length=500,
        help_text=_("The pulse stands in it as {pulse_s}, {pulse_ms} or {pulse_ds}."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    method = forms.ChoiceField(
        label=_("Method"), choices=[(each, each) for each in ("GET", "POST", "PUT")]
    )
    open_body = forms.CharField(
        label=_("Body"), required=False, max_length=2000, widget=forms.TextInput(attrs=PLAIN)
    )
    pulse_in_device = forms.BooleanField(
        label=_("The relay ends the pulse by its own setting"), required=False
    )
    status_url = forms.CharField(
        label=_("Address that only asks"),
        required=False,
        max_length=500,
        help_text=_("A harmless question, to know whether the relay answers. May stay empty."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    auth = forms.ChoiceField(label=_("Sign-in at the relay"), choices=AUTHS)
    token = forms.CharField(
        label=_("Token at the device"),
        required=False,
        max_length=400,
        help_text=KEPT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = [
        *("driver", "open_url", "method", "open_body", "pulse_in_device", "status_url"),
        *("auth", "username", "password", "token", "name"),
    ]
    RELAY = ("open_url", "method", "open_body", "pulse_in_device", "status_url", "auth")
    #: Of a maker's device: other fields than the relay's, so that each page part has its own.
    maker_username = forms.CharField(
        label=_("User name at the device"), required=False, max_length=120,
        widget=forms.TextInput(attrs=PLAIN),
    )  # fmt: skip
    maker_password = forms.CharField(
        label=_("Password at the device"), required=False, max_length=200, strip=False,
        help_text=KEPT, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for driver in maker_forms.FIELDS:
            for name, field in maker_forms.own_fields(driver).items():
                self.fields[name] = field
        self.dress()

    def makers(self) -> list[tuple[str, list[Any]]]:
        """Each maker's driver and its fields, for the page."""
        return [
            (driver, [self[name] for name in maker_forms.own_fields(driver)])
            for driver in maker_forms.FIELDS
        ]

    @property
    def makers_with_sign_in(self) -> str:
        return ",".join(maker_forms.SIGN_IN)

    @property
    def credentials(self) -> dict[str, str]:
        if self.cleaned_data["driver"] not in maker_forms.FIELDS:
            return super().credentials
        names = ("username", "password")
        return {name: value for name in names if (value := self.cleaned_data[f"maker_{name}"])}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("driver") == "http_relay":
            self._check_relay(values)
        elif values.get("driver") in maker_forms.FIELDS:
            self._check_maker(values)
        return values

    def _check_maker(self, values: dict[str, Any]) -> None:
        """Where it is; whether the rest fits together is the driver's to say."""
        driver = values["driver"]
        url, host = (str(values.get(f"{driver}-{name}") or "") for name in ("url", "host"))
        if fault := _refusal(url):
            self.add_error(f"{driver}-url", fault)
        if host and (fault := _refusal(f"http://{host}/")):
            self.add_error(f"{driver}-host", fault)

    def _check_relay(self, values: dict[str, Any]) -> None:
        if not values.get("open_url"):
            self.add_error("open_url", _("Enter the address that opens."))
        for field in ("open_url", "status_url"):
            if fault := _refusal(values.get(field) or ""):
                self.add_error(field, fault)
        text = f"{values.get('open_url')}{values.get('open_body')}"
        has_pulse = values.get("pulse_in_device") or any(pulse in text for pulse in PULSES)
        if not has_pulse and "open_url" not in self.errors:
            self.add_error(
                "open_url",
                _("The address holds no pulse. Put {pulse_s} into it, or tick the box below."),
            )
        if values.get("auth") == "digest" and not values.get("status_url"):
            self.add_error("status_url", _("Signing in by digest needs this address."))

    @property
    def options(self) -> dict[str, Any]:
        """Settings of the driver, of a valid form."""
        if self.cleaned_data["driver"] == "simulated":
            return {"latency_ms": 80, "lag_ms": 900}
        if (driver := self.cleaned_data["driver"]) in maker_forms.FIELDS:
            typed = maker_forms.settings_of(driver, self.cleaned_data)
            return maker_forms.unshown(driver, dict(self.initial)) | typed
        return {name: value for name in self.RELAY if (value := self.cleaned_data[name])}


def _refusal(url: str) -> str:
    """Why a relay cannot have this address; nothing where it can."""
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
        # A relay that is off today may be entered; a refused place never.
        return sentence(fault.code) if fault.code == "address_refused" else ""
    return ""
