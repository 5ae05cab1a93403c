"""A device that is spoken to over HTTP: asked as often as we like, told once.

Digest: the nonce comes from a harmless question, and the command goes out once with it; nothing
is sent again, also not for a nonce that went stale meanwhile. After two refused passwords nothing
is asked any more (``community.devices.refusals``).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from community.devices import digest, refusals
from community.devices.base import DeviceFault, DeviceSilent, Health
from community.devices.exchange import LONGEST, Answer, exchange

REFUSED, HELD_BACK, LOCKED = "not_authorised", "password_held_back", "account_locked"
#: Hikvision says in a 401 how the account is: lock or unlock, in XML or JSON.
LOCK = re.compile(r'lockStatus["\s:>]*"?lock', re.IGNORECASE)
AUTHS = ("none", "basic", "digest", "bearer")


@dataclass(frozen=True)
class Access:
    """How to reach a device. ``auth``: one of AUTHS."""

    auth: str = "none"
    timeout_s: float = 3.0
    verify_tls: bool = True
    content_type: str = ""


class WebDevice:
    """See the module. ``send_before``: nothing is told from then on."""

    def __init__(
        self,
        access: Access,
        credentials: dict[str, Any],
        *,
        device_id: int = 0,
        send_before: datetime | None = None,
    ) -> None:
        self.access = access
        self.credentials = credentials
        self.device_id = device_id
        self.send_before = send_before

    def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        body: str = "",
        content_type: str = "",
        longest: int = LONGEST,
    ) -> Answer:
        """What does no harm when it comes again: a question, or a row of a list.

        A challenge is answered once, a stale nonce once more. Raises DeviceFault, DeviceSilent.
        """
        request = self._request(method, url, body)
        if content_type:
            request.headers["Content-Type"] = content_type
        answer = self._get(request, longest)
        if answer.status == 401 and self.access.auth == "digest" and not is_locked(answer):
            self._answer_challenge(request, challenge_of(answer))
            answer = self._get(request, longest)
            if _is_stale(answer):
                self._answer_challenge(request, challenge_of(answer))
                answer = self._get(request, longest)
        self._note(request, answer)
        if answer.status in (401, 403):
            raise DeviceFault(refusal(answer))
        return answer

    def tell(self, method: str, url: str, body: str = "", *, challenge_url: str = "") -> Answer:
        """Send one command, once. The only question that may come before it asks for a nonce."""
        request = self._request(method, url, body)
        if self.access.auth == "digest":
            self._answer_challenge(request, self.challenge(challenge_url))
        answer = exchange(
            request,
            timeout_s=self.access.timeout_s,
            send_before=self.send_before,
            verify_tls=self.access.verify_tls,
        )
        self._note(request, answer)
        if _is_stale(answer):
            raise DeviceFault("nonce_refused")
        return answer

    def challenge(self, url: str) -> digest.Challenge | None:
        """A nonce for the command, or None from a device that asks for no password."""
        try:
            answer = self._get(self._request("GET", url))
        except DeviceSilent as silence:
            # Nothing but a question was sent.
            raise DeviceFault("unreachable") from silence
        if 300 <= answer.status < 400:
            raise DeviceFault("redirected")
        if is_locked(answer):
            raise DeviceFault(LOCKED)
        return challenge_of(answer) if answer.status == 401 else None

    def health(self, url: str) -> Health:
        """How a harmless question ends. A read may be lost on a busy line, and asked again."""
        health = self._ask_health(url)
        return self._ask_health(url) if health.state == "offline" else health

    def _ask_health(self, url: str) -> Health:
        try:
            status = self.ask(url).status
        except DeviceFault as fault:
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        except DeviceSilent as silence:
            return Health("offline" if silence.code == "no_answer" else "faulty", silence.code)
        return Health("online") if 200 <= status < 300 else Health("faulty", f"answered_{status}")

    def _get(self, request: httpx.Request, longest: int = LONGEST) -> Answer:
        access = self.access
        return exchange(
            request, timeout_s=access.timeout_s, verify_tls=access.verify_tls, longest=longest
        )

    def _request(self, method: str, url: str, body: str = "") -> httpx.Request:
        if not url:
            raise DeviceFault("action_unsupported")
        if self.access.auth != "none" and refusals.are_enough(self.device_id, self.credentials):
            raise DeviceFault(HELD_BACK)
        headers = {"Connection": "close", "User-Agent": "Linli", "Accept": "*/*"}
        if body and self.access.content_type:
            headers["Content-Type"] = self.access.content_type
        try:
            if self.access.auth == "basic":
                pair = f"{self.secret('username')}:{self.secret('password')}"
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            elif self.access.auth == "bearer":
                headers["Authorization"] = f"Bearer {self.secret('token')}"
            content = body.encode() if body else None
            return httpx.Request(method, checked(url), headers=headers, content=content)
        except (ValueError, TypeError) as error:
            raise DeviceFault("settings_invalid") from error

    def secret(self, name: str) -> str:
        """One of the credentials. Raises ``DeviceFault("credentials_missing")``."""
        secret = self.credentials.get(name)
        if not isinstance(secret, str) or not secret:
            raise DeviceFault("credentials_missing")
        return secret

    def _answer_challenge(self, request: httpx.Request, challenge: digest.Challenge | None) -> None:
        if challenge:
            request.headers["Authorization"] = digest.answer(
                challenge,
                username=self.secret("username"),
                password=self.secret("password"),
                method=request.method,
                target=request.url.raw_path.decode("ascii"),
            )

    def _note(self, request: httpx.Request, answer: Answer) -> None:
        """Count a refused password; whatever else comes after one was shown says that it is
        right."""
        if "Authorization" not in request.headers:
            return
        if answer.status == 401 and not _is_stale(answer):
            refusals.note(self.device_id, self.credentials)
        elif 200 <= answer.status < 300:
            refusals.forget(self.device_id)


def judge(answer: Answer) -> None:
    """Return when the status says yes. Raises DeviceFault, DeviceSilent."""
    if answer.status in (401, 403):
        raise DeviceFault(refusal(answer))
    if 400 <= answer.status < 500 and answer.status != 408:
        raise DeviceFault(f"refused_{answer.status}")
    if 300 <= answer.status < 400:
        # Small boards act and then send the browser back to their first page.
        raise DeviceSilent("redirected")
    if not 200 <= answer.status < 300:
        raise DeviceSilent(f"answered_{answer.status}")


def refusal(answer: Answer) -> str:
    """What a 401 or 403 means."""
    return LOCKED if is_locked(answer) else REFUSED


def is_locked(answer: Answer) -> bool:
    """The device says that it locked the account, whichever password is shown to it."""
    return answer.status in (401, 403) and bool(LOCK.search(answer.text))


def challenge_of(answer: Answer) -> digest.Challenge:
    return digest.parse(answer.headers.get_list("www-authenticate"))


def checked(text: str) -> httpx.URL:
    """Raises ``DeviceFault``: no web address, or one with a password in it."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise DeviceFault("settings_invalid") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise DeviceFault("address_refused")
    if url.port is not None and not 0 < url.port < 65536:
        raise DeviceFault("settings_invalid")
    return url


def _is_stale(answer: Answer) -> bool:
    """The device says that the nonce, not the password, was the matter."""
    if answer.status != 401:
        return False
    try:
        return challenge_of(answer).stale
    except DeviceFault:
        return False
