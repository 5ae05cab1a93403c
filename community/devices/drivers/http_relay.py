"""A relay or barrier controller that is told by HTTP, such as Shelly, Tasmota or ISAPI devices.

Settings (all text unless said otherwise; ``{…}`` are filled in):

- ``open_url``, ``keep_open_url``, ``release_url``, and ``…_body``; ``method`` (GET, POST, PUT),
  ``content_type``. Places: ``{pulse_ms}``, ``{pulse_s}``, ``{pulse_ds}`` (tenths of a second),
  ``{command_id}``, ``{until_s}`` (seconds from now).
- ``pulse_in_device`` (true or false): the device ends it. Otherwise the opening carries a pulse.
- ``status_url``: a harmless GET; ``open_contains``, ``closed_contains``: what its answer holds when
  a position input says so (blanks do not count). A relay's output says nothing of the arm.
- ``inputs_url``: a harmless GET for a door's inputs (else ``status_url``); its answer holds
  ``contact_open_contains``, ``contact_closed_contains``, ``button_contains``, ``fire_contains``.
  Presses of an exit button between two reads are told by ``button_age_after`` or
  ``button_count_after``, the text before the seconds since then or before their number, or by an
  input that stays on until it is read (``button_latched``, true). ``no_exit_button`` (true): the
  door has none. With none of these an opening without order is assumed to be a leaving.
- ``accepted_contains``, ``refused_contains``: what a 200 must hold to mean yes, or means no.
- ``auth``: none, basic, digest, bearer, with the credentials ``username`` and ``password``, or
  ``token``; ``challenge_url``: harmless, for the digest's nonce (else ``status_url``);
  ``timeout_s`` (0.5 to 5, else 3); ``verify_tls`` (true or false).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from django.utils import timezone

from community.devices.answers import holds, number_after, position
from community.devices.base import PULSE_MS, BarrierState, DeviceFault, DeviceSilent, Health, Inputs
from community.devices.exchange import Answer, reach
from community.devices.options import DriverOptions
from community.devices.registry import register
from community.devices.web_device import AUTHS, Access, WebDevice, checked, judge

PULSES = ("{pulse_ms}", "{pulse_s}", "{pulse_ds}")


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See the module."""

    open_url: str
    open_body: str = ""
    keep_open_url: str = ""
    keep_open_body: str = ""
    release_url: str = ""
    release_body: str = ""
    method: str = "GET"
    content_type: str = ""
    pulse_in_device: bool = False
    status_url: str = ""
    open_contains: str = ""
    closed_contains: str = ""
    inputs_url: str = ""
    contact_open_contains: str = ""
    contact_closed_contains: str = ""
    button_contains: str = ""
    button_age_after: str = ""
    button_count_after: str = ""
    button_latched: bool = False
    no_exit_button: bool = False
    fire_contains: str = ""
    accepted_contains: str = ""
    refused_contains: str = ""
    auth: str = "none"
    challenge_url: str = ""
    timeout_s: float = 3.0
    verify_tls: bool = True

    @classmethod
    def read(cls, settings: dict[str, Any]) -> Self:
        options = super().read(settings)
        for field in fields(options):
            if field.name.endswith("_url") and (text := getattr(options, field.name)):
                checked(text)
        return options

    def _is_right(self) -> bool:
        return self._are_types_right() and self._makes_sense()

    def _makes_sense(self) -> bool:
        has_pulse = any(pulse in self.open_url + self.open_body for pulse in PULSES)
        return (
            (has_pulse or self.pulse_in_device)
            and self.method in ("GET", "POST", "PUT")
            and self.auth in AUTHS
            and 0.5 <= self.timeout_s <= 5.0
            and not (self.auth == "digest" and not (self.challenge_url or self.status_url))
        )


@register("http_relay")
class HttpRelay:
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        device_id, send_before = int(own.pop("device_id", 0)), own.pop("send_before", None)
        self.options = options = Options.read(own)
        access = Access(options.auth, options.timeout_s, options.verify_tls, options.content_type)
        self.web = WebDevice(access, credentials, device_id=device_id, send_before=send_before)

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        if not 100 <= pulse_ms <= 10_000:
            raise DeviceFault("pulse_refused")
        self._command(
            "open",
            command_id=command_id,
            pulse_ms=pulse_ms,
            pulse_s=f"{pulse_ms / 1000:g}",
            pulse_ds=round(pulse_ms / 100),
        )

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        left = max(0, round((until - timezone.now()).total_seconds()))
        self._command("keep_open", command_id=command_id, until_s=left)

    def release(self, *, command_id: int) -> None:
        self._command("release", command_id=command_id)

    def state(self) -> BarrierState:
        url = self.options.status_url
        if not (url and (answer := self._try_status(url)) and answer.status == 200):
            return BarrierState.UNKNOWN
        is_open = holds(answer, self.options.open_contains)
        return position(is_open, holds(answer, self.options.closed_contains))

    def health(self) -> Health:
        if self.options.status_url:
            return self.web.health(self.options.status_url)
        health = self._reached()
        return self._reached() if health.state == "offline" else health

    def _reached(self) -> Health:
        try:
            reach(checked(self.options.open_url), timeout_s=self.options.timeout_s)
        except DeviceFault as fault:
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        return Health("online")

    def inputs(self) -> Inputs:
        options = self.options
        texts = (options.contact_open_contains, options.contact_closed_contains)
        more = (options.button_contains, options.fire_contains)
        numbers = (options.button_age_after, options.button_count_after)
        url = options.inputs_url or options.status_url
        answer = self._try_status(url) if url and any(texts + more + numbers) else None
        if answer is None or answer.status != 200:
            return Inputs()
        contact = position(*(holds(answer, text) for text in texts))
        button, fire = (holds(answer, text) if text else None for text in more)
        age, count = (number_after(answer, text) for text in numbers)
        sure = options.no_exit_button or (options.button_latched and button is not None)
        return Inputs(contact, button, fire, age, None if count is None else int(count), sure)

    def _try_status(self, url: str) -> Answer | None:
        try:
            return self.web.ask(url)
        except (DeviceFault, DeviceSilent):
            return None

    def _command(self, action: str, **values: Any) -> None:
        """Send one command, once. The only GET that may come before it asks for a nonce."""
        options = self.options
        answer = self.web.tell(
            options.method,
            _fill(getattr(options, f"{action}_url"), values),
            _fill(getattr(options, f"{action}_body"), values),
            challenge_url=options.challenge_url or options.status_url,
        )
        judge(answer)
        if holds(answer, options.refused_contains):
            raise DeviceFault("refused")
        wanted = options.accepted_contains
        if wanted and not holds(answer, wanted):
            raise DeviceSilent("answer_not_understood")


def _fill(template: str, values: dict[str, Any]) -> str:
    # Not str.format: bodies are JSON, full of braces.
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template
