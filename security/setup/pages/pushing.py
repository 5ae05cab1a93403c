"""A camera that pushes: the address to type into it, and what it said during the last day."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from community import network
from community.devices import heard
from community.devices.push import DRIVER
from community.devices.sentences import sentence
from community.models import Device
from security.setup import operations
from security.setup.access import for_setters
from security.setup.camera_forms import READERS
from security.setup.pages.show import lane_of, page
from security.setup.words import PUSHES, push_word

SHOWN = 12


@require_http_methods(["GET", "POST"])
@for_setters()
def push(request: Any, key: int) -> HttpResponse:
    """After a POST the new address is shown, once; a GET shows what came."""
    lane = lane_of(request, key)
    camera = lane.camera
    if camera is not None and camera.driver in READERS and camera.driver != DRIVER:
        # One that we listen to has no address of ours: it is asked on its own page.
        return redirect("setup-device", camera.pk)
    if camera is None or camera.driver != DRIVER:
        return redirect("setup-camera", lane.pk)
    address = ""
    if request.method == "POST":
        secret = operations.issue_push_address(request.user, lane)
        address = f"/devices/{secret}/{camera.settings.get('format')}"
    return page(request, "push", lane=lane, **_shown(request, camera, address))


def _shown(request: Any, camera: Device, address: str) -> dict[str, Any]:
    kind = str(camera.settings.get("format"))
    server = server_of(request)
    notes = [
        {"at": datetime.fromtimestamp(one.at, UTC), "said": one, "word": push_word(one.code)}
        for one in heard.last(camera.pk, SHOWN)
    ]
    return {
        "camera": camera,
        "kind": PUSHES.get(kind),
        "address": address,
        "server": server,
        "more": [(label, address + rest) for label, rest in PUSHES[kind].more] if address else [],
        "notes": notes,
        "fault": sentence(camera.health_code) if camera.health != "online" else "",
    }


def server_of(request: Any) -> str:
    """Name and port under which a camera in this network reaches us, by plain HTTP."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if _is_here(host):
        outward = [str(one) for one in network.addresses() if one.version == 4]
        host = outward[0] if outward else host
    port = request.get_port() if not request.is_secure() else str(settings.HTTP_PORT)
    return host if port == "80" else f"{host}:{port}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
