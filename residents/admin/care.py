"""Care watches at the desk: begun with the signed consent, put aside, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community.admin_base import DeedForm, VisibleRelatedFilter, acting
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents.admin.deeds import DealsAdmin, day, deed
from residents.models import CareWatch
from residents.operations import care

MARKS = {"quiet": "allow", "person": "info", "family": "ask", "desk": "deny"}


class AwayForm(DeedForm):
    until = day(_("Away until"), required=False)


def away(watch: CareWatch, *, until: Any, actor: Any) -> CareWatch:
    return care.set_away(watch, until, actor=actor)


class CareForm(forms.ModelForm):
    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


@admin.register(CareWatch)
class CareWatchAdmin(DealsAdmin):
    form = CareForm
    read_roles = write_roles = OFFICE
    list_display = ["person", "relative", "days", "step_tag", "last_sign_at", "away_until",
                    "ended_at"]  # fmt: skip
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "step",
        "consent",
        ("ended_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["person", "relative"]
    search_fields = ["person__name", "relative__name", "consent_note"]
    autocomplete_fields = ["person", "relative"]
    fields = [
        ("person", "relative"), "days", ("consent", "consent_note"), ("consent_at", "consent_by"),
        ("step_tag", "last_sign_at"), ("away_until", "ended_at"),
    ]  # fmt: skip
    actions_row = ["all_well"]
    actions_detail = ["all_well", "away", "end_care"]
    all_well = deed(
        "all_well",
        _("All is well"),
        _("Somebody of the office spoke to the person or saw them."),
        _("The days count anew."),
        care.all_well,
        icon="check",
    )
    away = deed(
        "away",
        _("Away"),
        _("Nobody is asked up to and with this day. Empty: the person is back."),
        _("It is put down."),
        away,
        icon="luggage",
        form=AwayForm,
    )
    end_care = deed(
        "end_care",
        _("End the care watch"),
        _("Nobody is asked any more."),
        _("The care watch is ended."),
        care.end_care,
        icon="close",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return self.fields
        return ["person", "relative", "days", ("consent", "consent_note")]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return care.start_care(actor=acting(request), **values)

    @display(description=_("step"), ordering="step")
    def step_tag(self, row: CareWatch) -> SafeString:
        return tag_html(MARKS[row.step], str(row.get_step_display()))
