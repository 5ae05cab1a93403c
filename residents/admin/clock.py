"""The clock in the office: what is due, by urgency, and the rules that say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from community import jurisdictions
from community.admin_base import CompoundAdmin, VisibleRelatedFilter, acting
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents import operations
from residents.models import Deadline, DeadlineRule, Holiday


class UrgencyFilter(admin.SimpleListFilter):
    title = _("Urgency")
    parameter_name = "urgency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", _("Overdue")),
            ("week", _("Due within 7 days")),
            ("all", _("Done and dropped too")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.overdue(today)
        if self.value() == "week":
            return queryset.open().filter(due_on__lte=today + timedelta(days=7))
        return queryset if self.value() == "all" else queryset.open()


@admin.register(Deadline)
class DeadlineAdmin(CompoundAdmin):
    """One list, the longest overdue first. Its rows are computed: nobody edits them."""

    read_roles = OFFICE
    write_roles: frozenset[str] = frozenset()
    list_display = ["told", "kind", "unit", "person", "due_on", "reminders"]
    list_filter = [
        UrgencyFilter,
        "kind",
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["person__name", "unit__code"]
    ordering = ["due_on", "id"]
    fields = [
        *("kind", "told", "unit", "person", "registration", "lease", "letting"),
        *("opens_on", "due_on", "state", "met_on", "remind_on", "reminders", "rule", "source"),
    ]
    actions_detail = ["go_there"]

    def get_queryset(self, request: HttpRequest) -> Any:
        user = acting(request)
        # The office's rows by their compound alone: what else makes a row one's own would join
        # two tables for each of them, and the list is counted at each look.
        rows = Deadline.objects.all()
        if not user.is_superuser:
            rows = rows.filter(compound__in=user.compounds_as(OFFICE))
        rows = rows.order_by(*(self.get_ordering(request) or ()))
        match = request.resolver_match
        if match is not None and "object_id" in match.kwargs:
            about = ("unit", "person", "rule", "registration__unit", "lease__tenant")
            return rows.select_related(*about, "letting__unit", "letting__landlord")
        # Of a list of people only their names are shown: no number is decrypted for it.
        numbers = ("person__phone", "person__document")
        return rows.select_related("unit", "person").defer(*numbers)

    @display(description=_("Urgency"))
    def told(self, row: Deadline) -> SafeString:
        if row.state != Deadline.State.OPEN:
            return tag_html("off", row.get_state_display())
        days = (row.due_on - timezone.localdate()).days
        if days < 0 and row.kind == DeadlineRule.Kind.PERMIT:
            return tag_html("info", _now("Possible now"))
        if days < 0:
            text = ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days}
            return tag_html("deny", text)
        if days == 0:
            return tag_html("due", _now("Today"))
        text = ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
        return tag_html("due" if days <= 7 else "info", text)

    @display(description=_("source of the rule"))
    def source(self, row: Deadline) -> str:
        return row.rule.source if row.rule else ""

    @action(description=_("Open what it is about"), permissions=["view"], icon="open_in_new")
    def go_there(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self.get_object(request, object_id)
        for name in ("registration", "lease", "letting"):
            if row is not None and (key := getattr(row, f"{name}_id")) is not None:
                return HttpResponseRedirect(reverse(f"admin:residents_{name}_change", args=[key]))
        return HttpResponseRedirect(reverse("admin:residents_deadline_changelist"))


class LawAdmin(CompoundAdmin):
    """Tables of the whole installation: the office reads them, the operator adds to them."""

    read_roles = OFFICE

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        user: Any = request.user
        return bool(user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(LawAdmin):
    """A rule in force is never changed: a new version says from when something else counts."""

    list_display = [
        *("kind", "told_place", "version", "valid_from", "told_span", "certainty", "source"),
    ]
    list_filter = ["jurisdiction", "kind", "certainty"]
    search_fields = ["source"]
    fields = [
        *("jurisdiction", "kind", "valid_from", "amount", "measure", "opens_months", "rolls"),
        *("exemptions", "remind", "source", "certainty"),
    ]

    def create(self, request: HttpRequest, compound: Any, values: dict[str, Any]) -> Any:
        return operations.add_rule(**values)

    @display(description=_("jurisdiction"), ordering="jurisdiction")
    def told_place(self, obj: DeadlineRule) -> str:
        return jurisdictions.name_of(obj.jurisdiction)

    @display(description=_("time"))
    def told_span(self, rule: DeadlineRule) -> str:
        return f"{rule.amount} {rule.get_measure_display()}"


@admin.register(Holiday)
class HolidayAdmin(LawAdmin):
    list_display = ["day", "is_working", "name", "source"]
    list_filter = ["is_working"]
    search_fields = ["name"]
    fields = ["day", "is_working", "name", "source"]
    ordering = ["-day"]

    def create(self, request: HttpRequest, compound: Any, values: dict[str, Any]) -> Any:
        return operations.add_holiday(**values)
