"""Cars and their stays in the office. Every change calls an operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSingleDateWidget

from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.models import Compound
from parking import operations
from parking.lists import importable
from parking.models import Vehicle
from parking.operations import rules


class StateFilter(admin.SimpleListFilter):
    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Vehicle.STATES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        return queryset.in_state(self.value(), today) if self.value() else queryset


class BarForm(ReasonForm):
    until = forms.DateField(
        label=_("Barred until the end of"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("Leave empty to bar the car until somebody lifts it."),
    )


@admin.register(Vehicle)
class VehicleAdmin(CompoundAdmin):
    list_display = [
        "plate",
        "state",
        "unit",
        "owner",
        "kind",
        "colour",
        "valid_from",
        "valid_until",
    ]
    list_select_related = ["unit", "owner", "compound"]
    list_filter = [
        StateFilter,
        "kind",
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["plate"]
    search_help_text = _("Plate, home or owner")
    autocomplete_fields = ["unit", "owner"]
    fieldsets = [
        (None, {"fields": ["plate", "kind", "colour"]}),
        (_("Right to drive in"), {"fields": ["unit", "owner", "valid_from", "valid_until"]}),
        (_("State"), {"fields": ["state_now", "barred_reason", "barred_until", "ended_at"]}),
    ]
    readonly_fields = ["state_now", "barred_reason", "barred_until", "ended_at"]
    actions_list = ["take_in"]
    actions_detail = actions_row = ["bar", "unbar", "end"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:2]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()} | super().get_changeform_initial_data(request)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return (queryset.search(search_term) if search_term else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = isinstance(obj, Vehicle) and obj.ended_at is not None
        return not ended and super().has_change_permission(request, obj)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.register_vehicle(compound=compound, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_vehicle(obj, actor=acting(request), **values)

    @display(
        description=_("State"),
        label={"valid": "success", "expired": "warning", "early": "info", "barred": "danger"},
    )
    def state(self, car: Vehicle) -> tuple[str, Any]:
        state = car.state_on(rules.today(car.compound))
        return state, Vehicle.STATES[state]

    @display(description=_("State"))
    def state_now(self, car: Vehicle) -> Any:
        return self.state(car)[1]

    @action(
        description=_("Bar"),
        permissions=["change"],
        icon="block",
        dialog={
            "title": _("Bar this car"),
            "description": _("The gate will refuse it. The reason is shown to the guard."),
            "form_class": BarForm,
            "form_submit_text": _("Bar the car"),
        },
    )
    def bar(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        car, given = self.row(request, object_id), form.cleaned_data
        values = {"reason": given["reason"], "until": given["until"], "actor": acting(request)}
        return self.do(
            request, form, lambda: operations.bar_vehicle(car, **values), _("The car is barred.")
        )

    @action(
        description=_("Lift the bar"),
        permissions=["change"],
        icon="lock_open",
        dialog={
            "title": _("Lift the bar"),
            "description": _("The gate will treat the car like any other registered one."),
            "form_class": DeedForm,
            "form_submit_text": _("Lift the bar"),
        },
    )
    def unbar(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        car = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.unbar_vehicle(car, actor=acting(request)),
            _("The car is no longer barred."),
        )

    @action(
        description=_("End the registration"),
        permissions=["change"],
        icon="cancel",
        dialog={
            "title": _("End the registration"),
            "description": _("The gate will not know this car any more. Past passages stay."),
            "form_class": DeedForm,
            "form_submit_text": _("End the registration"),
        },
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        car = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.end_vehicle(car, actor=acting(request)),
            _("The registration has ended."),
        )

    @action(description=_("Take in a list"), permissions=["add"], icon="upload_file")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:parking_vehicleimport_add"))

    def export_queryset(self, request: HttpRequest, rows: Any) -> Any:
        """Without ended registrations unless they were asked for: the list may come back in."""
        return rows if request.GET.get(StateFilter.parameter_name) else rows.registered()

    def export_rows(self, shown: Any, rows: Any) -> Iterator[Sequence[Any]]:
        """The columns that an import takes in, so that a list can go out and come back."""
        return importable(rows)
