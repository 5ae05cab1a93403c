"""A provider that is nowhere, and can fail in every way that a real one does.

``VAR_DIR/simulated/messages-<channel>.log`` has one line per message that reached its person;
``messages-<channel>.json`` holds behaviour set at run time over the channel's settings:
``delay_ms``; ``fail`` (nothing is sent), ``refuse`` (this address never), ``lose_answer`` (it is
sent, nobody knows), ``garbage``; ``per_minute`` (0: no limit), ``retry_after_s``; ``deny``.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings as django_settings

from community.notifications.base import Message, NotSent, Receipt, Unsure
from community.notifications.registry import register

log = structlog.get_logger(__name__)
DEFAULTS: dict[str, Any] = {
    "delay_ms": 0,
    "timeout_ms": 3000,
    "fail": False,
    "refuse": False,
    "lose_answer": False,
    "garbage": False,
    "deny": False,
    "per_minute": 0,
    "retry_after_s": 30,
}


def _path(channel_id: int, ending: str) -> Path:
    return Path(django_settings.VAR_DIR) / "simulated" / f"messages-{channel_id}.{ending}"


def arrived(channel_id: int) -> list[dict[str, Any]]:
    """What reached people, oldest first: ``at``, ``key``, ``kind``, ``text``; no address."""
    try:
        lines = _path(channel_id, "log").read_text().splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def behave(channel_id: int, **behaviour: Any) -> None:
    """Change how the provider behaves, in all processes. Raises ValueError for unknown words."""
    check(behaviour)
    path = _path(channel_id, "json")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(json.dumps(behaviour))
    draft.replace(path)


def check(behaviour: dict[str, Any]) -> None:
    for name, value in behaviour.items():
        wanted = DEFAULTS.get(name)
        if type(wanted) is not type(value) or (type(value) is int and not 0 <= value <= 600_000):
            raise ValueError(f"no such behaviour: {name} = {value!r}")


@register("simulated")
class Simulated:
    """See the module."""

    repeatable = False

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.channel_id = int(settings.get("channel_id") or 0)
        own = {name: settings[name] for name in DEFAULTS.keys() & settings.keys()}
        try:
            check(own)
        except ValueError as error:
            raise NotSent("settings_invalid", ours=True) from error
        self.settings = {**DEFAULTS, **own}

    def send(self, message: Message) -> Receipt:
        behaviour = self._behaviour()
        if behaviour["deny"]:
            raise NotSent("not_authorised", ours=True)
        if behaviour["refuse"]:
            raise NotSent("number_refused", lasting=True)
        if behaviour["fail"]:
            raise NotSent("unreachable")
        if behaviour["per_minute"] and self._recent() >= behaviour["per_minute"]:
            raise NotSent("too_many", retry_after_s=float(behaviour["retry_after_s"]))
        self._arrive(message)
        time.sleep(min(behaviour["delay_ms"], behaviour["timeout_ms"]) / 1000)
        if behaviour["lose_answer"] or behaviour["delay_ms"] > behaviour["timeout_ms"]:
            raise Unsure("no_answer")
        if behaviour["garbage"]:
            raise Unsure("answer_not_understood")
        return Receipt(reference=f"sim-{message.key[:12]}", delivered=True)

    def _behaviour(self) -> dict[str, Any]:
        try:
            return {**self.settings, **json.loads(_path(self.channel_id, "json").read_text())}
        except FileNotFoundError:
            return self.settings

    def _recent(self) -> int:
        return sum(1 for each in arrived(self.channel_id) if each["at"] > time.time() - 60)

    def _arrive(self, message: Message) -> None:
        # Whoever tries the demo has no such telephone: the text stands in the server's log.
        log.warning("simulated_message", kind=message.kind, text=message.text)
        told = {"at": time.time(), "key": message.key, "kind": message.kind, "text": message.text}
        path = _path(self.channel_id, "log")
        path.parent.mkdir(parents=True, exist_ok=True)
        # One write of one line with O_APPEND: lines of two processes never mix.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, json.dumps(told, ensure_ascii=False).encode() + b"\n")
        finally:
            os.close(descriptor)
