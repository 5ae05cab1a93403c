"""Shifts and patrols in the office: managers set routes and points; the rest is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    VisibleRelatedFilter,
    acting,
    compound_of,
    working_in,
)
from community.admin_filters import MomentFilter
from community.middleware import SESSION_KEY
from community.models import Compound
from community.templatetags.linli import tag_html
from security.models import GUARDS, Handover, PatrolPoint, PatrolRound, PatrolRoute
from security.operations import patrols
from security.patrols.forms_office import POINTS, RouteForm, for_compound, write_times
from security.patrols.shown import MARKS

MANAGERS = frozenset({"manager"})


def visit(request: HttpRequest, row: Any, name: str) -> HttpResponse:
    """A page of the guards' about ``row``, in the compound it belongs to."""
    request.session[SESSION_KEY] = row.compound_id
    return HttpResponseRedirect(reverse(name, args=[row.pk]))


@admin.register(PatrolPoint)
class PatrolPointAdmin(CompoundAdmin):
    read_roles = write_roles = MANAGERS
    list_display = ["name", "place", "is_active", "secret_since", "on_routes"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name", "place"]
    fields = [("name", "place"), "is_active", "secret_since"]
    readonly_fields = ["secret_since"]
    actions_detail = ["sheet", "renew"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("routes")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["name", "place"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return patrols.create_point(compound=compound, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return patrols.change_point(obj, actor=acting(request), **values)

    @display(description=_("on routes"))
    def on_routes(self, point: PatrolPoint) -> str:
        return "、".join(str(route) for route in point.routes.all()) or "–"

    @action(description=_("Print the sheet"), permissions=["change"], icon="qr_code_2")
    def sheet(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return visit(request, self.row(request, object_id), "guard-patrol-sheet")

    @action(
        description=_("Renew the code"),
        permissions=["change"],
        icon="sync",
        dialog={
            "title": _("Renew the code of this point"),
            "description": _("The sheet that hangs there counts no more. Hang a new one."),
            "form_class": DeedForm,
            "form_submit_text": _("Renew the code"),
        },
    )
    def renew(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        point = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: patrols.rotate_secret(point, actor=acting(request)),
            _("The code is renewed. Print the new sheet and hang it."),
        )


@admin.register(PatrolRoute)
class PatrolRouteAdmin(CompoundAdmin):
    form = RouteForm
    read_roles = write_roles = MANAGERS
    list_display = ["name", "times", "number_of_points", "in_order", "is_active"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name"]
    actions_detail = ["sheets"]
    fieldsets = [
        (None, {"fields": [("name", "is_active")]}),
        (
            _("When"),
            {"fields": ["starts", "weekdays", ("tolerance_min", "duration_min")]},
        ),
        (
            _("Points"),
            {
                "fields": ["in_order", *zip(POINTS[::2], POINTS[1::2], strict=True)],
                "description": _("In the order in which they are passed. Leave the rest empty."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("stops")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # The point fields are no columns: they are added to the form, not asked of the table.
        kwargs["fields"] = RouteForm.Meta.fields
        form = super().get_form(request, obj, change=change, **kwargs)
        return for_compound(form, compound_of(obj) if obj else working_in(request))

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return patrols.create_route(compound=compound, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return patrols.change_route(obj, actor=acting(request), **values)

    @display(description=_("times of day"))
    def times(self, route: PatrolRoute) -> str:
        return write_times(route.starts)

    @display(description=_("points"))
    def number_of_points(self, route: PatrolRoute) -> int:
        return len(route.stops.all())

    @action(description=_("Print all sheets"), permissions=["change"], icon="qr_code_2")
    def sheets(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return visit(request, self.row(request, object_id), "guard-patrol-sheets")


class Shown(CompoundAdmin):
    """What guards did: read here, done at their own pages."""

    read_roles = GUARDS
    write_roles: frozenset[str] = frozenset()
    actions_detail = ["open_page"]
    actions_list = ["export_all"]
    page = ""
    list_page = ""

    def seen(self, request: HttpRequest, object_id: Any) -> Any:
        row = self.get_object(request, str(object_id))
        return row if row is not None else self.row(request, object_id)

    @action(description=_("Open its page"), permissions=["view"], icon="open_in_new")
    def open_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return visit(request, self.seen(request, object_id), self.page)

    @action(description=_("Export as Excel"), permissions=["view"], icon="download")
    def export_all(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse(self.list_page)}?format=xlsx")


@admin.register(PatrolRound)
class PatrolRoundAdmin(Shown):
    page, list_page = "guard-patrol-round", "guard-patrol-rounds"
    list_display = ["planned_at", "route", "result", "started_by", "missed"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("route", VisibleRelatedFilter),
        "state",
        ("planned_at", MomentFilter),
    ]
    list_select_related = ["route", "started_by"]
    search_fields = ["route__name", "started_by__name"]
    fields = ["route", ("planned_at", "due_at"), "result", ("started_by", "started_at"),
              ("ended_at", "missed")]  # fmt: skip

    @display(description=_("result"), ordering="state")
    def result(self, row: PatrolRound) -> SafeString:
        state = PatrolRound.State(row.state)
        return tag_html(MARKS[state], str(state.label))


@admin.register(Handover)
class HandoverAdmin(Shown):
    page, list_page = "guard-handover", "guard-shift-history"
    list_display = ["prepared_at", "state", "outgoing", "signed_at", "incoming", "accepted_at"]
    list_filter = [("compound", VisibleRelatedFilter), "state", ("prepared_at", MomentFilter)]
    list_select_related = ["outgoing", "incoming"]
    search_fields = ["outgoing__name", "incoming__name", "note"]
    fields = ["state", ("outgoing", "signed_at"), ("incoming", "accepted_at"), "note", "remark"]
