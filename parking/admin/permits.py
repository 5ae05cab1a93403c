"""Permits, homes' places and listed plates in the office. Every change calls an operation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import Compound
from community.vision import grammar
from parking import operations
from parking.models import ListEntry, Permit, Pool, Vehicle

#: Days ahead of which a permit counts as about to end.
SOON = 30


class PeriodFilter(admin.SimpleListFilter):
    """How a right with a period stands today."""

    title = _("State")
    parameter_name = "state"
    CHOICES = (
        ("now", _("Valid")), ("soon", _("About to end")), ("over", _("Expired")),
        ("early", _("Not valid yet")), ("ended", _("Ended")),
    )  # fmt: skip

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.CHOICES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        running, state = queryset.filter(ended_at=None), self.value()
        if state == "now":
            return queryset.valid_on(today)
        if state == "soon":
            last = today + timedelta(days=SOON)
            return running.filter(valid_until__gte=today, valid_until__lte=last)
        if state == "over":
            return running.filter(valid_until__lt=today)
        if state == "early":
            return running.filter(valid_from__gt=today)
        return queryset.filter(ended_at__isnull=False) if state == "ended" else queryset


def state_of(row: Any) -> tuple[str, Any]:
    """The mark and word of a right with a period."""
    today = timezone.localdate()
    words = dict(PeriodFilter.CHOICES)
    if row.ended_at is not None:
        return "ended", words["ended"]
    if row.valid_from > today:
        return "early", words["early"]
    if row.valid_until is None or row.valid_until > today + timedelta(days=SOON):
        return "now", words["now"]
    code = "soon" if row.valid_until >= today else "over"
    return code, words[code]


MARKS = {"now": "success", "soon": "warning", "over": "danger", "early": "info"}


class RenewForm(DeedForm):
    until = forms.DateField(
        label=_("Last day"), required=False, widget=UnfoldAdminSingleDateWidget,
        help_text=_("Leave empty for a permit without an end."),
    )  # fmt: skip


def deed(title: Any, about: Any, icon: str, form: type[DeedForm] = DeedForm) -> Any:
    """unfold's action with a dialog of one deed."""
    dialog = {
        "title": title, "description": about, "form_class": form, "form_submit_text": title,
    }  # fmt: skip
    return action(description=title, permissions=["change"], icon=icon, dialog=dialog)


@admin.register(Permit)
class PermitAdmin(CompoundAdmin):
    list_display = ["whose", "kind", "state", "valid_from", "valid_until", "place", "note"]
    list_select_related = ["vehicle", "pool__unit", "place"]
    list_filter = [
        PeriodFilter, "kind", ("areas", VisibleRelatedFilter), ("compound", VisibleRelatedFilter),
    ]  # fmt: skip
    search_fields = ["vehicle__plate", "pool__unit__code", "vehicle__unit__code", "note"]
    search_help_text = _("Plate, home or note")
    autocomplete_fields = ["vehicle", "pool", "place"]
    actions_detail = actions_row = ["renew", "end"]
    GIVEN = ("kind", "vehicle", "pool", "valid_from", "valid_until")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.GIVEN, "areas", "place", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.GIVEN if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()} | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = isinstance(obj, Permit) and obj.ended_at is not None
        return not ended and super().has_change_permission(request, obj)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.give_permit(compound=compound, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_permit(obj, actor=acting(request), **values)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """The operation has written the areas."""

    @display(description=_("whose"))
    def whose(self, permit: Permit) -> str:
        return str(permit.vehicle or permit.pool)

    @display(description=_("State"), label=MARKS)
    def state(self, permit: Permit) -> tuple[str, Any]:
        return state_of(permit)

    @deed(_("Renew"), _("The holder is told when the new last day comes near."), "event", RenewForm)
    def renew(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        permit, until = self.row(request, object_id), form.cleaned_data["until"]
        return self.do(
            request, form,
            lambda: operations.renew_permit(permit, until=until, actor=acting(request)),
            _("The permit is renewed."),
        )  # fmt: skip

    @deed(
        _("End the permit"), _("Cars that are inside keep their right until they leave."), "cancel"
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        permit = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.end_permit(permit, actor=acting(request)),
            _("The permit has ended."),
        )  # fmt: skip


class PoolForm(forms.ModelForm):
    cars = forms.ModelMultipleChoiceField(
        Vehicle.objects.none(), label=_("Cars"), required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=_("Cars of the home that share its places."),
    )  # fmt: skip

    class Meta:
        model = Pool
        fields = ["unit", "places", "most_cars", "when_taken"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cars"]
        pool = self.instance
        rows = Vehicle.objects.registered()
        field.queryset = rows.filter(unit=pool.unit_id) if pool.pk else rows.none()
        if pool.pk:
            field.initial = list(rows.filter(pool=pool).values_list("pk", flat=True))


class NewPoolForm(forms.ModelForm):
    plates = forms.CharField(
        label=_("Plates"), required=False, max_length=400,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Registered cars of this home, with a comma between them."),
    )  # fmt: skip

    class Meta:
        model = Pool
        fields = ["unit", "places", "most_cars", "when_taken"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        typed = str(given.get("plates", "")).replace("，", ",").replace("、", ",").split(",")
        plates = {grammar.normalise(text) for text in typed} - {""}
        unit = given.get("unit")
        rows = Vehicle.objects.registered().filter(unit=unit, plate__in=plates)
        found = list(rows.order_by("plate")) if unit else []
        if unit and len(found) < len(plates):
            self.add_error("plates", _("Each car must be registered to this home."))
        return given | {"cars": found}


@admin.register(Pool)
class PoolAdmin(CompoundAdmin):
    list_display = ["unit", "places", "most_cars", "shown_cars", "when_taken", "ended_at"]
    list_select_related = ["unit"]
    list_filter = [
        "when_taken", ("ended_at", admin.EmptyFieldListFilter), ("compound", VisibleRelatedFilter),
    ]  # fmt: skip
    search_fields = ["unit__code", "cars__plate"]
    search_help_text = _("Home or plate")
    autocomplete_fields = ["unit"]
    actions_detail = actions_row = ["end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        cars = Vehicle.objects.registered().order_by("plate")
        rows = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("cars", cars, to_attr="registered_cars"))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = PoolForm if obj else NewPoolForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["unit", "places", "most_cars", "when_taken", "cars" if obj else "plates"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("unit",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = isinstance(obj, Pool) and obj.ended_at is not None
        return not ended and super().has_change_permission(request, obj)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        values.pop("plates", None)
        return operations.open_pool(compound=compound, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_pool(obj, actor=acting(request), **values)

    @display(description=_("Cars"))
    def shown_cars(self, pool: Any) -> str:
        return " ".join(car.plate for car in pool.registered_cars)

    @deed(
        _("End"), _("The home's places and their permit end. Its cars stay registered."), "cancel"
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        pool = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.end_pool(pool, actor=acting(request)),
            _("The home's places have ended."),
        )  # fmt: skip


@admin.register(ListEntry)
class ListEntryAdmin(CompoundAdmin):
    list_display = ["plate", "kind", "reason", "state", "valid_from", "valid_until"]
    list_filter = [PeriodFilter, "kind", ("compound", VisibleRelatedFilter)]
    search_fields = ["plate", "reason"]
    fields = ["plate", "kind", "reason", "valid_from", "valid_until"]
    actions_detail = actions_row = ["unlist"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()} | super().get_changeform_initial_data(request)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.list_plate(compound=compound, actor=acting(request), **values)

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @display(description=_("State"), label=MARKS)
    def state(self, entry: ListEntry) -> tuple[str, Any]:
        return state_of(entry)

    @action(
        description=_("Take off the list"), permissions=["deed"], icon="cancel",
        dialog={
            "title": _("Take off the list"),
            "description": _("The gate will treat this plate like any other."),
            "form_class": DeedForm, "form_submit_text": _("Take off the list"),
        },
    )  # fmt: skip
    def unlist(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        entry = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.unlist_plate(entry, actor=acting(request)),
            _("The plate is off the list."),
        )  # fmt: skip
