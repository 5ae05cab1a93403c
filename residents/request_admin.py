"""Repairs and complaints in the office and at the desk."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_filters import MomentFilter
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import hour, tag_html
from residents import operations
from residents.models import (
    RequestNote,
    RequestRule,
    ServiceRequest,
)
from residents.pages.requests import MARKS
from residents.request_forms import AnswerForm, AssignForm, DoneForm


def _given(form: DeedForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


class OverdueFilter(admin.SimpleListFilter):
    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("Overdue")), ("open", _("Open"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "late":
            return queryset.overdue()
        return queryset.open() if self.value() == "open" else queryset


class NoteInline(CompoundInline):
    model = RequestNote
    fields = readonly_fields = ["created_at", "author", "text", "is_internal"]
    read_roles = OFFICE
    verbose_name_plural = _("Messages and notes")
    show_change_link = False


@admin.register(ServiceRequest)
class ServiceRequestAdmin(CompoundAdmin):
    """Everything reported; a new one is taken down on somebody's behalf."""

    read_roles = OFFICE
    write_roles = OFFICE
    list_display = [
        "number", "created_at", "category", "where", "person", "state_mark", "due", "who", "rating",
    ]  # fmt: skip
    list_filter = [
        ("compound", VisibleRelatedFilter),
        OverdueFilter,
        "state",
        "kind",
        "category",
        ("created_at", MomentFilter),
    ]
    list_select_related = ["unit", "person", "assigned_to"]
    search_fields = ["person__name", "unit__code", "place", "craftsman"]
    autocomplete_fields = ["person", "unit"]
    inlines = [NoteInline]
    actions_detail = [
        "assign",
        "answer",
        {"title": _("More"), "icon": "more_vert", "items": ["start", "finish", "refuse"]},
    ]
    actions_row = ["assign", "start", "finish", "refuse", "answer"]
    ordering = ["-id"]
    SHOWN = [
        "number", "state_mark", "due", "kind", "category", "where", "person", "description",
        "pictures", "who", "comes_at", "reason", "rating", "rating_text", "on_behalf_by",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        entered = ["person", ("kind", "category"), ("unit", "place"), "description"]
        return self.SHOWN if obj else entered

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.SHOWN if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        values.pop("state", None)
        return operations.report_request(
            key=f"desk:{uuid.uuid4().hex}",
            on_behalf_by=acting(request),
            actor=acting(request),
            **values,
        )

    @display(description=_("number"), ordering="pk")
    def number(self, row: ServiceRequest) -> int:
        return int(row.pk)

    @display(description=_("where"))
    def where(self, row: ServiceRequest) -> str:
        return " · ".join(part for part in (str(row.unit or ""), row.place) if part)

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: ServiceRequest) -> SafeString:
        return tag_html(MARKS[row.state], str(row.get_state_display()))

    @display(description=_("due"), ordering="due_at")
    def due(self, row: ServiceRequest) -> SafeString | str:
        if row.state in ("reported", "assigned", "in_work") and row.due_at < timezone.now():
            return tag_html("deny", f"{_('Overdue')} {hour(row.due_at)}")
        return hour(row.due_at)

    @display(description=_("assigned to"))
    def who(self, row: ServiceRequest) -> str:
        return row.craftsman or str(row.assigned_to or "–")

    @display(description=_("Pictures"))
    def pictures(self, row: ServiceRequest) -> SafeString:
        links = format_html_join(
            " ",
            '<a class="l-btn l-btn--sm" href="/requests/pictures/{}/">{}</a>',
            ((key, number) for number, key in enumerate(_pictures(row), 1)),
        )
        return links or SafeString("–")

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("Assign"),
        icon="person_add",
        permissions=["deed"],
        dialog={
            "title": _("Assign the request"),
            "form_class": AssignForm,
            "form_submit_text": _("Assign"),
        },
    )
    def assign(self, request: HttpRequest, form: AssignForm, object_id: int) -> HttpResponse:
        row, given = self.row(request, object_id), _given(form, "to", "craftsman", "comes_at")
        return self.do(
            request,
            form,
            lambda: operations.assign_request(row, actor=acting(request), **given),
            _("It is assigned, and the person is told."),
        )

    @action(
        description=_("Work begins"),
        icon="play_arrow",
        permissions=["deed"],
        dialog={
            "title": _("Work begins"),
            "form_class": DeedForm,
            "form_submit_text": _("Work begins"),
        },
    )
    def start(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.start_request(row, actor=acting(request)),
            _("It is in work."),
        )

    @action(
        description=_("Done"),
        icon="check",
        permissions=["deed"],
        dialog={"title": _("Done"), "form_class": DoneForm, "form_submit_text": _("Done")},
    )
    def finish(self, request: HttpRequest, form: DoneForm, object_id: int) -> HttpResponse:
        row, text = self.row(request, object_id), form.cleaned_data["text"]
        return self.do(
            request,
            form,
            lambda: operations.finish_request(row, actor=acting(request), answer=text),
            _("It is done, and the person is asked how it went."),
        )

    @action(
        description=_("Do not accept"),
        icon="block",
        permissions=["deed"],
        dialog={
            "title": _("Do not accept"),
            "description": _("The person reads the reason."),
            "form_class": ReasonForm,
            "form_submit_text": _("Do not accept"),
        },
    )
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: int) -> HttpResponse:
        row, reason = self.row(request, object_id), form.cleaned_data["reason"]
        return self.do(
            request,
            form,
            lambda: operations.refuse_request(row, reason, actor=acting(request)),
            _("It is not accepted, and the person is told why."),
        )

    @action(
        description=_("Write"),
        icon="chat",
        permissions=["deed"],
        dialog={"title": _("Write"), "form_class": AnswerForm, "form_submit_text": _("Write")},
    )
    def answer(self, request: HttpRequest, form: AnswerForm, object_id: int) -> HttpResponse:
        row, given = self.row(request, object_id), _given(form, "text", "is_internal")
        return self.do(
            request,
            form,
            lambda: operations.answer_request(row, actor=acting(request), **given),
            _("It is written."),
        )


@admin.register(RequestRule)
class RequestRuleAdmin(CompoundAdmin):
    read_roles = OFFICE
    write_roles = frozenset({"manager"})
    list_display = ["category", "hours", "remind_hours", "source", "compound"]
    list_filter = [("compound", VisibleRelatedFilter)]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.set_request_rule(
            RequestRule(compound=compound, **values), actor=acting(request)
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.set_request_rule(obj, actor=acting(request))


def _pictures(row: ServiceRequest) -> list[int]:
    """Read once for a page: the office asks for a field several times."""
    if "_pictures" not in row.__dict__:
        row.__dict__["_pictures"] = [one.pk for one in row.pictures.all()]
    kept: list[int] = row.__dict__["_pictures"]
    return kept
