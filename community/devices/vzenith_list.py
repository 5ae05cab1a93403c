"""The white list in a Vzenith camera, over MQTT (``white_list_operator``).

It is told and asked plate by plate; its whole list it does not tell. So what the camera said of
each plate that we asked for is kept, sealed, in ``VAR_DIR/kept_lists/<device>``: without that
nobody could take a car off again. Each is asked for anew within a day or two, and at once after
it was told.

A delete without a plate empties the whole list: it is never sent. Small cameras lose messages that
come fast, so there is a pause between two.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from community import keyring
from community.devices import allow_lists
from community.devices.allow_lists import Held
from community.devices.base import DeviceFault
from community.devices.mqtt_cameras.vzenith import unpacked
from community.devices.push.text import plain
from community.devices.vzenith_talk import LIST, Camera, camera_of
from community.vision.grammar import normalise

PACE_S = 0.1
#: Asked for in one conversation, and so many in a round whose answer is a day old.
CHUNK, OLD_ONES, OLD_S = 50, 100, 24 * 3600.0
DEPTH = 5


@dataclass(frozen=True)
class Row:
    """What the camera said of a plate; ``at`` is 0 for one that was told something since."""

    at: float = 0.0
    is_there: bool = False
    until: str = ""


class VzenithList:
    """A driver's part that keeps the list; meets ``allow_lists.KeepsList``."""

    options: Any
    credentials: dict[str, Any]
    device_id: int

    def list_is_wanted(self) -> bool:
        return bool(self.options.holds_list)

    def listed_cars(self, wanted: Collection[str] = ()) -> list[Held]:
        rows = _read(self.device_id)
        asking = _to_ask(rows, wanted)
        try:
            for start in range(0, len(asking), CHUNK):
                with camera_of(self.options, self.credentials) as camera:
                    for plate in asking[start : start + CHUNK]:
                        rows[plate] = _asked(camera, plate)
        finally:
            known = {plate: row for plate, row in rows.items() if row.is_there or plate in wanted}
            _keep(self.device_id, known)
        return [Held.read(plate, plate, row.until) for plate, row in known.items() if row.is_there]

    def list_car(self, plate: str, until: date, known: Held | None) -> None:
        now = timezone.localtime()
        row = {
            "plate": plate,
            "enable": 1,
            "create_time": f"{now:%Y-%m-%d %H:%M:%S}",
            "enable_time": f"{now:%Y-%m-%d} 00:00:00",
            "overdue_time": f"{until.isoformat()} 23:59:59",
            "time_seg_enable": 0,
            "seg_time_start": "00:00:00",
            "seg_time_end": "00:00:00",
            # 1 would be the list of those that must not pass.
            "need_alarm": 0,
        }
        self._tell(plate, {"operator_type": "update_or_add", "dldb_rec": row})

    def unlist_car(self, held: Held) -> None:
        self._tell(held.plate, {"operator_type": "delete", "plate": held.plate})

    def _tell(self, plate: str, body: dict[str, Any]) -> None:
        if not plate.strip():
            raise DeviceFault("list_not_taken")
        rows = _read(self.device_id)
        # Before it is told: it has to be asked for, whatever becomes of us.
        _keep(self.device_id, rows | {plate: Row(is_there=True)})
        with camera_of(self.options, self.credentials) as camera:
            camera.say(LIST, body)
        time.sleep(PACE_S)


def _to_ask(rows: dict[str, Row], wanted: Collection[str]) -> list[str]:
    """Plates that were told something, some that are new to us, some not asked for lately."""
    told = [plate for plate, row in rows.items() if not row.at]
    new = [plate for plate in wanted if plate not in rows][: allow_lists.MOST_CHANGES]
    before = time.time() - OLD_S
    old = sorted((row.at, plate) for plate, row in rows.items() if 0 < row.at < before)
    return told + new + [plate for _at, plate in old[:OLD_ONES]]


def _asked(camera: Camera, plate: str) -> Row:
    time.sleep(PACE_S)
    try:
        told = camera.say(LIST, {"operator_type": "select", "sub_type": "plate", "plate": plate})
    except DeviceFault as fault:
        if not fault.code.startswith("refused_"):
            raise
        return Row(time.time())  # it says no for a plate that it does not have
    for record in _records(told, DEPTH):
        said = plain(record.get("plate"), 60)
        if plate in (normalise(said), normalise(str(unpacked(said)))):
            return Row(time.time(), is_there=True, until=plain(record.get("overdue_time")))
    return Row(time.time())


def _records(told: Any, depth: int) -> list[dict[str, Any]]:
    """Every ``dldb_rec`` of an answer, one or a list of them, wherever it stands."""
    if not isinstance(told, dict) or not depth:
        return []
    here = told.get("dldb_rec")
    found = [one for one in (here if isinstance(here, list) else [here]) if isinstance(one, dict)]
    return found + [one for inner in told.values() for one in _records(inner, depth - 1)]


def _read(device_id: int) -> dict[str, Row]:
    """Empty where nothing is kept, or it cannot be read any more: then the camera is asked."""
    try:
        kept = json.loads(keyring.decrypt(_path(device_id).read_text()))
        return {plate: Row(**row) for plate, row in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, keyring.KeyMissing, keyring.Unreadable):
        return {}


def _keep(device_id: int, rows: dict[str, Row]) -> None:
    path = _path(device_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    plain_text = json.dumps({plate: asdict(row) for plate, row in rows.items()})
    draft.write_text(keyring.encrypt(plain_text))
    draft.replace(path)


def _path(device_id: int) -> Path:
    return Path(settings.VAR_DIR) / "kept_lists" / str(int(device_id))
