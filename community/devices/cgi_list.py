"""The list of plates in a Dahua camera (``TrafficRedList``): rows with a number and a gate to open.

A car that comes again gets its row changed: a second row for a plate would outlive the first.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.utils import timezone

from community.devices import cgi
from community.devices.allow_lists import MOST_CARS, Held
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer
from community.devices.web_device import WebDevice, judge

LIST = "TrafficRedList"
PAGE, LONGEST = 100, 1024 * 1024
ROW = re.compile(r"^records\[(\d{1,6})\]\.(\w{1,40})=(.*)$", re.MULTILINE)


class CgiList:
    """A driver's part that keeps the list; meets ``allow_lists.KeepsList``."""

    web: WebDevice
    options: Any

    def list_is_wanted(self) -> bool:
        return bool(self.options.holds_list)

    def listed_cars(self, wanted: Collection[str] = ()) -> list[Held]:
        found: list[Held] = []
        while len(found) < 2 * MOST_CARS:
            answer = self._ask("recordFinder", "doSeekFind", count=PAGE, offset=len(found))
            rows = _rows(_given(answer))
            found += rows
            if len(rows) < PAGE:
                break
        return found

    def list_car(self, plate: str, until: date, known: Held | None) -> None:
        values = {
            "PlateNumber": plate,
            "MasterOfCar": "Linli",
            "BeginTime": f"{timezone.localdate().isoformat()} 00:00:00",
            "CancelTime": f"{until.isoformat()} 23:59:59",
            "AuthorityList.OpenGate": "true",
        }
        if known is not None:
            cgi.obeyed(self._ask("recordUpdater", "update", recno=known.key, **values))
            return
        answer = self._ask("recordUpdater", "insert", **values)
        if "recno=" not in _given(answer).lower():
            raise DeviceSilent("answer_not_understood")

    def unlist_car(self, held: Held) -> None:
        if not held.key.isdecimal():
            raise DeviceFault("list_not_taken")
        cgi.obeyed(self._ask("recordUpdater", "remove", recno=held.key))

    def _ask(self, page: str, action: str, **values: Any) -> Answer:
        query = urlencode({"action": action, "name": LIST, **values}, quote_via=quote)
        return self.web.ask(self.options.at(f"/cgi-bin/{page}.cgi?{query}"), longest=LONGEST)


def _given(answer: Answer) -> str:
    """What it told us. Raises DeviceFault, DeviceSilent."""
    judge(answer)
    if answer.text.strip().lower().startswith("error"):
        raise DeviceFault("refused")
    return answer.text


def _rows(text: str) -> list[Held]:
    rows: dict[str, dict[str, str]] = {}
    for number, name, value in ROW.findall(text.replace("\r", "")):
        rows.setdefault(number, {})[name] = value.strip()
    return [_held(row) for row in rows.values()]


def _held(row: dict[str, str]) -> Held:
    return Held.read(row.get("PlateNumber", ""), row.get("RecNo", ""), row.get("CancelTime", ""))
