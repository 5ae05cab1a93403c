"""SMS through Alibaba Cloud (dysmsapi 2017-05-25, SendSms), signed with ACS3-HMAC-SHA256.

Settings: ``sign_name``, ``template_code``, ``template_param`` (the template's one variable, else
``text``), ``templates`` (kind → ``{"code": …, "fields": {variable: fact}}``, where a fact may also
be ``text`` or ``title``), ``url`` (else the public endpoint). Credentials: ``access_key_id``,
``access_key_secret``. The provider cannot tell repeats: a message whose fate is unknown is not
sent again here. Sources: "V3 request structure and signature", "SendSms", "API error codes" in
the provider's documentation.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from community.devices.exchange import Answer
from community.notifications.base import Message, NotSent, Receipt, Unsure
from community.notifications.registry import register
from community.notifications.sending import (
    REST_S,
    base_url,
    check_status,
    json_of,
    post,
    secret_of,
    text_of,
)

ALGORITHM = "ACS3-HMAC-SHA256"
ENDPOINT = "https://dysmsapi.aliyuncs.com"
ACTION, VERSION = "SendSms", "2017-05-25"
#: Too much at once, for all or for this number.
BUSY = ("Throttling", "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL")
#: This number will never get it.
LASTING = (
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
)
KEYS = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "isp.RAM_PERMISSION_DENY")
TROUBLE = ("isp.SYSTEM_ERROR", "InternalError", "ServiceUnavailable")


def canonical_query(parameters: Mapping[str, str]) -> str:
    """RFC 3986, sorted by name."""
    pairs = sorted(parameters.items())
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def authorisation(
    *, secret: str, key_id: str, query: str, headers: Mapping[str, str], body: bytes = b""
) -> str:
    """The ``Authorization`` header of a POST to ``/``; ``headers`` are all signed."""
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    digest = hashlib.sha256(body).hexdigest()
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{digest}"
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"


@register("aliyun_sms")
class AliyunSms:
    """See the module."""

    repeatable = False

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.settings = settings
        self.url = base_url(settings, ENDPOINT)
        self.key_id = secret_of(credentials, "access_key_id")
        self.secret = secret_of(credentials, "access_key_secret")

    def send(self, message: Message) -> Receipt:
        code, fields = self._template(message)
        query = canonical_query(
            {
                "PhoneNumbers": message.to,
                "SignName": text_of(self.settings, "sign_name"),
                "TemplateCode": code,
                "TemplateParam": json.dumps(fields, ensure_ascii=False),
                "OutId": message.key,
            }
        )
        headers = self._headers()
        headers["Authorization"] = authorisation(
            secret=self.secret, key_id=self.key_id, query=query, headers=headers
        )
        return _read(post(f"{self.url}/?{query}", headers=headers))

    def _headers(self) -> dict[str, str]:
        return {
            "host": urlsplit(self.url).netloc,
            "x-acs-action": ACTION,
            "x-acs-version": VERSION,
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }

    def _template(self, message: Message) -> tuple[str, dict[str, str]]:
        known = self.settings.get("templates", {})
        own = known.get(message.kind) if isinstance(known, dict) and message.facts else None
        words = {"text": message.text, "title": message.title}
        if not isinstance(own, dict):
            name = text_of(self.settings, "template_param", "text")
            code = text_of(self.settings, "template_code")
            own = {"code": code, "fields": {name: "text"}}
        fields = own.get("fields", {})
        if not own.get("code") or not isinstance(fields, dict):
            raise NotSent("settings_invalid", ours=True)
        values = words | {name: str(value) for name, value in message.facts.items()}
        return str(own["code"]), {name: values.get(fact, "") for name, fact in fields.items()}


def _read(answer: Answer) -> Receipt:
    """The provider says what is wrong in ``Code``, with status 200 or not."""
    if not answer.body.lstrip().startswith(b"{"):
        check_status(answer)
    told = json_of(answer)
    code = str(told.get("Code", ""))
    if answer.status == 200 and code == "OK":
        return Receipt(reference=str(told.get("BizId", ""))[:100])
    _refuse(answer, code)
    check_status(answer)
    raise Unsure("answer_not_understood")


def _refuse(answer: Answer, code: str) -> None:
    """Raises for what the provider's code says."""
    if answer.status == 429 or code.startswith(BUSY):
        wait = 3600.0 if "DAY_LIMIT" in code else REST_S
        raise NotSent("too_many", retry_after_s=wait)
    if code in LASTING:
        raise NotSent("number_refused", lasting=True)
    if code.startswith(KEYS):
        raise NotSent("not_authorised", ours=True)
    if code.startswith(TROUBLE) or answer.status >= 500:
        raise Unsure("provider_trouble")
    if code in ("isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE"):
        raise NotSent("no_money", ours=True)
    if code:
        raise NotSent("provider_refused", ours=True)
