"""A camera of the Vzenith family, as it lives: it asks, takes orders from answers, asks again.

It reads the very bytes that we answer, and can be refused, vanish, drop, be slow and lie.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field

from community.devices import outbox
from community.devices.push import FORMATS

OWN_PULSE_MS = 500
ASK_S = 0.02


@dataclass
class Camera:
    """``openings``: command and pulse of each time that the relay pulsed."""

    device_id: int = 7
    mode: str = "obey"
    openings: list[tuple[int, int]] = field(default_factory=list)
    is_held: bool = False

    def __enter__(self) -> Camera:
        self._stopped = threading.Event()
        self._tell(is_open=False)
        outbox.note_asked(self.device_id)
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def vanish(self) -> None:
        """Off, and that long ago enough to be noticed."""
        self._stopped.set()
        self._thread.join()
        asked = outbox.folder(self.device_id) / "asked"
        os.utime(asked, (asked.stat().st_mtime - 600,) * 2)

    def _live(self) -> None:
        while not self._stopped.wait(ASK_S):
            if self.mode == "refuse":  # its requests are turned away: a wrong serial number
                continue
            if self._ask() and self.mode == "slow":
                self._stopped.wait(0.9)
            elif self.openings and self.mode == "drop":
                return

    def _ask(self) -> bool:
        letter = outbox.hand_out(self.device_id)
        answer = json.loads(FORMATS["vzenith"].answer(None, letter).body)
        response = answer["Response_AlarmInfoPlate"]
        command = letter.command_id if letter else 0
        if response["info"] == "ok":
            self._open(command, OWN_PULSE_MS)
        elif ioctrl := response.get("ivs_ioctrl"):
            if ioctrl["value"] == 2:
                self._open(command, ioctrl["delay"])
            else:
                self.is_held = ioctrl["value"] == 1
        self._tell(is_open=bool(self.openings) or self.is_held)
        return letter is not None

    def _open(self, command: int, pulse_ms: int) -> None:
        self.openings.append((command, pulse_ms))

    def _tell(self, *, is_open: bool) -> None:
        outbox.note_input(self.device_id, 1, is_open != (self.mode == "lie"))
