"""Stays, their corrections, tickets and bicycles in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
    go,
)
from community.admin_doors import FittingDeeds
from community.admin_filters import MomentFilter
from community.models import Compound
from community.pages import url_of
from community.templatetags.linli import tag_html
from parking import operations
from parking.admin.joining import JoinForm
from parking.models import Bicycle, ParkedAs, Stay, StayChange, Ticket
from parking.pricebook import charge_of
from parking.tariff_words import yuan
from parking.trail_words import told


class CorrectForm(ReasonForm):
    """What is left empty stays as it is."""

    entered_at = forms.SplitDateTimeField(
        label=pgettext_lazy("parking", "in"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    left_at = forms.SplitDateTimeField(
        label=pgettext_lazy("parking", "out"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    plate = forms.CharField(
        label=_("plate"), required=False, max_length=30, widget=UnfoldAdminTextInputWidget
    )
    parked_as = forms.ChoiceField(
        label=_("parked as"), required=False, widget=UnfoldAdminSelectWidget,
        choices=[("", "—"), *[(value, label) for value, label in ParkedAs.choices if value]],
    )  # fmt: skip


def in_lines(row: StayChange) -> Any:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in told(row)))


class ChangesInline(CompoundInline):
    model = StayChange
    fields = readonly_fields = ["at", "what", "changed", "reason", "by"]
    ordering = ["-id"]
    show_change_link = False
    verbose_name_plural = _("corrections of stays")

    @display(description=_("what is otherwise"))
    def changed(self, row: StayChange) -> Any:
        return in_lines(row)


@admin.register(Stay)
class StayAdmin(FittingDeeds, CompoundAdmin):
    list_display = [
        "who", "home", "area", "entered_at", "left_at", "parked_as", "price", "assumed",
    ]  # fmt: skip
    list_select_related = ["vehicle__unit", "area", "ticket", "bicycle", "charge"]
    list_filter = [
        ("left_at", admin.EmptyFieldListFilter),
        "parked_as",
        ("area", VisibleRelatedFilter),
        ("entered_at", MomentFilter),
        ("left_at", MomentFilter),
        "assumed",
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["plate", "ticket__number", "bicycle__tag"]
    ordering = ["-id"]
    fields = [
        ("who", "home"), ("area", "parked_as"), ("entered_at", "left_at"), "pictures",
        ("price", "permit"), ("visit", "guessed"),
    ]  # fmt: skip
    inlines = [ChangesInline]
    actions_detail = ["correct", "join"]

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    def fits(self, deed: str, row: Stay) -> bool:
        """An exit is put together with its entry where only the exit was seen."""
        return deed != "join" or (row.entered_at is None and row.area is None)

    @display(description=_("plate"), ordering="plate")
    def who(self, stay: Stay) -> str:
        return str(stay)

    @display(description=_("Home"))
    def home(self, stay: Stay) -> Any:
        return stay.vehicle and stay.vehicle.unit

    @display(description=_("Pictures"))
    def pictures(self, stay: Stay) -> Any:
        """The crossings as the gate saw them."""
        shown = SafeString()
        for word, key in (
            (_("At the entry"), stay.entry_passage),
            (_("At the exit"), stay.exit_passage),
        ):
            url = url_of("admin:security_passage_change", key) if key else ""
            if url:
                shown += format_html('<a class="l-btn l-btn--sm" href="{}">{}</a> ', url, word)
        return shown or "–"

    @display(description=_("a crossing was assumed"))
    def guessed(self, stay: Stay) -> Any:
        return tag_html("info", gettext("assumed")) if stay.assumed else "–"

    @display(description=_("price"), ordering="charge__total_fen")
    def price(self, stay: Stay) -> str:
        charge = charge_of(stay)
        return yuan(charge.total_fen) if charge is not None else ""

    @action(
        description=_("Put the stay right"), permissions=["deed"], icon="edit",
        dialog={
            "title": _("Put the stay right"),
            "description": _("What you leave empty stays as it is. The price follows."),
            "form_class": CorrectForm, "form_submit_text": _("Put the stay right"),
        },
    )  # fmt: skip
    def correct(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        stay, given = self.row(request, object_id), form.cleaned_data
        values: dict[str, Any] = {name: given[name] or None for name in ("plate", "parked_as")}
        values |= {name: given[name] for name in ("entered_at", "left_at", "reason")}
        return self.do(
            request, form,
            lambda: operations.correct_stay(stay, actor=acting(request), **values),
            _("The stay is put right."),
        )  # fmt: skip

    @action(
        description=_("Put together with its entry"), permissions=["deed"], icon="join_inner",
        dialog={
            "title": _("Put together with its entry"),
            "description": _(
                "The exit ends the stay of the car that you choose; it is priced anew."
            ),
            "form_class": JoinForm, "form_submit_text": _("It is this car"),
        },
    )  # fmt: skip
    def join(self, request: HttpRequest, form: JoinForm, object_id: str) -> HttpResponse:
        orphan, stay = self.row(request, object_id), form.chosen
        try:
            operations.match_exit(orphan, stay, actor=acting(request))
        except ValidationError as refusal:
            form.add_error("stay", refusal.messages)
            return render(request, "unfold/helpers/dialog.html", {"form": form, "dialog": {}})
        self.message_user(request, _("Entry and exit are put together."), messages.SUCCESS)
        # The exit alone is no row any more: the page of the whole stay is next.
        return go(request, reverse("admin:parking_stay_change", args=[stay.pk]))


@admin.register(StayChange)
class StayChangeAdmin(CompoundAdmin):
    list_display = ["at", "stay", "what", "reason", "by"]
    list_select_related = ["stay__ticket", "stay__bicycle", "by"]
    list_filter = ["what", ("at", MomentFilter), ("compound", VisibleRelatedFilter)]
    search_fields = ["stay__plate", "reason"]
    fields = ["at", "stay", "what", "changed", "reason", "by"]
    readonly_fields = ["changed"]

    @display(description=_("what is otherwise"))
    def changed(self, row: StayChange) -> Any:
        return in_lines(row)


@admin.register(Ticket)
class TicketAdmin(CompoundAdmin):
    read_roles = frozenset({"guard", "desk", "cashier", "manager"})
    list_display = ["number", "note", "made_at", "made_by", "ended_at"]
    list_select_related = ["made_by"]
    list_filter = [
        ("ended_at", admin.EmptyFieldListFilter), ("made_at", MomentFilter),
        ("compound", VisibleRelatedFilter),
    ]  # fmt: skip
    search_fields = ["number", "note"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["number", "note", "made_at", "made_by", "ended_at"] if obj else ["note"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.make_ticket(compound=compound, actor=acting(request), **values)


@admin.register(Bicycle)
class BicycleAdmin(CompoundAdmin):
    list_display = ["tag", "plate", "unit", "owner", "valid_from", "valid_until", "ended_at"]
    list_select_related = ["unit", "owner"]
    list_filter = [
        ("ended_at", admin.EmptyFieldListFilter), ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]  # fmt: skip
    search_fields = ["tag", "plate", "unit__code"]
    autocomplete_fields = ["unit", "owner"]
    fields = ["tag", "plate", "unit", "owner", "valid_from", "valid_until"]
    actions_detail = actions_row = ["end"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate()} | super().get_changeform_initial_data(request)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.register_bicycle(compound=compound, actor=acting(request), **values)

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("End the registration"), permissions=["deed"], icon="cancel",
        dialog={
            "title": _("End the registration"),
            "description": _("The reader will not know this tag any more. Past stays remain."),
            "form_class": DeedForm, "form_submit_text": _("End the registration"),
        },
    )  # fmt: skip
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        bicycle = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.end_bicycle(bicycle, actor=acting(request)),
            _("The registration has ended."),
        )  # fmt: skip
