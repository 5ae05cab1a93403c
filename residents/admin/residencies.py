"""Who lives where, in the office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import Compound
from residents import operations
from residents.admin.deeds import day
from residents.models import Residency
from residents.querysets import READERS


class EndForm(DeedForm):
    ended_on = day(_("Last day"))


@admin.register(Residency)
class ResidencyAdmin(CompoundAdmin):
    read_roles = READERS
    list_display = ["person", "unit", "kind", "started_on", "ended_on"]
    list_select_related = ["person", "unit"]
    list_filter = [
        "kind",
        ("ended_on", admin.EmptyFieldListFilter),
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["person__name", "unit__code"]
    autocomplete_fields = ["person", "unit"]
    fields = ["person", "unit", "kind", "started_on", "ended_on"]
    actions_detail = actions_row = ["end"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.add_residency(actor=acting(request), **values)

    def has_end_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("End the residency"),
        permissions=["end"],
        icon="logout",
        dialog={
            "title": _("End the residency"),
            "description": _("Cars that this person registered for the home end with it."),
            "form_class": EndForm,
            "form_submit_text": _("End the residency"),
        },
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, day = self.row(request, object_id), form.cleaned_data["ended_on"]
        return self.do(
            request,
            form,
            lambda: operations.end_residency(row, on=day, actor=acting(request)),
            _("The residency ends on the day that you gave."),
        )
