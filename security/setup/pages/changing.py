"""A camera or barrier by itself, not by its lane: entered, changed, taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from community.models import Compound, Device, Gate, Lane
from security.operations import lanes_of
from security.setup import operations
from security.setup.access import for_setters
from security.setup.camera_forms import CameraForm
from security.setup.device_forms import BarrierForm
from security.setup.filling import barrier_initial, camera_initial
from security.setup.pages.barriers import in_words
from security.setup.pages.devices import for_device

KINDS = (Device.Kind.CAMERA, Device.Kind.BARRIER, Device.Kind.DOOR)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_setters()
def new(request: Any, kind: str) -> HttpResponse:
    """A camera, barrier or door of the compound in use."""
    if kind not in KINDS:
        raise Http404
    fresh = Device(compound=request.compound, kind=kind)
    return _form(request, fresh, request.compound)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_device
def change(request: Any, device: Device) -> HttpResponse:
    if device.kind not in KINDS:
        raise Http404
    # The page of a device defers its secrets: here their names are needed.
    held = Device.objects.select_related("compound").get(pk=device.pk)
    return _form(request, held, held.compound)


def _form(request: Any, device: Device, compound: Compound) -> HttpResponse:
    is_camera = device.kind == Device.Kind.CAMERA
    lanes = _lanes(compound, device.kind)
    initial = camera_initial(device) if is_camera else barrier_initial(device)
    form = (CameraForm if is_camera else BarrierForm)(request.POST or None, initial=initial)
    form.fields["lanes"] = _lane_field(lanes, device)
    if request.method == "POST" and form.is_valid():
        chosen = [lane for lane in lanes if str(lane.pk) in _keys(form.cleaned_data["lanes"])]
        try:
            if device.pk:
                saved = operations.change_device(request.user, device, form.plan, chosen)
            else:
                saved = operations.add_device(
                    request.user, compound, device.kind, form.plan, chosen
                )
        except ValidationError as error:
            form.take(in_words(error))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("setup-device", saved.pk)
    context = {"form": form, "device": device, "is_camera": is_camera}
    return render(request, "setup/change.html", context, status=422 if form.errors else 200)


def _keys(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _lanes(compound: Compound, kind: str) -> list[Lane]:
    """Lanes that a device of this kind may have."""
    rows = Lane.objects.of(compound).filter(is_active=True).select_related("gate")
    if kind != Device.Kind.CAMERA:
        is_car = kind == Device.Kind.BARRIER
        of_cars = Gate.Kind.VEHICLE
        rows = rows.filter(gate__kind=of_cars) if is_car else rows.exclude(gate__kind=of_cars)
    return list(rows.order_by("gate__order", "order", "pk"))


def _lane_field(lanes: list[Lane], device: Device) -> forms.Field:
    choices = [(str(lane.pk), f"{lane.gate.name} · {lane.name}") for lane in lanes]
    known = [str(lane.pk) for lane in lanes_of(device)] if device.pk else []
    if device.kind == Device.Kind.CAMERA:
        return forms.ChoiceField(
            label=_("Lane"),
            choices=[("", _("None yet")), *choices],
            initial=known[0] if known else "",
            required=False,
            widget=forms.RadioSelect,
        )
    return forms.MultipleChoiceField(
        label=_("Lanes"),
        choices=choices,
        initial=known,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@require_POST
@for_device
def remove(request: Any, device: Device) -> HttpResponse:
    """Out of use and off its lanes; what it did and saw stays written."""
    if device.kind not in KINDS:
        raise Http404
    name = device.name
    operations.remove_device(request.user, device)
    messages.success(request, _("“%(name)s” is taken away. Its lanes are free.") % {"name": name})
    return redirect("setup-device", device.pk)
