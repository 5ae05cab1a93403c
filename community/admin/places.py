"""Compounds, buildings, homes, gates and lanes in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from community import jurisdictions
from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    VisibleRelatedFilter,
    acting,
)
from community.models import Building, Compound, Device, Gate, Lane, Unit
from community.operations import save_row

MANAGERS = frozenset({"manager"})
MANAGERS_AND_INSTALLERS = frozenset({"manager", "installer"})


class PlaceAdmin(CompoundAdmin):
    """A table whose rows are saved through ``save_row``, which validates and records."""

    write_roles = MANAGERS
    list_filter: Any = [("compound", VisibleRelatedFilter)]
    list_select_related: Any = True

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return save_row(self.model(compound=compound, **values), acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return save_row(obj, acting(request))


@admin.register(Compound)
class CompoundPage(PlaceAdmin):
    """Compounds are founded by the operator; their managers keep name and address."""

    list_display = ["name", "code", "address", "told_jurisdiction"]
    search_fields = ["name", "code"]
    list_filter: Any = []

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return save_row(Compound(**values), acting(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []

    @display(description=_("jurisdiction"), ordering="jurisdiction")
    def told_jurisdiction(self, obj: Compound) -> str:
        return jurisdictions.name_of(obj.jurisdiction)


@admin.register(Building)
class BuildingAdmin(PlaceAdmin):
    list_display = ["code", "name", "floors", "compound"]
    search_fields = ["code", "name"]


@admin.register(Unit)
class UnitAdmin(PlaceAdmin):
    list_display = ["code", "building", "entrance", "floor", "room"]
    list_filter = [("compound", VisibleRelatedFilter), ("building", VisibleRelatedFilter)]
    search_fields = ["code"]


class LaneInline(CompoundInline):
    model = Lane
    fields = readonly_fields = ["name", "direction", "camera", "barrier", "is_active"]


@admin.register(Gate)
class GateAdmin(PlaceAdmin):
    list_display = ["name", "kind", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), "kind"]
    search_fields = ["name"]
    inlines = [LaneInline]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []


def percent_field(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        initial=initial,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class LaneForm(forms.ModelForm):
    """The region of interest in four figures: where in the picture the plates are."""

    region_left = percent_field(_("region: from the left, %"), 0)
    region_top = percent_field(_("region: from the top, %"), 0)
    region_width = percent_field(_("region: width, %"), 100)
    region_height = percent_field(_("region: height, %"), 100)
    PARTS = ("region_left", "region_top", "region_width", "region_height")

    class Meta:
        model = Lane
        exclude = ["roi"]  # noqa: DJ006

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, share in zip(self.PARTS, self.instance.roi, strict=True):
                self.initial[name] = round(100 * share)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        left, top, width, height = (values.pop(name, None) for name in self.PARTS)
        if None in (left, top, width, height):
            return values
        if not width or not height or left + width > 100 or top + height > 100:
            raise ValidationError(
                _("The region must have a size and lie inside the picture (0 to 100 %).")
            )
        values["roi"] = [part / 100 for part in (left, top, width, height)]
        return values


@admin.register(Lane)
class LaneAdmin(PlaceAdmin):
    form = LaneForm
    write_roles = MANAGERS_AND_INSTALLERS
    list_display = ["name", "gate", "direction", "camera", "barrier", "is_active"]
    list_select_related = ["gate", "camera", "barrier"]
    list_filter = [("gate", VisibleRelatedFilter), "direction", "is_active"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": [("name", "gate"), ("direction", "order"), "is_active"]}),
        (_("Devices"), {"fields": [("camera", "barrier")]}),
        (_("Crossing"), {"fields": [("crossing", "crossing_after_s")]}),
        (
            _("Reading"),
            {
                "fields": [
                    "sure_from",
                    ("region_left", "region_top"),
                    ("region_width", "region_height"),
                ]
            },
        ),
    ]
    KINDS = {
        "camera": [Device.Kind.CAMERA],
        "barrier": [Device.Kind.BARRIER, Device.Kind.DOOR],
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if kinds := self.KINDS.get(db_field.name):
            kwargs["queryset"] = Device.objects.filter(kind__in=kinds)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
