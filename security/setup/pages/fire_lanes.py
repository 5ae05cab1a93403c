"""A fire lane's corners, marked on what its camera sees now, or typed as numbers."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parking.models import FireLane
from parking.operations import save_fire_lane
from security.setup import looks, words
from security.setup.access import for_setters
from security.setup.pages.show import page

#: Longest text of corners that is read: twelve lines.
MOST = 400
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _zone(request: Any, key: int) -> FireLane:
    rows = FireLane.objects.visible_to(request.user).of(request.compound)
    found: FireLane = get_object_or_404(rows.select_related("camera", "compound"), pk=key)
    return found


def _place(zone: FireLane) -> int:
    """Where its looks are kept: beside those of lanes for cars, which count upwards from 1."""
    return -zone.pk


@require_http_methods(["GET", "POST"])
@for_setters()
def fire_lane(request: Any, key: int) -> HttpResponse:
    """Corners in hundredths of the picture, one a line: from the left, from the top."""
    zone, fault, saved = _zone(request, key), "", "saved" in request.GET
    typed = "\n".join(f"{100 * x:g} {100 * y:g}" for x, y in zone.corners)
    if request.method == "POST":
        typed, saved = request.POST.get("corners", "")[: MOST + 1], False
        try:
            zone.corners = read(typed)
            save_fire_lane(zone, actor=request.user)
        except ValidationError as error:
            fault = " ".join(error.messages)
        else:
            return redirect(f"{request.path}?saved")
    context = {"zone": zone, "typed": typed, "fault": fault, "saved": saved}
    return page(request, "fire_lane", status=422 if fault else 200, **context)


def read(text: str) -> list[list[float]]:
    """Shares of the picture from lines of two numbers each. Raises ValidationError."""
    corners = []
    for line in text.splitlines() if len(text) <= MOST else ["?"]:
        numbers = _NUMBER.findall(line)
        if line.strip() and len(numbers) != 2:
            raise ValidationError(_("Give two numbers from 0 to 100 in each line."))
        if numbers:
            corners.append([float(number) / 100 for number in numbers])
    return corners


@require_POST
@for_setters()
def look(request: Any, key: int) -> HttpResponse:
    """Look through the lane's camera now."""
    zone = _zone(request, key)
    secrets: Any = zone.camera.credentials or {}
    try:
        token = looks.start(
            _place(zone), key=zone.camera_id, driver=zone.camera.driver,
            options=dict(zone.camera.settings), credentials=dict(secrets),
        )  # fmt: skip
    except looks.Busy:
        return render(request, "setup/fire_seen.html", {"zone": zone, "fault": words.fault("busy")})
    return _seen(request, zone, token)


@require_safe
@for_setters()
def seen(request: Any, key: int, token: str) -> HttpResponse:
    return _seen(request, _zone(request, key), token)


def _seen(request: Any, zone: FireLane, token: str) -> HttpResponse:
    try:
        found = looks.find(_place(zone), token)
    except LookupError:
        return render(request, "setup/fire_seen.html", {"zone": zone, "fault": words.fault("gone")})
    context = {
        "zone": zone,
        "look": found,
        "fault": words.fault(found.code),
        "has_picture": not found.waits and found.width > 0,
    }
    return render(request, "setup/fire_seen.html", context)


@require_safe
@for_setters()
def picture(request: Any, key: int, token: str) -> HttpResponse:
    zone = _zone(request, key)
    try:
        data = looks.picture(_place(zone), token)
    except LookupError as error:
        raise Http404 from error
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg")
