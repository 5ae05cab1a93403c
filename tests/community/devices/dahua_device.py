"""A Dahua entrance camera with its barrier, and a controller with its door, on one address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.devices.push.samples import CHINA
from tests.community.devices.maker import CLOCK_AHEAD_S, Maker
from tests.community.devices.relay import Request

OWN_PULSE_MS = 500
QUESTIONS = (
    *("getSystemInfo", "getDoorStatus", "getInState"),
    *("getCurrentTime", "getMachineName"),
)


@dataclass
class DahuaDevice(Maker):
    """``outputs``: the modes of its alarm outputs: 0 its own, 1 forced on."""

    is_up: bool = False
    outputs: dict[int, int] = field(default_factory=dict)
    #: Row number to plate and last day.
    plates: dict[int, tuple[str, str]] = field(default_factory=dict)
    forgets: bool = False

    def is_question(self, request: Request) -> bool:
        return request.query.get("action") in QUESTIONS

    def handle(self, request: Request) -> tuple[str, str]:
        action, query = request.query.get("action", ""), request.query
        if query.get("name") == "TrafficRedList":
            return self._list(action, query)
        if action in QUESTIONS:
            return "200 OK", self._told(action)
        if self.mode == "refuse":
            return "200 OK", "Error\r\nError: Device is locked\r\n"
        if action == "openDoor":
            self._open(query.get("Type") == "Remote" and query.get("channel") == "1")
        elif action == "openStrobe":
            self._open(query.get("info.openType") == "Normal" and query.get("channel") == "1")
        elif action == "setConfig":
            self.outputs[1] = int(query["AlarmOut[1].Mode"])
            self.is_held = self.is_up = self.outputs[1] == 1
        else:
            return "400 Bad Request", "Error\r\nBad Request!\r\n"
        return "200 OK", "OK\r\n"

    def _list(self, action: str, query: dict[str, str]) -> tuple[str, str]:
        if action == "doSeekFind":
            start = int(query["offset"])
            rows = list(self.plates.items())[start : start + int(query["count"])]
            lines = [f"totalCount={len(self.plates)}", f"found={len(rows)}"]
            for place, (number, (plate, until)) in enumerate(rows):
                lines += [
                    f"records[{place}].RecNo={number}",
                    f"records[{place}].PlateNumber={plate}",
                ]
                lines += [f"records[{place}].CancelTime={until}"]
            return "200 OK", "\r\n".join(lines)
        number = int(query.get("recno", max(self.plates, default=0) + 1))
        if action == "remove":
            self.plates.pop(number, None)
            return "200 OK", "OK\r\n"
        assert query["AuthorityList.OpenGate"] == "true"
        if not self.forgets:
            self.plates[number] = (query["PlateNumber"], query["CancelTime"])
        return "200 OK", f"RecNo={number}\r\n" if action == "insert" else "OK\r\n"

    def _open(self, is_right: bool) -> None:
        assert is_right
        if self.mode != "deaf":
            self.pulses.append((0, OWN_PULSE_MS))
            self.is_up = True

    def _told(self, action: str) -> str:
        is_up = self.is_up or self.mode == "lie"
        if action == "getDoorStatus":
            return f"Info.status={'Open' if is_up else 'Close'}\r\n"
        if action == "getCurrentTime":
            at = datetime.now(CHINA) + timedelta(seconds=CLOCK_AHEAD_S)
            return f"result={at.year}-{at.month}-{at.day} {at:%H:%M:%S}\r\n"
        if action == "getMachineName":
            return "name=south gate\r\n"
        if action == "getInState":
            return f"result={4 if is_up else 0}\r\n"
        return "serialNumber=4A0001\r\ndeviceType=ITC413\r\n"
