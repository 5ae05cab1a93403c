"""Who may sign in, and which car may come in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from community.models import Role, Unit
from parking.models import Vehicle
from security.setup import operations
from security.setup.access import MANAGERS, for_setters
from security.setup.forms import PersonForm, VehicleForm
from security.setup.pages.show import page
from security.setup.steps import after

SHOWN = 20


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_setters(MANAGERS)
def people(request: Any) -> HttpResponse:
    form = PersonForm(
        request.POST or None,
        initial={"role": Role.Name.GUARD},
        is_operator=request.user.is_superuser,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_person(request.user, request.compound, **form.cleaned_data)
        except ValidationError as error:
            form.take(_about_the_password(error))
        except PermissionDenied:
            form.add_error("role", _("You may not hand out this role here."))
        else:
            more = request.POST.get("deed") == "more"
            return redirect("setup-people" if more else after(request, "people"))
    held = Role.objects.visible_to(request.user).of(request.compound).filter(ended_at=None)
    held = held.exclude(role__in=(Role.Name.RESIDENT, Role.Name.LANDLORD, Role.Name.COURIER))
    rows = list(held.select_related("user").order_by("pk")[:SHOWN])
    return page(request, "people", form=form, held=rows)


def _about_the_password(error: ValidationError) -> ValidationError:
    """Validators of passwords name no field."""
    return (
        error if hasattr(error, "error_dict") else ValidationError({"password": error.error_list})
    )


@require_http_methods(["GET", "POST"])
@for_setters(MANAGERS)
def vehicle(request: Any) -> HttpResponse:
    form = VehicleForm(request.POST or None, compound=request.compound)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            operations.add_vehicle(
                request.user, request.compound, plate=values["plate"], unit=values["home"]
            )
        except ValidationError as error:
            form.take(error)
        else:
            return redirect(after(request, "vehicle"))
    cars = Vehicle.objects.visible_to(request.user).of(request.compound).registered()
    homes = Unit.objects.visible_to(request.user).of(request.compound)
    codes = list(homes.order_by("pk").values_list("code", flat=True)[:SHOWN])
    return page(request, "vehicle", form=form, cars=list(cars.order_by("-pk")[:8]), codes=codes)
