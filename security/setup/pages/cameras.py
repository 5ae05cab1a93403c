"""A lane's camera: entered, looked through, its region drawn, a test plate read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.models import Device, Lane
from security.setup import looks, operations, words
from security.setup.access import for_setters
from security.setup.camera_forms import READERS, CameraForm
from security.setup.filling import camera_initial, of_lane
from security.setup.pages.show import lane_of, page
from security.setup.steps import after

PURPOSES = ("camera", "region", "plate")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_setters()
def camera(request: Any, key: int) -> HttpResponse:
    lane = lane_of(request, key)
    form = CameraForm(request.POST or None, initial=_initial(lane))
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_camera(request.user, lane, form.plan)
        except ValidationError as error:
            form.take(error)
        else:
            reads = form.cleaned_data["driver"] in READERS
            return redirect("setup-push" if reads else "setup-region", lane.pk)
    return page(request, "camera", form=form, lane=lane)


def _initial(lane: Lane) -> dict[str, Any]:
    name = _("%(lane)s camera") % {"lane": lane.name}
    return camera_initial(of_lane(lane, "camera", name))


@sensitive_post_parameters()
@require_POST
@for_setters()
def try_camera(request: Any, key: int) -> HttpResponse:
    """Look through the camera as it is typed, before anything is saved."""
    lane = lane_of(request, key)
    form = CameraForm(request.POST, initial=_initial(lane))
    if not form.is_valid():
        said = [text for texts in form.errors.values() for text in texts]
        return _said(request, lane, str(said[0]))
    credentials = form.credentials or _kept(lane.camera, form)
    return _begin(
        request,
        lane,
        "camera",
        driver=form.cleaned_data["driver"],
        options=form.options,
        credentials=credentials,
    )


def _kept(device: Device | None, form: CameraForm) -> dict[str, Any]:
    """The secrets that are kept, for the same camera only: never sent to another address."""
    if device is None:
        return {}
    same = (device.driver, device.settings) == (form.cleaned_data["driver"], form.options)
    return _secrets(device) if same else {}


def _secrets(device: Device) -> dict[str, Any]:
    kept: Any = device.credentials or {}
    return dict(kept)


@require_POST
@for_setters()
def look(request: Any, key: int, purpose: str) -> HttpResponse:
    """Look through the lane's camera, for the region or for a test plate."""
    lane = lane_of(request, key)
    if lane.camera is None or purpose not in PURPOSES:
        raise Http404
    return _begin(
        request,
        lane,
        purpose,
        driver=lane.camera.driver,
        options=dict(lane.camera.settings),
        credentials=_secrets(lane.camera),
        roi=list(lane.roi) if purpose == "plate" else None,
    )


def _begin(request: Any, lane: Lane, purpose: str, **camera: Any) -> HttpResponse:
    try:
        token = looks.start(lane.pk, key=lane.camera_id or 0, **camera)
    except looks.Busy:
        return _said(request, lane, words.fault("busy"))
    return _seen(request, lane, token, purpose)


@require_safe
@for_setters()
def seen(request: Any, key: int, purpose: str, token: str) -> HttpResponse:
    """How the look stands; the page asks until it ended."""
    return _seen(request, lane_of(request, key), token, purpose)


def _seen(request: Any, lane: Lane, token: str, purpose: str) -> HttpResponse:
    if purpose not in PURPOSES:
        raise Http404
    try:
        found = looks.find(lane.pk, token)
    except LookupError:
        return _said(request, lane, words.fault("gone"))
    code = found.code
    if code == "no_frames" and lane.camera is not None and lane.camera.driver == "browser":
        code = "no_phone"
    context = {
        "lane": lane,
        "look": found,
        "purpose": purpose,
        "fault": words.fault(code),
        "has_picture": not found.waits and found.width > 0,
        "box": found.read and _share(found),
        "roi": [round(100 * value, 2) for value in lane.roi],
        "is_phone": code == "no_phone",
    }
    return render(request, "setup/seen.html", context)


def _share(found: looks.Look) -> dict[str, float]:
    """The plate's box in hundredths of the picture, a little wider than the plate."""
    x, y, width, height = (found.read or {})["box"]
    return {
        "x": round(100 * (x - 4) / found.width, 2),
        "y": round(100 * (y - 4) / found.height, 2),
        "w": round(100 * (width + 8) / found.width, 2),
        "h": round(100 * (height + 8) / found.height, 2),
    }


def _said(request: Any, lane: Lane, text: str) -> HttpResponse:
    return render(request, "setup/seen.html", {"lane": lane, "fault": text})


@require_safe
@for_setters()
def picture(request: Any, key: int, token: str) -> HttpResponse:
    lane = lane_of(request, key)
    try:
        data = looks.picture(lane.pk, token)
    except LookupError as error:
        raise Http404 from error
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg")


@require_http_methods(["GET", "POST"])
@for_setters()
def region(request: Any, key: int) -> HttpResponse:
    """Draw on the picture, or type four numbers: hundredths of it."""
    lane = lane_of(request, key)
    if lane.camera is None or lane.camera.driver in READERS:
        return redirect("setup-push" if lane.camera else "setup-camera", lane.pk)
    shown = {name: f"{100 * value:g}" for name, value in zip("xywh", lane.roi, strict=False)}
    fault = ""
    if request.method == "POST":
        shown = {name: request.POST.get(name, "")[:12] for name in "xywh"}
        try:
            operations.draw_region(request.user, lane, _numbers(shown))
        except ValidationError as error:
            fault = error.messages[0]
        else:
            return redirect(after(request, f"region-{lane.pk}"))
    status = 422 if fault else 200
    return page(request, "region", lane=lane, shown=shown, fault=fault, status=status)


def _numbers(shown: dict[str, str]) -> list[float]:
    try:
        return [float(shown[name].replace(",", ".")) / 100 for name in "xywh"]
    except ValueError as error:
        raise ValidationError(_("Give four numbers from 0 to 100.")) from error


@require_safe
@for_setters()
def plate(request: Any, key: int) -> HttpResponse:
    lane = lane_of(request, key)
    if lane.camera is None or lane.camera.driver in READERS:
        return redirect("setup-push" if lane.camera else "setup-camera", lane.pk)
    return page(request, "plate", lane=lane)


@require_POST
@for_setters()
def confirm_plate(request: Any, key: int, token: str) -> HttpResponse:
    """The plate on the page is the one on the car."""
    lane = lane_of(request, key)
    try:
        found = looks.find(lane.pk, token)
        if found.read is None:
            raise LookupError(token)
        operations.confirm_plate(request.user, lane, float(found.read["confidence"]))
    except LookupError:
        return page(request, "plate", lane=lane, fault=words.fault("gone"), status=409)
    except ValidationError as error:
        return page(request, "plate", lane=lane, fault=error.messages[0], status=422)
    return redirect(after(request, f"plate-{lane.pk}"))
