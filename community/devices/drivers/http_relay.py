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

import base64
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

import httpx
from django.utils import timezone

from community.devices import digest
from community.devices.answers import holds, number_after, position
from community.devices.base import PULSE_MS, BarrierState, DeviceFault, DeviceSilent, Health, Inputs
from community.devices.exchange import Answer, exchange, reach
from community.devices.options import DriverOptions
from community.devices.registry import register

PULSES = ("{pulse_ms}", "{pulse_s}", "{pulse_ds}")
LONGEST_TEXT = 2000
REFUSED = "not_authorised"


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
                _url(text)
        return options

    def _is_right(self) -> bool:
        return self._are_types_right() and self._makes_sense()

    def _are_types_right(self) -> bool:
        for field in fields(self):
            value = getattr(self, field.name)
            wanted = {"str": str, "bool": bool}.get(str(field.type))
            too_long = isinstance(value, str) and len(value) > LONGEST_TEXT
            if too_long or (wanted and not isinstance(value, wanted)):
                return False
        return type(self.timeout_s) in (int, float)

    def _makes_sense(self) -> bool:
        has_pulse = any(pulse in self.open_url + self.open_body for pulse in PULSES)
        return (
            (has_pulse or self.pulse_in_device)
            and self.method in ("GET", "POST", "PUT")
            and self.auth in ("none", "basic", "digest", "bearer")
            and 0.5 <= self.timeout_s <= 5.0
            and not (self.auth == "digest" and not (self.challenge_url or self.status_url))
        )


@register("http_relay")
class HttpRelay:
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        own.pop("device_id", None)
        self.send_before: datetime | None = own.pop("send_before", None)
        self.options = Options.read(own)
        self.credentials = credentials

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
        # A read may be lost on a busy radio link, and may be asked again.
        health = self._ask_health()
        return self._ask_health() if health.state == "offline" else health

    def _ask_health(self) -> Health:
        try:
            if not self.options.status_url:
                reach(_url(self.options.open_url), timeout_s=self.options.timeout_s)
                return Health("online")
            status = self._read(self.options.status_url).status
        except DeviceFault as fault:
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        except DeviceSilent as silence:
            return Health("offline" if silence.code == "no_answer" else "faulty", silence.code)
        return Health("online") if 200 <= status < 300 else Health("faulty", f"answered_{status}")

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
            return self._read(url)
        except (DeviceFault, DeviceSilent):
            return None

    def _command(self, action: str, **values: Any) -> None:
        """Send one command, once. The only GET that may come before it asks for a nonce."""
        request = self._request(
            self.options.method,
            _fill(getattr(self.options, f"{action}_url"), values),
            _fill(getattr(self.options, f"{action}_body"), values),
        )
        if self.options.auth == "digest":
            self._answer_challenge(request, self._challenge())
        answer = exchange(
            request,
            timeout_s=self.options.timeout_s,
            send_before=self.send_before,
            verify_tls=self.options.verify_tls,
        )
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        """Return when the device said yes."""
        if answer.status in (401, 403):
            raise DeviceFault(REFUSED)
        if 400 <= answer.status < 500 and answer.status != 408:
            raise DeviceFault(f"refused_{answer.status}")
        if 300 <= answer.status < 400:
            # Small boards act and then send the browser back to their first page.
            raise DeviceSilent("redirected")
        if not 200 <= answer.status < 300:
            raise DeviceSilent(f"answered_{answer.status}")
        if holds(answer, self.options.refused_contains):
            raise DeviceFault("refused")
        wanted = self.options.accepted_contains
        if wanted and not holds(answer, wanted):
            raise DeviceSilent("answer_not_understood")

    def _read(self, url: str) -> Answer:
        """A harmless GET; a digest challenge is answered once: a second 401 locks the account."""
        request = self._request("GET", url)
        answer = self._get(request)
        if answer.status == 401 and self.options.auth == "digest":
            self._answer_challenge(request, _challenge_of(answer))
            answer = self._get(request)
        if answer.status in (401, 403):
            raise DeviceFault(REFUSED)
        return answer

    def _challenge(self) -> digest.Challenge | None:
        """A nonce for the command, or None from a device that asks for no password."""
        url = self.options.challenge_url or self.options.status_url
        try:
            answer = self._get(self._request("GET", url))
        except DeviceSilent as silence:
            # Nothing but a question was sent.
            raise DeviceFault("unreachable") from silence
        if 300 <= answer.status < 400:
            raise DeviceFault("redirected")
        return _challenge_of(answer) if answer.status == 401 else None

    def _get(self, request: httpx.Request) -> Answer:
        options = self.options
        return exchange(request, timeout_s=options.timeout_s, verify_tls=options.verify_tls)

    def _request(self, method: str, url: str, body: str = "") -> httpx.Request:
        if not url:
            raise DeviceFault("action_unsupported")
        headers = {"Connection": "close", "User-Agent": "Linli", "Accept": "*/*"}
        if body and self.options.content_type:
            headers["Content-Type"] = self.options.content_type
        try:
            if self.options.auth == "basic":
                pair = f"{self._secret('username')}:{self._secret('password')}"
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            elif self.options.auth == "bearer":
                headers["Authorization"] = f"Bearer {self._secret('token')}"
            content = body.encode() if body else None
            return httpx.Request(method, _url(url), headers=headers, content=content)
        except (ValueError, TypeError) as error:
            raise DeviceFault("settings_invalid") from error

    def _secret(self, name: str) -> str:
        secret = self.credentials.get(name)
        if not isinstance(secret, str) or not secret:
            raise DeviceFault("credentials_missing")
        return secret

    def _answer_challenge(self, request: httpx.Request, challenge: digest.Challenge | None) -> None:
        if challenge:
            request.headers["Authorization"] = digest.answer(
                challenge,
                username=self._secret("username"),
                password=self._secret("password"),
                method=request.method,
                target=request.url.raw_path.decode("ascii"),
            )


def _challenge_of(answer: Answer) -> digest.Challenge:
    return digest.parse(answer.headers.get_list("www-authenticate"))


def _url(text: str) -> httpx.URL:
    """Raises ``DeviceFault``: no web address, or one with a password in it."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise DeviceFault("settings_invalid") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise DeviceFault("address_refused")
    if url.port is not None and not 0 < url.port < 65536:
        raise DeviceFault("settings_invalid")
    return url


def _fill(template: str, values: dict[str, Any]) -> str:
    # Not str.format: bodies are JSON, full of braces.
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template
