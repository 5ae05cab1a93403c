"""A Hikvision entrance camera with its barrier, and a terminal with its door, on one address."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.devices.push.samples import CHINA
from tests.community.devices.maker import CLOCK_AHEAD_S, Maker
from tests.community.devices.relay import Request

OWN_PULSE_MS = 500
GATE = "/ISAPI/Parking/channels/1/barrierGate"
DOOR = "/ISAPI/AccessControl/RemoteControl/door/1"
LISTS = "/ISAPI/Traffic/channels/1/"
OK, NOT_SUPPORTED, BAD_XML = (1, "ok"), (4, "notSupport"), (5, "badXmlFormat")


@dataclass
class HikvisionDevice(Maker):
    """``has_signal``: the arm's position is wired. ``locks_where_it_is``: what ``lock`` does."""

    namespace: str = "http://www.isapi.org/ver20/XMLSchema"
    prefix: str = ""
    has_signal: bool = True
    locks_where_it_is: bool = False
    is_barrier_locked: bool = False
    is_up: bool = False
    contact: int | None = None
    #: Internal number to plate, list and last day; ``word``: what it calls its list when told.
    plates: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    word: str = "whiteList"
    forgets: bool = False

    def is_question(self, request: Request) -> bool:
        return request.method == "GET"

    def locked_words(self) -> str:
        return self._xml("userCheck", lockStatus="lock", unlockTime="1800")

    def handle(self, request: Request) -> tuple[str, str]:
        if request.method == "GET":
            return self._tell(request.path)
        if request.path.startswith(LISTS):
            return self._list(request.path.removeprefix(LISTS), request.body)
        if self.mode == "refuse":
            return self._says("200 OK", 4, "lowBattery")
        if request.path == GATE and request.method == "PUT":
            return self._gate(request.body)
        if request.path == DOOR and request.method == "PUT":
            return self._door(request.body)
        return self._says("403 Forbidden", *NOT_SUPPORTED)

    def _gate(self, body: str) -> tuple[str, str]:
        found = re.fullmatch(r"<BarrierGate><ctrlMode>(\w+)</ctrlMode></BarrierGate>", body)
        if not found:
            return self._says("400 Bad Request", *BAD_XML)
        mode = found[1]
        if mode == "close":
            raise AssertionError("a barrier is never closed by us")
        if mode == "open" and not self.is_barrier_locked and self.mode != "deaf":
            self.pulses.append((0, OWN_PULSE_MS))
            self.is_up = True
        elif mode == "lock":
            self.is_barrier_locked = True
            self.is_up = self.is_up or not self.locks_where_it_is
        elif mode == "unlock":
            self.is_barrier_locked = self.is_up = False
        self.is_held = self.is_barrier_locked and self.is_up
        return self._says("200 OK", *OK)

    def _door(self, body: str) -> tuple[str, str]:
        if body != "<RemoteControlDoor><cmd>open</cmd></RemoteControlDoor>":
            return self._says("400 Bad Request", *BAD_XML)
        if self.mode != "deaf":
            self.pulses.append((0, OWN_PULSE_MS))
            self.is_up = True
        return self._says("200 OK", *OK)

    def _list(self, path: str, body: str) -> tuple[str, str]:
        if path == "searchLPListAudit":
            return "200 OK", self._page(body)
        told = json.loads(body)
        if path == "DelLicensePlateAuditData":
            assert told["deleteAllEnabled"] is False
            assert told["id"]
            # Told a number it says OK too, and keeps the plate.
            for number in [int(one) for one in told["id"] if isinstance(one, str)]:
                self.plates.pop(number, None)
            return "200 OK", json.dumps({"statusCode": 1, "statusString": "OK"})
        (row,) = told["LicensePlateInfoList"]
        if row["listType"] != self.word:
            return "400 Bad Request", json.dumps({"statusCode": 6, "subStatusCode": "badJson"})
        same = [key for key, one in self.plates.items() if one[0] == row["LicensePlate"]]
        key = same[0] if same else max(self.plates, default=0) + 1
        if not self.forgets:
            self.plates[key] = (row["LicensePlate"], "whiteList", row["effectiveTime"])
        return "200 OK", json.dumps({"statusCode": 1, "statusString": "OK"})

    def _page(self, body: str) -> str:
        start = int(re.findall(r"Position>(\d+)<", body)[0])
        rows = list(self.plates.items())[start : start + 100]
        inner = "".join(
            f"<LicensePlateInfo><id>{key}</id><LicensePlate>{plate}</LicensePlate><type>{kind}</type>"
            f"<effectiveTime>{until}T23:59:59+08:00</effectiveTime></LicensePlateInfo>"
            for key, (plate, kind, until) in rows
        )
        total = f"<totalMatches>{len(self.plates)}</totalMatches>"
        space = f'xmlns="{self.namespace}"'
        return f"<LPListAuditSearchResult {space}>{total}{inner}</LPListAuditSearchResult>"

    def _tell(self, path: str) -> tuple[str, str]:
        if path.endswith("/barrierGateStatus"):
            known = "2" if self.is_up or self.mode == "lie" else "1"
            told = known if self.has_signal else "0"
            return "200 OK", self._xml("BarrierGateStatus", barrierGateStatus=told)
        if path.endswith("/AcsWorkStatus"):
            contact = int(self.is_up or self.mode == "lie")
            first = contact if self.contact is None else self.contact
            return "200 OK", json.dumps({"AcsWorkStatus": {"magneticStatus": [first, 0, 0]}})
        if path == "/ISAPI/System/time":
            at = datetime.now(CHINA) + timedelta(seconds=CLOCK_AHEAD_S)
            return "200 OK", self._xml("Time", localTime=at.isoformat(timespec="seconds"))
        return "200 OK", self._xml("DeviceInfo", deviceName="gate", model="DS-TCG406-E")

    def _says(self, line: str, code: int, sub: str) -> tuple[str, str]:
        named = {"requestURL": "/", "statusCode": str(code), "statusString": "x"}
        return line, self._xml("ResponseStatus", **named, subStatusCode=sub)

    def _xml(self, root: str, **values: str) -> str:
        colon = f"{self.prefix}:" if self.prefix else ""
        space = f'xmlns:{self.prefix}="{self.namespace}"' if colon else f'xmlns="{self.namespace}"'
        inner = "".join(f"<{colon}{name}>{text}</{colon}{name}>" for name, text in values.items())
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return f'{head}<{colon}{root} version="2.0" {space}>{inner}</{colon}{root}>'
