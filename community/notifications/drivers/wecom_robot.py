"""A robot in a WeCom group: for the staff, who all read it, never for one resident.

Settings: ``url`` (else the public one). Credentials: ``key``, as in the robot's own address. It
takes 20 messages a minute. Source: "消息推送" (document 91770) in the provider's documentation.
"""

from __future__ import annotations

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
)

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
#: Longest content, in bytes of UTF-8.
LONGEST = 2048
BUSY = (45009, 130101)
KEYS = (40001, 40014, 93000, 93004)


@register("wecom_robot")
class WecomRobot:
    """See the module."""

    repeatable = False

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.url = base_url(settings, URL)
        self.key = secret_of(credentials, "key")

    def send(self, message: Message) -> Receipt:
        content = shortened(f"{message.title}\n{message.text}", LONGEST)
        answer = post(
            f"{self.url}?key={quote(self.key, safe='')}",
            headers={"Content-Type": "application/json; charset=utf-8"},
            content=compact({"msgtype": "text", "text": {"content": content}}),
        )
        check_status(answer)
        code = json_of(answer).get("errcode")
        if code == 0:
            return Receipt()
        if code in BUSY:
            raise NotSent("too_many", retry_after_s=REST_S)
        if code in KEYS:
            raise NotSent("not_authorised", ours=True)
        if code == -1:
            raise Unsure("provider_trouble")
        if isinstance(code, int):
            raise NotSent("provider_refused", ours=True)
        raise Unsure("answer_not_understood")


def shortened(text: str, most: int) -> str:
    """At most ``most`` bytes of UTF-8, cut between characters."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - 3].decode("utf-8", "ignore") + "…"
