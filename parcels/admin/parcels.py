"""Parcels in the office: one list with search, filters and files, and the desk's deeds."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community import looks
from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.admin_doors import FittingDeeds
from community.admin_filters import MomentFilter
from community.pages import url_of
from community.querysets import OFFICE
from community.templatetags.linli import hour, tag_html
from parcels import operations, words
from parcels.admin.forms import AnswerForm, FoundForm, HandOverForm, ShelfForm
from parcels.models import Kind, Parcel, ParcelReport, ParcelStep
from parcels.querysets import WORK
from parcels.search import MARKS, place_of

REASON = _("Opened in the list of parcels")


class WorkFilter(admin.SimpleListFilter):
    """What the desk has to do, each as its own list."""

    title = _("to do")
    parameter_name = "work"
    CHOICES = (
        ("here", _("Here now")),
        ("any", _("All that is to do")),
        ("look", _("To be looked at")),
        ("move", _("To be moved to the desk")),
        ("back", _("To be given back to the carrier")),
        ("home", _("To be brought home")),
        ("send", _("To be sent")),
    )

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.CHOICES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        if chosen == "here":
            return queryset.live()
        if chosen == "any":
            return queryset.to_do()
        return queryset.to_do(chosen) if chosen in WORK else queryset


def _deed(title: Any, icon: str, form: type[DeedForm], about: Any = "") -> dict[str, Any]:
    dialog = {"title": title, "form_class": form, "form_submit_text": title}
    if about:
        dialog["description"] = about
    return {"description": title, "icon": icon, "permissions": ["deed"], "dialog": dialog}


def _links(row: Parcel) -> SafeString:
    """A parcel's pictures, each a button."""
    found = [(url_of("parcel-picture", one.pk), one) for one in row.pictures.all()]
    links = format_html_join(" ", '<a class="l-btn l-btn--sm" href="{}">{}</a>', found)
    return links or SafeString("–")


@admin.register(Parcel)
class ParcelAdmin(FittingDeeds, CompoundAdmin):
    """Everything that is here or was; searched by waybill, by its end, by recipient or home."""

    read_roles = write_roles = OFFICE
    list_display = [
        "waybill", "carrier", "kind", "who", "place", "state_mark", "look", "keep_until",
        "created_at",
    ]  # fmt: skip
    list_filter = [
        ("compound", VisibleRelatedFilter), WorkFilter, "state", "kind",
        ("carrier", VisibleRelatedFilter), "rung", ("created_at", MomentFilter),
    ]  # fmt: skip
    list_select_related = ["carrier", "person", "unit", "compartment__bank", "shelf"]
    search_fields = ["person__name", "unit__code"]
    ordering = ["-id"]
    SHOWN = [
        ("waybill", "carrier", "kind"), "who", ("place", "state_mark", "look"),
        ("created_at", "keep_until", "rung"), ("courier", "bring_home", "signed_by"), "pictures",
        "trail",
    ]  # fmt: skip
    fields = SHOWN
    readonly_fields = [
        "waybill", "carrier", "kind", "who", "place", "state_mark", "look", "created_at",
        "keep_until", "rung", "courier", "bring_home", "signed_by", "pictures", "trail",
    ]  # fmt: skip
    actions_row = actions_detail = ["open", "found", "to_desk", "hand", "sign", "give_back"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """A waybill or its end by its own index; a name or home like everywhere."""
        rows = queryset.with_waybill(search_term)
        if search_term and not search_term.isalpha() and rows.exists():
            return rows, False
        return super().get_search_results(request, queryset, search_term)

    def change_view(self, request: Any, object_id: str, *given: Any, **named: Any) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id.isdecimal() else None
        if row is not None and row.person is not None:
            looks.looked_up(request.user, [row.person], str(REASON))
        answer: HttpResponse = super().change_view(request, object_id, *given, **named)
        return answer

    @display(description=_("recipient"), ordering="person__name")
    def who(self, row: Parcel) -> str:
        named = row.person.name if row.person else row.label or "–"
        return f"{named} {row.unit.code}" if row.unit else named

    @display(description=_("place"))
    def place(self, row: Parcel) -> str:
        return place_of(row) or "–"

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: Parcel) -> SafeString:
        return tag_html(MARKS[row.state], str(row.get_state_display()))

    @display(description=_("to be looked at"), ordering="doubt")
    def look(self, row: Parcel) -> SafeString | str:
        if row.doubt:
            return tag_html("ask", str(row.get_doubt_display()))
        if row.bring_home and row.state == Parcel.State.DESK:
            return tag_html("due", str(_("To be brought home")))
        rung = row.rung if row.is_live else 0
        return tag_html("due", str(row.get_rung_display())) if rung else "–"

    @display(description=_("Pictures"))
    def pictures(self, row: Parcel) -> SafeString:
        return _links(row)

    @display(description=_("what happened"))
    def trail(self, row: Parcel) -> SafeString:
        steps = row.steps.select_related("compartment__bank", "user").order_by("-pk")[:60]
        lines = (
            (hour(step.at), words.step(step.what), step.compartment or "", step.user or "")
            for step in steps
        )
        return format_html_join("", "<div>{} · {} {} {}</div>", lines)

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    def fits(self, deed: str, row: Parcel) -> bool:
        """By where it lies; registered mail is handed over against a signature alone."""
        at_desk = row.state == Parcel.State.DESK
        if deed in ("open", "found"):
            return row.compartment_id is not None
        if deed in ("hand", "sign"):
            given = at_desk and row.kind != Kind.OUTGOING
            return given and (deed == "sign" or row.kind != Kind.REGISTERED)
        if deed == "give_back":
            return at_desk or row.state == Parcel.State.STORED
        return row.is_live

    @action(**_deed(_("Open the compartment"), "lock_open", DeedForm))
    def open(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.open_at_desk(row, actor=acting(request)),
            _("The door is told to open. Shut it when you are done."),
        )  # fmt: skip

    @action(**_deed(_("Say what is inside"), "search", FoundForm))
    def found(self, request: HttpRequest, form: FoundForm, object_id: int) -> HttpResponse:
        row, found = self.row(request, object_id), form.cleaned_data["found"]
        return self.do(
            request, form,
            lambda: operations.say_what_is_there(row, found, actor=acting(request)),
            _("It is noted, and the parcel stands as you found it."),
        )  # fmt: skip

    @action(**_deed(_("Move to the desk"), "move_down", ShelfForm))
    def to_desk(self, request: HttpRequest, form: ShelfForm, object_id: int) -> HttpResponse:
        row, shelf = self.row(request, object_id), form.cleaned_data["shelf"]
        return self.do(
            request, form,
            lambda: operations.move_to_desk(row, shelf=shelf, actor=acting(request)),
            _("It lies at the desk now, and the recipient is told."),
        )  # fmt: skip

    @action(**_deed(_("Hand to the recipient"), "handshake", HandOverForm))
    def hand(self, request: HttpRequest, form: HandOverForm, object_id: int) -> HttpResponse:
        row, given = self.row(request, object_id), form.cleaned_data
        return self.do(
            request, form,
            lambda: operations.hand_over(
                row, signed_by=given["signed_by"], at_home=given["at_home"], actor=acting(request)
            ),
            _("It is handed over."),
        )  # fmt: skip

    @action(description=_("Hand over against a signature"), icon="draw", permissions=["deed"])
    def sign(self, request: HttpRequest, object_id: int) -> HttpResponse:
        from django.shortcuts import redirect

        return redirect("parcel-sign", self.row(request, object_id).pk)

    @action(
        **_deed(
            _("Give to the carrier"), "local_shipping", DeedForm,
            _("It goes back, or it is sent. The recipient is told."),
        )
    )  # fmt: skip
    def give_back(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.give_to_carrier(row, actor=acting(request)),
            _("The carrier has it."),
        )  # fmt: skip


@admin.register(ParcelStep)
class ParcelStepAdmin(CompoundAdmin):
    """The audit of each compartment: what was put in and taken out, by whom and when."""

    read_roles = OFFICE
    write_roles = frozenset()
    list_display = ["at", "compartment", "step_word", "parcel", "hand"]
    list_filter = [("compartment__bank", VisibleRelatedFilter), ("at", MomentFilter)]
    list_select_related = ["compartment__bank", "parcel__carrier", "user"]
    search_fields = ["parcel__waybill", "compartment__bank__name"]
    fields = readonly_fields = ["at", "compartment", "step_word", "parcel", "hand"]
    ordering = ["-id"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """One compartment's own trail too, to which its list leads."""
        if lookup == "compartment__id__exact":
            return True
        return bool(super().lookup_allowed(lookup, value, request))

    @display(description=_("what happened"), ordering="what")
    def step_word(self, row: ParcelStep) -> str:
        return words.step(row.what)

    @display(description=_("done by"), ordering="user")
    def hand(self, row: ParcelStep) -> str:
        return str(row.user or "–")


@admin.register(ParcelReport)
class ParcelReportAdmin(CompoundAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["made_at", "parcel", "trouble", "state_mark", "answer"]
    list_filter = [("compound", VisibleRelatedFilter), "what", ("made_at", MomentFilter)]
    list_select_related = ["parcel__carrier"]
    search_fields = ["parcel__waybill", "parcel__person__name"]
    fields = readonly_fields = [
        "made_at", "parcel", "trouble", "text", "pictures", "state_mark", "answer",
    ]  # fmt: skip
    actions_row = actions_detail = ["reply"]

    @display(description=_("Pictures"))
    def pictures(self, row: ParcelReport) -> SafeString:
        return _links(row.parcel)

    @display(description=_("What the recipient says"), ordering="what")
    def trouble(self, row: ParcelReport) -> str:
        return str(row.get_what_display())

    @display(description=_("state"), ordering="answered_at")
    def state_mark(self, row: ParcelReport) -> SafeString:
        done = row.answered_at is not None
        return tag_html("allow" if done else "due", str(_("Answered") if done else _("Open")))

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(**_deed(_("Answer"), "chat", AnswerForm))
    def reply(self, request: HttpRequest, form: AnswerForm, object_id: int) -> HttpResponse:
        row, text = self.row(request, object_id), form.cleaned_data["answer"]
        return self.do(
            request, form,
            lambda: operations.answer_report(row, answer=text, actor=acting(request)),
            _("It is answered, and the recipient is told."),
        )  # fmt: skip
