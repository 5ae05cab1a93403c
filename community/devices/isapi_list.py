"""The list of plates in a Hikvision camera: found page by page, changed one by one.

Words for the list changed (``whiteList``, ``allowList``), and what is told by one is read by the
other. A plate leaves by the camera's own id, as text: told a number it says OK and keeps the plate;
told no id it might take everybody off.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone

from community.devices import isapi
from community.devices.allow_lists import MOST_CARS, Held
from community.devices.base import DeviceFault
from community.devices.exchange import Answer
from community.devices.web_device import WebDevice

PAGE, LONGEST = 100, 1024 * 1024
WORDS = ("whiteList", "allowList")
JSON = "application/json"


class IsapiList:
    """A driver's part that keeps the list; meets ``allow_lists.KeepsList``."""

    web: WebDevice
    options: Any

    def list_is_wanted(self) -> bool:
        return bool(self.options.holds_list)

    def listed_cars(self, wanted: Collection[str] = ()) -> list[Held]:
        found: list[Held] = []
        start = 0
        while start < 2 * MOST_CARS:
            body = (
                "<LPListAuditSearchDescription><searchID>0</searchID>"
                f"<maxResults>{PAGE}</maxResults><searchResultPosition>{start}"
                "</searchResultPosition></LPListAuditSearchDescription>"
            )
            answer = self.web.ask(
                self._at("searchLPListAudit"), method="POST", body=body, longest=LONGEST
            )
            rows, total = isapi.rows_of(answer, "LicensePlateInfo"), isapi.total_of(answer)
            found += [_held(row) for row in rows if row.get("type", row.get("listType")) in WORDS]
            start += len(rows)
            if not rows or start >= total:
                break
        return found

    def list_car(self, plate: str, until: date, known: Held | None) -> None:
        try:
            self._record(plate, until, WORDS[0])
        except DeviceFault as fault:
            # Newer models know the other word only; telling a car again does no harm.
            if not fault.code.startswith("refused_"):
                raise
            self._record(plate, until, WORDS[1])

    def unlist_car(self, held: Held) -> None:
        if not held.key:
            raise DeviceFault("list_not_taken")
        told = {"id": [str(held.key)], "deleteAllEnabled": False}
        self._put("DelLicensePlateAuditData?format=json", told)

    def _record(self, plate: str, until: date, word: str) -> None:
        today = timezone.localdate()
        row = {
            "LicensePlate": plate,
            "listType": word,
            "createTime": f"{today.isoformat()}T00:00:00",
            "effectiveStartDate": today.isoformat(),
            "effectiveTime": until.isoformat(),
            "id": "",
        }
        told = {"LicensePlateInfoList": [row]}
        self._put("licensePlateAuditData/record?format=json", told)

    def _put(self, path: str, told: dict[str, Any]) -> None:
        answer: Answer = self.web.ask(
            self._at(path),
            method="PUT",
            body=json.dumps(told, ensure_ascii=False),
            content_type=JSON,
        )
        isapi.obeyed(answer)

    def _at(self, path: str) -> str:
        url: str = self.options.at(f"/ISAPI/Traffic/channels/{self.options.channel}/{path}")
        return url


def _held(row: dict[str, str]) -> Held:
    return Held.read(row.get("LicensePlate", ""), row.get("id", ""), row.get("effectiveTime", ""))
