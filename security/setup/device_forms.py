"""What is typed about a device, and about a barrier; secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.devices.drivers.http_relay import PULSES
from community.devices.mqtt_cameras.told import LEVEL
from security.setup import maker_forms, typed
from security.setup.operations import DevicePlan
from security.setup.styled import StyledForm
from security.setup.typed import KEPT, PLAIN, refusal

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
        for driver, fields in maker_forms.FIELDS.items():
            self.fields |= typed.own_fields(driver, fields)
        self.fields |= typed.own_fields("http_relay", maker_forms.RELAY_MORE)
        self.dress()

    def makers(self) -> list[tuple[str, list[Any], list[Any]]]:
        """Each maker's driver, its fields, and those that are folded, for the page."""
        return [(driver, *self._parted(driver)) for driver in maker_forms.FIELDS]

    def _parted(self, driver: str) -> tuple[list[Any], list[Any]]:
        plain: list[Any] = []
        folded: list[Any] = []
        for name in maker_forms.FIELDS[driver]:
            (folded if name in maker_forms.FOLDED else plain).append(self[f"{driver}-{name}"])
        return plain, folded

    def relay_more(self) -> list[Any]:
        """What stands folded about a relay told by HTTP."""
        return [self[f"http_relay-{name}"] for name in maker_forms.RELAY_MORE]

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
        if driver == "vzenith_mqtt":
            self._check_topics(values)
        url, host = (str(values.get(f"{driver}-{name}") or "") for name in ("url", "host"))
        if fault := refusal(url):
            self.add_error(f"{driver}-url", fault)
        if host and (fault := refusal(f"http://{host}/")):
            self.add_error(f"{driver}-host", fault)

    def _check_topics(self, values: dict[str, Any]) -> None:
        if not values.get("vzenith_mqtt-host"):
            self.add_error("vzenith_mqtt-host", _("Enter the broker's address: 192.168.1.2"))
        if not LEVEL.fullmatch(str(values.get("vzenith_mqtt-sn") or "")):
            self.add_error(
                "vzenith_mqtt-sn",
                _("Type it as it stands in its topics: letters, digits, - and _."),
            )

    def _check_relay(self, values: dict[str, Any]) -> None:
        if not values.get("open_url"):
            self.add_error("open_url", _("Enter the address that opens."))
        for field in ("open_url", "status_url"):
            if fault := refusal(values.get(field) or ""):
                self.add_error(field, fault)
        text = f"{values.get('open_url')}{values.get('open_body')}"
        has_pulse = values.get("pulse_in_device") or any(pulse in text for pulse in PULSES)
        if not has_pulse and "open_url" not in self.errors:
            self.add_error(
                "open_url",
                _("The address holds no pulse. Put {pulse_s} into it, or tick the box below."),
            )
        for name in ("keep_open_url", "release_url", "challenge_url", "inputs_url"):
            if fault := refusal(values.get(f"http_relay-{name}") or ""):
                self.add_error(f"http_relay-{name}", fault)
        asks = values.get("status_url") or values.get("http_relay-challenge_url")
        if values.get("auth") == "digest" and not asks:
            self.add_error("status_url", _("Signing in by digest needs this address."))

    @property
    def options(self) -> dict[str, Any]:
        """Settings of the driver, of a valid form."""
        if self.cleaned_data["driver"] == "simulated":
            return {"latency_ms": 80, "lag_ms": 900}
        if (driver := self.cleaned_data["driver"]) in maker_forms.FIELDS:
            fields = maker_forms.FIELDS[driver]
            own = typed.settings_of(driver, fields, self.cleaned_data)
            return typed.unasked(driver, fields, dict(self.initial)) | own
        more = typed.settings_of("http_relay", maker_forms.RELAY_MORE, self.cleaned_data)
        return more | {name: value for name in self.RELAY if (value := self.cleaned_data[name])}
