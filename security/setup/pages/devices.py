"""One device, for whoever installs or keeps it: what it is, how it is, what it said, a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.devices import allow_lists, heard
from community.devices import operations as devices
from community.devices.base import DeviceFault
from community.devices.operations import Asked
from community.devices.push import DRIVER, FORMATS
from community.devices.sentences import sentence
from community.devices.viid import DRIVER as VIID
from community.models import Command, Device
from community.vision import grammar
from security import pictures
from security.models import Reading
from security.operations import lanes_of
from security.pushes import trial
from security.setup import device_words as words
from security.setup.access import SETTERS
from security.setup.camera_forms import READERS
from security.setup.pages.pushing import server_of
from security.setup.words import push_word
from security.viid import sessions

SHOWN = 20
ORDERS = 8
#: An older picture says nothing of how the camera is.
DAY = timedelta(days=1)
#: A plate that nobody has: the test asks the guard, unless another one is typed.
NOBODYS = "豫A00000"
MARKS = {"online": "allow", "faulty": "ask", "offline": "off", "unknown": "info"}
ORDER_MARKS = {
    "pending": "due", "sending": "due", "done": "allow", "failed": "deny", "unknown": "off",
}  # fmt: skip
View = Callable[..., HttpResponse]


def for_device(view: View) -> View:
    """Give the view the device, to who sets up its compound; to others there is none."""

    @login_required
    @wraps(view)
    def guarded(request: Any, key: int, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Device.objects.visible_to(request.user).defer("credentials", "clock_samples")
        device = get_object_or_404(rows, pk=key)
        if not request.user.roles_in(device.compound_id) & SETTERS:
            raise Http404
        return view(request, device, *args, **kwargs)

    return never_cache(guarded)


@require_safe
@for_device
def device(request: Any, device: Device) -> HttpResponse:
    return _page(request, device)


def _page(request: Any, device: Device, status: int = 200, **more: Any) -> HttpResponse:
    pushes, tells = device.driver == DRIVER, device.driver in READERS
    context = {
        "device": device,
        "what": words.what(device),
        "mark": MARKS[device.health] if device.is_active else "off",
        "state": words.state(device),
        "lanes": lanes_of(device),
        "clock": words.clock(device) if device.kind == Device.Kind.CAMERA else "",
        "pushes": pushes,
        "tells": tells,
        "can_ask": devices.can_ask(device) or (device.driver == VIID and device.is_active),
        "register_at": server_of(request) if device.driver == VIID else "",
        "list_kept": allow_lists.in_words(device.pk) if allow_lists.told(device.pk).at else "",
        "picture": _last_picture(device),
        "doors": _doors(device),
        "plate": NOBODYS,
        **(_heard(device) if tells else {"orders": _orders(device)}),
    }
    return render(request, "setup/device.html", context | more, status=status)


def _last_picture(device: Device) -> Reading | None:
    since = timezone.now() - DAY
    rows = Reading.objects.filter(device=device, received_at__gte=since, picture__isnull=False)
    found: Reading | None = (
        rows.filter(picture__erased_at=None).select_related("picture").order_by("-id").first()
    )
    return found


def _heard(device: Device) -> dict[str, Any]:
    """What a camera that tells of cars said, its addresses, and when it last said that it lives."""
    how = FORMATS.get(str(device.settings.get("format"))) if device.driver == DRIVER else None
    alive = heard.alive_at(device.pk)
    last = heard.last(device.pk, SHOWN)
    notes = [
        {"at": datetime.fromtimestamp(one.at, UTC), "said": one, "word": push_word(one.code)}
        for one in last
    ]
    return {
        "notes": notes,
        "beats": bool(how and how.heartbeat),
        "alive": datetime.fromtimestamp(alive, UTC) if alive else None,
        "addresses": device.tokens.filter(purpose="push", revoked_at=None).order_by("-pk")[:5],
        "peer": next((one.peer for one in last if one.peer), ""),
    }


def _orders(device: Device) -> list[dict[str, Any]]:
    rows = Command.objects.filter(device=device).select_related("lane")[:ORDERS]
    return [
        {"row": row, "mark": ORDER_MARKS[row.state], "said": sentence(row.code)} for row in rows
    ]


def _doors(device: Device) -> list[tuple[str, str]]:
    """Where else to go from here."""
    doors = []
    for lane in lanes_of(device):
        if lane.camera_id == device.pk:
            doors += _doors_of_camera(device, lane.pk)
        elif lane.barrier_id == device.pk:
            doors.append((_("Test the barrier"), reverse("setup-test", args=[lane.pk])))
    bank = getattr(device, "locker_bank", None)
    if bank is not None:
        doors.append((_("Condition and test"), reverse("locker-bank", args=[bank.pk])))
    own = device.kind in (Device.Kind.CAMERA, Device.Kind.BARRIER, Device.Kind.DOOR)
    name = "setup-change-device" if own else "admin:community_device_change"
    return [*doors, (_("Settings"), reverse(name, args=[device.pk]))]


def _doors_of_camera(device: Device, lane: int) -> list[tuple[str, str]]:
    if device.driver == DRIVER:
        return [(_("Address for the camera"), reverse("setup-push", args=[lane]))]
    if device.driver in READERS:
        return []
    return [(_("Its picture"), reverse("setup-region", args=[lane]))]


@require_safe
@for_device
def picture(request: Any, device: Device) -> HttpResponse:
    """The last picture that a camera sent during the last day."""
    found = _last_picture(device)
    data = pictures.read(found.picture) if found and found.picture else None
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg")


@require_POST
@for_device
def ask(request: Any, device: Device) -> HttpResponse:
    """Ask it now, harmlessly, and say what came of it."""
    if device.driver == VIID:
        level, said = _registered(device)
        messages.add_message(request, level, said)
        return redirect("setup-device", device.pk)
    if not devices.can_ask(device):
        raise Http404
    # Its secrets were deferred with the rest of the page.
    found = devices.ask_now(Device.objects.get(pk=device.pk))
    level = messages.SUCCESS if found.state == "online" else messages.ERROR
    messages.add_message(request, level, words.asked(found))
    return redirect("setup-device", device.pk)


def _registered(device: Device) -> tuple[int, str]:
    """Whether a camera by GA/T 1400 is registered here now; it cannot be asked anything."""
    known = sessions.of_device(device.pk)
    if known is None:
        return messages.ERROR, words.asked(Asked("offline", "viid_never"))
    address, silent_s = known
    is_there = silent_s <= sessions.SILENT_S
    code = "viid_here" if is_there else "viid_silent"
    level = messages.SUCCESS if is_there else messages.ERROR
    return level, words.asked(Asked("online" if is_there else "offline", code, peer=address))


@require_POST
@for_device
def send_test(request: Any, device: Device) -> HttpResponse:
    """Tell of a car for the camera, and show the road step by step; all of it is undone."""
    if device.driver not in READERS or not device.is_active:
        raise Http404
    typed = request.POST.get("plate", "").strip()[:20]
    plate = grammar.parse(typed)
    if not plate or not grammar.is_plate(plate):
        fault = _("This is no plate. Type one such as %(plate)s.") % {"plate": NOBODYS}
        return _page(request, device, status=422, fault=fault, plate=typed)
    try:
        steps = trial.walk(device, plate, request.user)
    except LookupError as error:
        raise Http404 from error
    except DeviceFault as fault:
        return _page(request, device, status=422, fault=sentence(fault.code), plate=plate)
    return _page(request, device, steps=[words.step(one) for one in steps], plate=plate)
