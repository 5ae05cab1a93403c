"""What residents ask for and report of their cars, answered in the office; fire lanes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_filters import MomentFilter
from community.models import Compound
from community.pages import url_of
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from parking import operations
from parking.admin.shown import moment, side_by_side
from parking.models import CarWish, Dispute, FireLane, RenewalWish

MARKS = {
    "waiting": "due",
    "approved": "allow",
    "granted": "allow",
    "corrected": "allow",
    "refused": "deny",
    "stands": "info",
    "withdrawn": "off",
}
OUTCOMES = [one for one in Dispute.State.choices if one[0] != Dispute.State.WAITING]


class OutcomeForm(DeedForm):
    outcome = forms.ChoiceField(
        label=_("What came of looking at it?"), choices=OUTCOMES, widget=UnfoldAdminSelectWidget
    )
    answer = forms.CharField(
        label=_("Answer to the resident"), max_length=200, widget=UnfoldAdminTextInputWidget
    )


def _deed(title: Any, icon: str, form: type[DeedForm], about: Any = "") -> dict[str, Any]:
    dialog = {"title": title, "form_class": form, "form_submit_text": title}
    if about:
        dialog["description"] = about
    return {"description": title, "icon": icon, "permissions": ["deed"], "dialog": dialog}


class AnsweredAdmin(CompoundAdmin):
    """A list of what waits for an answer; rows come from the residents' pages alone."""

    read_roles = write_roles = OFFICE
    ordering = ["-id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: Any) -> SafeString:
        return tag_html(MARKS[row.state], str(row.get_state_display()))


def _link(of: str, row: Any) -> SafeString | str:
    if not row.file:
        return "–"
    url = url_of("parking-picture", of, row.pk)
    return format_html('<a class="l-btn l-btn--sm" href="{}">{}</a>', url, _("Picture"))


@admin.register(CarWish)
class CarWishAdmin(AnsweredAdmin):
    list_display = ["plate", "state_mark", "person", "unit", "licence", "asked_at", "reason"]
    list_filter = [
        "state", ("compound", VisibleRelatedFilter), ("unit__building", VisibleRelatedFilter),
        ("asked_at", MomentFilter),
    ]  # fmt: skip
    list_select_related = ["person", "unit"]
    search_fields = ["plate", "person__name", "unit__code"]
    fields = readonly_fields = [
        "plate", "kind", "colour", "person", "unit", "licence", "asked_at", "state_mark",
        "reason", "vehicle", "answered_at", "answered_by", "picture_removed_at",
    ]  # fmt: skip
    actions_row = actions_detail = ["approve", "refuse"]

    @display(description=_("licence"))
    def licence(self, row: CarWish) -> SafeString | str:
        return _link("licence", row)

    @action(
        **_deed(
            _("Register the car"), "check", DeedForm,
            _("The licence shows this plate and belongs to this person. The gate lets it in."),
        )
    )  # fmt: skip
    def approve(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.approve_car(row, actor=acting(request)),
            _("The car is registered, and the resident is told."),
        )  # fmt: skip

    @action(**_deed(_("Do not register"), "block", ReasonForm, _("The person reads the reason.")))
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: int) -> HttpResponse:
        row, reason = self.row(request, object_id), form.cleaned_data["reason"]
        return self.do(
            request, form,
            lambda: operations.refuse_car(row, reason=reason, actor=acting(request)),
            _("It is refused, and the resident is told why."),
        )  # fmt: skip


@admin.register(RenewalWish)
class RenewalWishAdmin(AnsweredAdmin):
    list_display = ["permit", "until", "state_mark", "person", "asked_at", "reason"]
    list_filter = ["state", ("compound", VisibleRelatedFilter), ("asked_at", MomentFilter)]
    list_select_related = ["person", "permit__vehicle", "permit__pool__unit"]
    search_fields = ["person__name", "permit__vehicle__plate", "permit__pool__unit__code"]
    fields = readonly_fields = [
        "permit", "until", "person", "asked_at", "state_mark", "reason", "answered_at",
        "answered_by",
    ]  # fmt: skip
    actions_row = actions_detail = ["grant", "refuse"]

    @action(**_deed(_("Prolong it"), "check", DeedForm, _("Until the day that was asked for.")))
    def grant(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.grant_renewal(row, actor=acting(request)),
            _("It is prolonged, and the resident is told."),
        )  # fmt: skip

    @action(**_deed(_("Do not prolong"), "block", ReasonForm, _("The person reads the reason.")))
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: int) -> HttpResponse:
        row, reason = self.row(request, object_id), form.cleaned_data["reason"]
        return self.do(
            request, form,
            lambda: operations.refuse_renewal(row, reason=reason, actor=acting(request)),
            _("It is refused, and the resident is told why."),
        )  # fmt: skip


@admin.register(Dispute)
class DisputeAdmin(AnsweredAdmin):
    list_display = ["stay", "what", "state_mark", "person", "asked_at", "answer"]
    list_filter = [
        "state", "what", ("compound", VisibleRelatedFilter), ("asked_at", MomentFilter),
    ]  # fmt: skip
    list_select_related = ["stay__ticket", "stay__bicycle", "person"]
    search_fields = ["stay__plate", "person__name"]
    fields = readonly_fields = [
        "stay", "entered", "left", "what", "text", "pictures", "person", "asked_at",
        "state_mark", "answer", "answered_at", "answered_by",
    ]  # fmt: skip
    actions_row = actions_detail = ["settle"]

    @display(description=pgettext_lazy("parking", "in"))
    def entered(self, row: Dispute) -> str:
        return moment(row.stay.entered_at)

    @display(description=pgettext_lazy("parking", "out"))
    def left(self, row: Dispute) -> str:
        return moment(row.stay.left_at)

    @display(description=_("Pictures"))
    def pictures(self, row: Dispute) -> SafeString | str:
        """Entry beside exit, and what the resident sent."""
        found = [
            (url_of("dispute-picture", row.pk, way), word)
            for way, word, key in (
                ("in", _("At the entry"), row.stay.entry_passage),
                ("out", _("At the exit"), row.stay.exit_passage),
            )
            if key
        ]
        if row.file:
            found.append((url_of("parking-picture", "dispute", row.pk), _("Sent by the resident")))
        return side_by_side(found)

    @action(**_deed(_("Answer"), "chat", OutcomeForm))
    def settle(self, request: HttpRequest, form: OutcomeForm, object_id: int) -> HttpResponse:
        row, given = self.row(request, object_id), form.cleaned_data
        return self.do(
            request, form,
            lambda: operations.answer_dispute(
                row, outcome=given["outcome"], answer=given["answer"], actor=acting(request)
            ),
            _("It is answered, and the resident is told."),
        )  # fmt: skip


@admin.register(FireLane)
class FireLaneAdmin(CompoundAdmin):
    """A region of a camera's picture with a clock."""

    read_roles = OFFICE | {"installer"}
    write_roles = frozenset({"manager", "installer"})
    list_display = ["name", "camera", "minutes", "grace_minutes", "is_active", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    list_select_related = ["camera", "compound"]
    search_fields = ["name", "camera__name"]
    autocomplete_fields = ["camera"]
    fields = ["name", "camera", "region", ("minutes", "grace_minutes"), "is_active"]
    readonly_fields = ["region"]

    @display(description=_("region of interest"))
    def region(self, row: FireLane) -> SafeString | str:
        """The way to the page on which it is drawn; a new lane is the whole picture at first."""
        if not row.pk:
            return str(_("The whole picture, until you draw it after saving."))
        url = url_of("setup-fire-lane", row.pk)
        return format_html('<a class="l-btn l-btn--sm" href="{}">{}</a>', url, _("Draw it"))

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        row = FireLane(compound=compound, **values)
        return operations.save_fire_lane(row, actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.save_fire_lane(obj, actor=acting(request))
