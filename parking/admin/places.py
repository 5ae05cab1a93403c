"""Parking areas, their lanes and numbered places in the office. Every change calls an operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import Compound, Unit
from parking import occupancy, operations
from parking.models import Area, AreaLane, Holding, Place

WRITERS = frozenset({"manager"})


@admin.register(Area)
class AreaAdmin(CompoundAdmin):
    write_roles = WRITERS
    list_display = ["title", "parent", "capacity", "visitors", "now", "when_full", "is_active"]
    list_select_related = ["parent"]
    list_filter = [
        "is_active",
        "when_full",
        "whole",
        "self_tickets",
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["name", "level"]
    fieldsets = [
        (None, {"fields": ["name", "level", "parent", "whole", "order", "is_active"]}),
        (_("How many cars"), {"fields": ["capacity", "visitors", "when_full", "self_tickets"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return occupancy.counted(super().get_queryset(request))

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.save_area(Area(compound=compound), actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.save_area(obj, actor=acting(request), **values)

    @display(description=_("name"), ordering="name")
    def title(self, area: Area) -> str:
        return str(area)

    @display(description=_("inside now"))
    def now(self, area: Any) -> str:
        return f"{area.inside} / {area.capacity}"


@admin.register(AreaLane)
class AreaLaneAdmin(CompoundAdmin):
    write_roles = WRITERS | {"installer"}
    list_display = ["lane", "outer", "inner", "from_street"]
    list_select_related = ["lane", "outer", "inner"]
    list_filter = [("inner", VisibleRelatedFilter), "from_street"]
    search_fields = ["lane__name", "inner__name"]
    fields = ["lane", "outer", "inner", "from_street"]
    actions_detail = ["unlead"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        lanes: Any = form.base_fields.get("lane")
        if lanes is not None:
            lanes.queryset = lanes.queryset.filter(gate__kind="vehicle")
        return form

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.lead_lane(AreaLane(compound=compound), actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.lead_lane(obj, actor=acting(request), **values)

    @action(
        description=_("Lead to the street again"),
        permissions=["change"],
        icon="cancel",
        dialog={
            "title": _("Lead to the street again"),
            "description": _("The lane leads between street and compound, as most do."),
            "form_class": DeedForm,
            "form_submit_text": _("Lead to the street again"),
        },
    )
    def unlead(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        led = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.unlead_lane(led, actor=acting(request)),
            _("The lane leads to the street again."),
        )  # fmt: skip


class HoldForm(DeedForm):
    """Gives a place to a home."""

    unit = forms.CharField(
        label=_("Home"), max_length=32, help_text=_("Such as 3-2-1202"),
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("First day"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )
    valid_until = forms.DateField(
        label=_("Last day"), required=False, widget=UnfoldAdminSingleDateWidget
    )

    def clean_unit(self) -> Unit:
        place = Place.objects.visible_to(self.request.user).filter(pk=self.object_id).first()
        code = self.cleaned_data["unit"].strip()
        found = place and Unit.objects.of(place.compound_id).filter(code=code).first()
        if not found:
            raise forms.ValidationError(_("There is no home with this number here."))
        unit: Unit = found
        return unit


class HeldFilter(admin.SimpleListFilter):
    title = _("holder")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Has a holder")), ("no", _("Free to give"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        held = Holding.objects.running().values("place")
        if self.value() == "yes":
            return queryset.filter(pk__in=held)
        kinds = [Place.Kind.OWNED, Place.Kind.RENTED]
        free = queryset.exclude(pk__in=held).filter(kind__in=kinds, is_active=True)
        return free if self.value() == "no" else queryset


@admin.register(Place)
class PlaceAdmin(CompoundAdmin):
    list_display = ["number", "area", "kind", "held_by", "is_active"]
    list_select_related = ["area"]
    list_filter = [
        "kind", HeldFilter, ("area", VisibleRelatedFilter), "is_active",
        ("compound", VisibleRelatedFilter),
    ]  # fmt: skip
    search_fields = ["number", "holdings__unit__code"]
    search_help_text = _("Number or home")
    fields = ["area", "number", "kind", "is_active"]
    actions_detail = actions_row = ["hold", "give_back"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        running = Holding.objects.running().select_related("unit")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("holdings", running, to_attr="running"))
        )

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.save_place(Place(compound=compound), actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.save_place(obj, actor=acting(request), **values)

    @display(description=_("holder"))
    def held_by(self, place: Any) -> Any:
        held = place.running[0] if place.running else None
        if held is None:
            return None
        return f"{held.unit} → {held.valid_until}" if held.valid_until else str(held.unit)

    @action(
        description=_("Give to a home"),
        permissions=["change"],
        icon="key",
        dialog={
            "title": _("Give to a home"),
            "description": _("Whoever holds the place now gives it back with that."),
            "form_class": HoldForm,
            "form_submit_text": _("Give to a home"),
        },
    )
    def hold(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        place = self.row(request, object_id)
        return self.do(
            request, form,
            lambda: operations.hold_place(place, actor=acting(request), **form.cleaned_data),
            _("The place is given."),
        )  # fmt: skip

    @action(
        description=_("Take the place back"),
        permissions=["change"],
        icon="cancel",
        dialog={
            "title": _("Take the place back"),
            "description": _("The home holds this place no longer. Its permit is ended apart."),
            "form_class": DeedForm,
            "form_submit_text": _("Take the place back"),
        },
    )
    def give_back(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        place = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.give_back_place(place, actor=acting(request)),
            _("The place is free to give."),
        )  # fmt: skip
