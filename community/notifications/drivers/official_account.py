"""Template messages of a WeChat official account, to people who follow it.

Settings: ``app_id``, ``template_id``, ``fields`` (the template's fields → ``title``, ``text``,
``at`` or a fact; else ``thing1`` and ``thing2``), ``templates`` (kind → ``{"id", "fields"}``),
``site`` (our own address, for the link), ``url``. Credentials: ``app_secret``.

The access token comes from ``cgi-bin/stable_token``, which gives the same one to whoever asks
within its time: each process keeps its own copy, and one that is refused is asked for anew once.
``client_msg_id`` lets the provider drop a repeat for ten minutes. Sources: "getStableAccessToken"
and "sendTemplateMessage" in the provider's documentation.
"""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import quote

from community.notifications.base import Message, NotSent, Receipt, Unsure
from community.notifications.registry import register
from community.notifications.sending import (
    REST_S,
    base_url,
    check_status,
    compact,
    json_of,
    post,
    secret_of,
    text_of,
)

URL = "https://api.weixin.qq.com"
#: A token is not used in its last minutes: the provider may have changed it already.
MARGIN_S = 300.0
STALE = (40001, 40014, 42001)
#: Not a follower any more, refused by the person, or no such openid.
LASTING = (40003, 43004, 43101, 43116)
BUSY = (45009, 45011)
KEYS = (40013, 40125, 40164, 41004, 61024)
JSON = {"Content-Type": "application/json; charset=utf-8"}

_tokens: dict[tuple[str, str], tuple[str, float]] = {}
_lock = threading.Lock()


@register("official_account")
class OfficialAccount:
    """See the module."""

    repeatable = True

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.settings = settings
        self.url = base_url(settings, URL)
        self.app_id = text_of(settings, "app_id")
        self.secret = secret_of(credentials, "app_secret")

    def send(self, message: Message) -> Receipt:
        told = self._send(message, self._token())
        if told.get("errcode") in STALE:
            with _lock:
                _tokens.pop((self.url, self.app_id), None)
            told = self._send(message, self._token())
        return _read(told)

    def _send(self, message: Message, token: str) -> dict[str, Any]:
        template, fields = self._template(message)
        words = {"title": message.title, "text": message.text, "at": message.sent_at}
        values = words | {name: str(value) for name, value in message.facts.items()}
        body = {
            "touser": message.to,
            "template_id": template,
            "client_msg_id": message.key,
            "data": {name: {"value": values.get(fact, "")} for name, fact in fields.items()},
        }
        if site := text_of(self.settings, "site").rstrip("/"):
            body["url"] = site + message.path
        target = f"{self.url}/cgi-bin/message/template/send?access_token={quote(token, safe='')}"
        answer = post(target, headers=JSON, content=compact(body))
        check_status(answer)
        return json_of(answer)

    def _template(self, message: Message) -> tuple[str, dict[str, str]]:
        known = self.settings.get("templates", {})
        own = known.get(message.kind) if isinstance(known, dict) and message.facts else None
        if not isinstance(own, dict):
            fields = self.settings.get("fields", {"thing1": "title", "thing2": "text"})
            own = {"id": text_of(self.settings, "template_id"), "fields": fields}
        if not own.get("id") or not isinstance(own.get("fields"), dict):
            raise NotSent("settings_invalid", ours=True)
        return str(own["id"]), own["fields"]

    def _token(self) -> str:
        """Kept until shortly before its end. Raises ``NotSent``: nothing was sent to anybody."""
        name = (self.url, self.app_id)
        with _lock:
            token, until = _tokens.get(name, ("", 0.0))
            if until > time.monotonic():
                return token
            token, lasts = self._ask_token()
            _tokens[name] = (token, time.monotonic() + lasts - MARGIN_S)
            return token

    def _ask_token(self) -> tuple[str, float]:
        asked = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret,
            "force_refresh": False,
        }
        try:
            answer = post(f"{self.url}/cgi-bin/stable_token", headers=JSON, content=compact(asked))
            check_status(answer)
            told = json_of(answer)
        except Unsure as doubt:
            # Only the token is in doubt; no message has left.
            raise NotSent(doubt.code) from doubt
        token, lasts = told.get("access_token"), told.get("expires_in", 7200)
        if isinstance(token, str) and token and isinstance(lasts, int | float):
            return token, float(lasts)
        if told.get("errcode") in BUSY:
            raise NotSent("too_many", retry_after_s=REST_S)
        raise NotSent("not_authorised", ours=True)


def _read(told: dict[str, Any]) -> Receipt:
    code = told.get("errcode")
    if code == 0:
        return Receipt(reference=str(told.get("msgid", ""))[:100])
    if code in LASTING:
        raise NotSent("not_following", lasting=True)
    if code in BUSY:
        raise NotSent("too_many", retry_after_s=REST_S)
    if code in KEYS or code in STALE:
        raise NotSent("not_authorised", ours=True)
    if code == -1:
        raise Unsure("provider_trouble")
    if isinstance(code, int):
        raise NotSent("provider_refused", ours=True)
    raise Unsure("answer_not_understood")
