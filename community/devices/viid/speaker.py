"""GA/T 1400 as the one who registers: our side of a platform's wire. Nothing is kept here.

Each request is one connection. Whatever a platform says is bounded, and read tolerantly: numbers
as text, one object where the standard has a list, one status for all of a batch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from community.devices import addresses, digest
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer, exchange
from community.devices.push import NotUnderstood
from community.devices.push.text import at, plain, read_json
from community.devices.viid.objects import listed

CONTENT = "application/VIID+JSON; charset=utf-8"
#: A word of the platform that is kept or shown, in characters.
SAID_MAX = 120
#: Seconds for a request, and for one that carries pictures.
SHORT_S, LONG_S = 10.0, 30.0
#: What GA/T 1400.4 says may be better later: device busy, device error, restarting.
LATER = frozenset({"2", "3", "9"})
#: Invalid operation: also what platforms say to whom they have forgotten.
INVALID = "4"


class Trouble(Exception):
    """The platform took nothing. ``answered``: it is there, and said so itself.

    Codes: those of ``exchange``; ``not_authorised``, ``challenge_not_understood``,
    ``not_registered``, ``bad_answer``, ``busy``, ``answered_<status>``, ``refused_<code>``.
    """

    def __init__(self, code: str, said: str = "", *, answered: bool = True) -> None:
        super().__init__(code)
        self.code, self.said, self.answered = code, said, answered


@dataclass(frozen=True)
class Said:
    """One status: ``0`` is taken; anything else is a code with the platform's words."""

    code: str
    words: str = ""

    @property
    def is_taken(self) -> bool:
        return self.code == "0"

    @property
    def is_for_later(self) -> bool:
        return self.code in LATER


@dataclass(frozen=True)
class Speaker:
    """Who speaks, and to whom. Every method raises Trouble."""

    url: str
    number: str
    username: str
    password: str

    def register(self) -> None:
        """Register by digest. A stale nonce is answered once more, a refused password never."""
        body = {"RegisterObject": {"DeviceID": self.number}}
        answer = self._post("System/Register", body)
        if answer.status == 401:
            answer = self._proved(body, answer)
            if answer.status == 401 and _is_stale(answer):
                answer = self._proved(body, answer)
        if answer.status in (401, 403):
            raise Trouble("not_authorised", _words(answer))
        _check(answer)

    def keep_alive(self) -> None:
        self._tell("System/Keepalive", {"KeepaliveObject": {"DeviceID": self.number}})

    def unregister(self) -> None:
        self._tell("System/UnRegister", {"UnRegisterObject": {"DeviceID": self.number}})

    def send(self, vehicles: Sequence[dict[str, Any]]) -> list[Said | None]:
        """What was said to each vehicle, in order; None where nothing was said to it."""
        body = {"MotorVehicleListObject": {"MotorVehicleObject": list(vehicles)}}
        answer = self._post("MotorVehicles", body, LONG_S)
        _check_http(answer)
        return _each(_read(answer), [plain(one.get("MotorVehicleID")) for one in vehicles])

    def _tell(self, path: str, body: dict[str, Any]) -> None:
        _check(self._post(path, body))

    def _proved(self, body: dict[str, Any], asked: Answer) -> Answer:
        path = f"{urlsplit(self.url).path.rstrip('/')}/VIID/System/Register"
        try:
            challenge = digest.parse(asked.headers.get_list("WWW-Authenticate"))
        except DeviceFault as fault:
            raise Trouble(fault.code, _words(asked)) from fault
        proof = digest.answer(
            challenge, username=self.username, password=self.password, method="POST", target=path
        )
        return self._post("System/Register", body, Authorization=proof)

    def _post(
        self, path: str, body: dict[str, Any], timeout_s: float = SHORT_S, **headers: str
    ) -> Answer:
        told = {"Content-Type": CONTENT, "User-Identify": self.number, "Connection": "close"}
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            request = httpx.Request(
                "POST", f"{self.url}/VIID/{path}", headers=told | headers, content=content
            )
            return exchange(request, timeout_s=timeout_s, resolve=addresses.resolve)
        except (DeviceFault, DeviceSilent) as trouble:
            raise Trouble(trouble.code, answered=False) from trouble
        except (httpx.InvalidURL, UnicodeError, ValueError) as trouble:
            raise Trouble("settings_invalid", answered=False) from trouble


def _is_stale(answer: Answer) -> bool:
    try:
        return digest.parse(answer.headers.get_list("WWW-Authenticate")).stale
    except DeviceFault:
        return False


def _check_http(answer: Answer) -> None:
    if answer.status == 401:
        raise Trouble("not_registered", _words(answer))
    if not 200 <= answer.status < 300:
        raise Trouble(f"answered_{answer.status}", _words(answer))


def _check(answer: Answer) -> None:
    """A status for the whole request. Platforms that answer 200 and nothing have taken it."""
    _check_http(answer)
    if not answer.body.strip():
        return
    for said in _statuses(_read(answer)):
        if said.code == INVALID:
            raise Trouble("not_registered", said.words)
        if not said.is_taken:
            raise Trouble("busy" if said.is_for_later else f"refused_{said.code}", said.words)


def _read(answer: Answer) -> dict[str, Any]:
    try:
        return read_json(answer.body)
    except NotUnderstood as fault:
        raise Trouble("bad_answer", _clean(answer.text)) from fault


def _rows(values: dict[str, Any]) -> list[dict[str, Any]]:
    for outer in ("ResponseStatusListObject", "ResponseStatusList"):
        if rows := listed(at(values.get(outer), "ResponseStatusObject")):
            return rows
    return listed(values.get("ResponseStatusObject"))


def _statuses(values: dict[str, Any]) -> list[Said]:
    return [_said(row) for row in _rows(values)]


def _said(row: dict[str, Any]) -> Said:
    code = plain(row.get("StatusCode"))[:8]
    # A status without a code is none: not taken, and better asked again.
    return Said(code if code.isalnum() else "2", _clean(plain(row.get("StatusString"))))


def _each(values: dict[str, Any], names: list[str]) -> list[Said | None]:
    rows = _rows(values)
    if not rows:
        raise Trouble("bad_answer", _clean(json.dumps(values, ensure_ascii=False)))
    by_name = {plain(row.get("Id")): _said(row) for row in rows}
    if not by_name.keys() & set(names):
        if len(rows) == 1:  # one word for the whole batch
            return _whole(_said(rows[0]), len(names))
        if len(rows) == len(names):  # names of the platform's own, in our order
            return [_said(row) for row in rows]
        raise Trouble("bad_answer", _clean(json.dumps(values, ensure_ascii=False)))
    return [by_name.get(name) for name in names]


def _whole(said: Said, count: int) -> list[Said | None]:
    if said.code == INVALID:
        raise Trouble("not_registered", said.words)
    if count > 1 and not said.is_taken:  # no word about any of them: asked again one by one
        raise Trouble("busy" if said.is_for_later else f"refused_{said.code}", said.words)
    return [said] * count


def _words(answer: Answer) -> str:
    try:
        found = _statuses(read_json(answer.body))
    except NotUnderstood:
        return ""
    return found[0].words if found else ""


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:SAID_MAX].strip()
