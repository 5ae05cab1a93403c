"""``/VIID/…``: what devices and gateways send by GA/T 1400, and the answers they wait for.

There only where a camera of the driver ``viid`` is in use. Vehicles take the one road; faces,
persons and bicycles are answered as taken, so that they do not come again, and not read.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from community.devices import heard
from community.devices.base import Health
from community.devices.heard import Heard
from community.devices.mqtt_cameras.told import format_named
from community.devices.operations import record_health
from community.devices.push import NotUnderstood, Told
from community.devices.push.text import at, plain, read_json
from community.devices.viid import DRIVER, notified, people_in, proof, read_vehicle, vehicles_in
from community.devices.viid.objects import MOST
from community.devices.zones import zone_of
from community.logging import along
from community.models import Device
from security.pushes.hearing import hear
from security.pushes.pages import Answered, read_body
from security.viid import sessions, tries

log = structlog.get_logger(__name__)
HOW = format_named("viid")
OK, BUSY, INVALID, BROKEN = 0, 2, 4, 6
WORDS = {
    OK: "OK",
    BUSY: "Device Busy",
    INVALID: "Invalid Operation",
    BROKEN: "Invalid JSON Content",
}


@csrf_exempt
def viid(request: HttpRequest, rest: str) -> HttpResponse:
    """Everything of the standard that is sent to us. See the module."""
    if not cameras().exists():
        return Answered(status=404)
    about = rest.strip("/").lower()
    data, cut = read_body(request)
    if cut:
        log.warning("viid_refused", code=f"body_{cut}")
        return _status(request, BROKEN)
    if about == "system/time" and request.method == "GET":
        return _answer({"SystemTimeObject": {"TimeMode": "1", "LocalTime": _now()}})
    if about == "system/register":
        return _register(request, data)
    known = sessions.find(_number(request), _address(request))
    return _ask(request) if known is None else _from_known(request, about, data, known)


def _from_known(request: HttpRequest, about: str, data: bytes, known: list[int]) -> HttpResponse:
    if about == "system/keepalive":
        for key in known:
            record_health(key, Health("online"))
        return _status(request, OK)
    if about == "system/unregister":
        sessions.end(_number(request))
        return _status(request, OK)
    return _objects(request, data, known)


def cameras() -> Any:
    return Device.objects.active().filter(kind=Device.Kind.CAMERA, driver=DRIVER)


def _register(request: HttpRequest, data: bytes) -> HttpResponse:
    fields = proof.claimed(request.headers.get("Authorization", ""))
    who = (fields.get("username", ""), _address(request))
    if fields and not tries.may_try(*who):
        log.warning("viid_refused", code="too_many_tries")
        return _refused(request)
    proved = [device.pk for device in cameras() if fields and _is_of(device, fields, request)]
    if not proved:
        if fields:
            log.warning("viid_refused", code="not_authorised")
            tries.note_wrong(*who)
        return _ask(request)
    tries.note_right(*who)
    try:
        said = plain(at(read_json(data), "RegisterObject", "DeviceID"))
    except NotUnderstood:
        return _status(request, BROKEN)
    number = said or _number(request)
    if not sessions.begin(number, _address(request), proved):
        return _status(request, INVALID)
    log.info("viid_registered", devices=proved)
    for key in proved:
        record_health(key, Health("online"))
    return _status(request, OK, number)


def _is_of(device: Device, fields: dict[str, str], request: HttpRequest) -> bool:
    credentials: Any = device.credentials
    user, password = (credentials.get(name) for name in ("username", "password"))
    if not isinstance(password, str) or not password or fields.get("username") != user:
        return False
    return proof.is_proved(
        fields,
        password=password,
        method=str(request.method),
        path=request.path,
        address=_address(request),
    )


def _objects(request: HttpRequest, data: bytes, known: list[int]) -> HttpResponse:
    try:
        values = read_json(data) if data else {}
    except NotUnderstood as fault:
        log.warning("viid_not_understood", code=fault.code, bytes=len(data))
        return _status(request, BROKEN)
    inner = [values, *notified(values)[:MOST]]
    found = [one for each in inner for one in vehicles_in(each)]
    others = [name for each in inner for name in people_in(each)]
    allowed = {_number_of(device): device for device in cameras().filter(pk__in=known)}
    told = [_one(allowed, one) for one in found[:MOST]]
    told += [(plain(one.get("MotorVehicleID")), BUSY) for one in found[MOST:]]
    if others:
        log.info("viid_people_dropped", count=len(others))
    told += [(name, OK) for name in others[: 10 * MOST]]
    answers = [_told(request, name, code) for name, code in told]
    return _answer({"ResponseStatusListObject": {"ResponseStatusObject": answers}})


def _number_of(device: Device) -> str:
    return plain(device.settings.get("device_id")) if isinstance(device.settings, dict) else ""


def _one(allowed: dict[str, Device], values: dict[str, Any]) -> tuple[str, int]:
    """Take one vehicle; its name and the answer: not taken only where it may be later."""
    names = (plain(values.get("DeviceID")), plain(values.get("TollgateID")))
    device = next((allowed[name] for name in names if name and name in allowed), None)
    key = plain(values.get("MotorVehicleID"))
    if device is None:
        log.warning("viid_camera_unknown")
        return key, OK
    with along(device=device.pk):
        try:
            told, outcome = hear(
                device, HOW, partial(_read, device, values), timezone.now(), by_serial=False
            )
        except OperationalError as error:
            log.error("push_not_stored", why=type(error).__name__)
            return key, BUSY
    for deed in outcome.afterwards:
        deed()
    shown = json.dumps({k: v for k, v in values.items() if k != "SubImageList"}).encode()
    what = told.what if told else ""
    note = Heard(time.time(), HOW.name, "", what, outcome.code, len(shown), "")
    heard.keep(device.pk, note, shown, "application/json")
    return key, OK


def _read(device: Device, values: dict[str, Any]) -> Told:
    assumes = device.settings.get("assumed_confidence") is not None
    found = read_vehicle(values, zone_of(device), assumes=assumes)
    return Told("plate", serial=_number_of(device), plate=found.plate)


def _number(request: HttpRequest) -> str:
    return request.headers.get("User-Identify", "").strip()


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _ask(request: HttpRequest) -> HttpResponse:
    answer = _status(request, INVALID)
    answer.status_code = 401
    answer["WWW-Authenticate"] = proof.challenge(_address(request))
    return answer


def _refused(request: HttpRequest) -> HttpResponse:
    """No new challenge: whoever guesses has to wait."""
    answer = _status(request, INVALID)
    answer.status_code = 403
    return answer


def _status(request: HttpRequest, code: int, name: str = "") -> HttpResponse:
    return _answer({"ResponseStatusObject": _told(request, name or _number(request)[:20], code)})


def _told(request: HttpRequest, name: str, code: int) -> dict[str, Any]:
    return {
        "Id": name,
        "RequestURL": request.path,
        "StatusCode": code,
        "StatusString": WORDS[code],
        "LocalTime": _now(),
    }


def _now() -> str:
    return timezone.localtime().strftime("%Y%m%d%H%M%S")


def _answer(values: dict[str, Any]) -> HttpResponse:
    body = json.dumps(values, ensure_ascii=False).encode()
    answer = Answered(body, content_type="application/VIID+JSON; charset=utf-8")
    answer["Content-Length"] = str(len(body))
    answer["Cache-Control"] = "no-store"
    return answer
