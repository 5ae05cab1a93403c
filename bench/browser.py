"""A signed-in browser as a benchmark needs it: cookies, forms, one connection that is kept."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlencode

TOKEN = "bench" * 6 + "be"


class Browser:
    """One signed-in browser on one kept connection.

    ``behind_proxy``: as a proxy passes it on that ended HTTPS in front of us.
    """

    def __init__(self, port: int, session: str, *, behind_proxy: bool = False) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        prefix = "__Host-" if behind_proxy else ""
        self.cookies = {f"{prefix}sessionid": session, f"{prefix}csrftoken": TOKEN}
        self.headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if behind_proxy:
            self.headers |= {
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": "10.0.0.7",
                "Referer": f"https://127.0.0.1:{port}/",
            }
        #: Milliseconds waited for answers, and how many questions were asked.
        self.took, self.asked = 0.0, 0

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask("GET", path, "")

    def post(self, path: str, **given: Any) -> tuple[int, str, str]:
        return self._ask("POST", path, urlencode(given | {"csrfmiddlewaretoken": TOKEN}))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        began = time.perf_counter()
        self.asked += 1
        try:
            return self._told(method, path, body)
        finally:
            self.took += (time.perf_counter() - began) * 1000

    def _told(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = self.headers | {"Cookie": cookies}
        try:
            answer, text = self._sent(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, "", ""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        where = answer.getheader("Location") or answer.getheader("Content-Location") or ""
        return answer.status, text, where

    def _sent(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        """Asked once more, as browsers do, where the server had closed an idle connection."""
        for attempt in range(2):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read().decode("utf-8", "replace")
            except (http.client.RemoteDisconnected, BrokenPipeError):
                self.connection.close()
                if attempt:
                    raise
        raise AssertionError
