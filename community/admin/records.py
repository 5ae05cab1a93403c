"""What is kept and only shown: the ledger, looks, messages, keys; and how long things are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community import events
from community.admin.places import MANAGERS, PlaceAdmin
from community.admin_base import CompoundAdmin, VisibleRelatedFilter, acting
from community.admin_filters import MomentFilter
from community.models import DataKey, Event, HandlerRun, Look, RetentionRule


class ShownOnly(CompoundAdmin):
    """Rows that nobody edits."""

    write_roles: frozenset[str] = frozenset()
    read_roles = MANAGERS


class KindFilter(admin.SimpleListFilter):
    """Kinds of events in words; only those that the reader may see."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        held = {role for roles in acting(request).roles_by_compound().values() for role in roles}
        seen = events.kinds() if acting(request).is_superuser else events.kinds_for(held)
        labels = events.kinds()
        return sorted(((name, str(labels[name].label)) for name in seen), key=lambda kind: kind[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ShownOnly):
    """The ledger: read, filter by kind and day, export. Nothing in it can be changed."""

    read_roles = frozenset({"manager", "installer"})
    list_display = ["sequence", "at", "said", "actor", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), KindFilter, ("at", MomentFilter)]
    search_fields = ["sequence"]
    search_help_text = _("Number in the ledger")
    list_select_related = ["actor", "compound"]
    ordering = ["-compound_id", "-sequence"]
    #: Any other order would sort the whole ledger.
    sortable_by = ["sequence", "at"]
    fields = ["sequence", "said", "kind", "at", "recorded_at", "actor", "compound", "payload"]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return []

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By a whole number, which the index finds; digits of a million rows would be read."""
        if not search_term:
            return queryset, False
        number = search_term.strip().replace(",", "")
        known = number.isdecimal() and len(number) < 19
        return (queryset.filter(sequence=int(number)) if known else queryset.none()), False

    @display(description=_("kind"))
    def said(self, event: Event) -> str:
        kind = events.kinds().get(event.kind)
        return str(kind.label) if kind else event.kind

    def export_rows(self, shown: Any, rows: Any) -> Iterator[Sequence[Any]]:
        """Ids and codes only, as the ledger keeps them."""
        yield ["compound", "sequence", "at", "kind", "actor", "payload"]
        columns = ("compound__code", "sequence", "at", "kind", "actor__username", "payload")
        for *ids, at, kind, actor, payload in rows.values_list(*columns).iterator(chunk_size=2000):
            moment = timezone.localtime(at).isoformat()
            yield [*ids, moment, kind, actor or "", json.dumps(payload, ensure_ascii=False)]


@admin.register(HandlerRun)
class HandlerRunAdmin(ShownOnly):
    """Work that follows events; what failed again and again is parked and stands here."""

    list_display = ["handler", "event", "state", "attempts", "error", "due_at"]
    list_filter = ["state"]
    list_select_related = ["event"]


@admin.register(Look)
class LookAdmin(ShownOnly):
    list_display = ["at", "user", "subject", "subject_id", "field", "why"]
    list_filter = [("compound", VisibleRelatedFilter), ("at", MomentFilter)]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name"]

    @display(description=_("reason"))
    def why(self, look: Look) -> str:
        """Reasons that the house itself gives are kept in English."""
        return gettext(look.reason)


@admin.register(RetentionRule)
class RetentionRuleAdmin(PlaceAdmin):
    list_display = ["subject", "days", "source", "compound"]


@admin.register(DataKey)
class DataKeyAdmin(ShownOnly):
    """What is known of the keys; the keys themselves are in no table."""

    read_roles: frozenset[str] = frozenset()
    list_display = ["key_id", "purpose", "created_at", "retired_at"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))
