"""Messages in the office: what went out and what did not."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.admin_base import (
    CompoundAdmin,
    VisibleRelatedFilter,
)
from community.admin_filters import MomentFilter
from community.models import (
    Delivery,
    Notification,
)
from community.notifications import kinds, reach, words
from community.notifications.sentences import sentence
from community.querysets import OFFICE
from community.templatetags.linli import tag_html

MARKS = {
    "pending": "due",
    "sending": "due",
    "sent": "info",
    "delivered": "allow",
    "failed": "ask",
    "given_up": "deny",
}


def _named(rows: list[Delivery]) -> list[Delivery]:
    known = reach.names_of(row.notification for row in rows)
    for row in rows:
        row.names = known  # type: ignore[attr-defined]
    return rows


class KindFilter(admin.SimpleListFilter):
    """Kinds of messages in words."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted((name, str(kind.label)) for name, kind in kinds.declared().items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(notification__kind=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(CompoundAdmin):
    """Each way that each message took; addresses are masked, words are the reader's own."""

    read_roles = OFFICE
    write_roles = OFFICE
    list_display = [
        "created_at",
        "kind_said",
        "reader",
        "medium",
        "masked",
        "state_mark",
        "said",
        "attempts",
        "finished_at",
    ]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "state",
        "medium",
        KindFilter,
        ("created_at", MomentFilter),
    ]
    list_select_related = ["notification__user"]
    search_fields = ["notification__user__name", "notification__user__username", "reference"]
    search_help_text = _("Name of the reader, or the provider's number")
    fields = [
        "created_at",
        "kind_said",
        "reader",
        "medium",
        "masked",
        "state_mark",
        "said",
        "attempts",
        "due_at",
        "finished_at",
        "reference",
    ]
    readonly_fields = fields
    actions_list = ["letters"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list's names are asked for together, not row by row."""
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        shown.result_list = _named(rows)
        return shown

    @display(description=_("kind"))
    def kind_said(self, row: Delivery) -> str:
        return str(kinds.kind_of(row.notification.kind).label)

    @display(description=_("to"))
    def reader(self, row: Delivery) -> str:
        told = row.notification
        if told.user:
            return str(told.user)
        named: dict[str, str] = getattr(row, "names", {})
        return named.get(told.address) or reach.line(told)

    @display(description=_("address"))
    def masked(self, row: Delivery) -> str:
        return reach.masked(row.address) if row.address else "–"

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: Delivery) -> SafeString:
        return tag_html(MARKS[row.state], str(row.get_state_display()))

    @display(description=_("what happened"))
    def said(self, row: Delivery) -> str:
        return sentence(row.code)

    @action(
        description=_("Letters to print"), icon="print", url_path="letters", permissions=["view"]
    )
    def letters(self, request: HttpRequest) -> HttpResponse:
        return redirect("letters")


@admin.register(Notification)
class NotificationAdmin(CompoundAdmin):
    """One's own messages."""

    write_roles: frozenset[str] = frozenset()
    read_roles = frozenset({"manager", "desk", "cashier", "installer"})
    list_display = ["created_at", "said", "delivered_at", "read_at"]
    list_filter = [("created_at", MomentFilter)]
    fields = ["created_at", "said", "delivered_at", "read_at"]
    readonly_fields = fields

    @display(description=_("message"))
    def said(self, row: Notification) -> str:
        return words(row)
