"""Shelves, the rule for keeping, and what recipients chose."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from community.admin_base import CompoundAdmin, VisibleRelatedFilter, acting
from community.admin_filters import MomentFilter
from community.models import Compound
from community.querysets import OFFICE
from parcels import operations
from parcels.models import DeliveryChoice, KeepingRule, ParcelQuestion, Shelf


@admin.register(Shelf)
class ShelfAdmin(CompoundAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["name", "is_active", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name"]
    fields = ["name", "is_active"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.save_shelf(Shelf(compound=compound, **values), actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.save_shelf(obj, actor=acting(request))


@admin.register(KeepingRule)
class KeepingRuleAdmin(CompoundAdmin):
    read_roles = OFFICE
    write_roles = frozenset({"manager"})
    list_display = [
        "compound", "keep_hours", "remind_hours", "ask_hours", "desk_days", "couriers_from",
        "couriers_until", "answer_minutes", "source",
    ]  # fmt: skip
    list_select_related = ["compound"]
    fields = [
        ("keep_hours", "remind_hours"), ("ask_hours", "desk_days"),
        ("couriers_from", "couriers_until"), ("courier_entries", "answer_minutes"),
        ("unanswered", "source"),
    ]  # fmt: skip

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        rule = KeepingRule(compound=compound, **values)
        return operations.save_rule(rule, actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.save_rule(obj, actor=acting(request))


@admin.register(DeliveryChoice)
class DeliveryChoiceAdmin(CompoundAdmin):
    """Made by the recipients themselves, or for them at the desk; here to be read."""

    read_roles = OFFICE
    write_roles = frozenset()
    list_display = ["person", "carrier", "kind", "way", "made_at", "ended_at", "on_behalf"]
    list_filter = [
        ("compound", VisibleRelatedFilter), "way", "kind", ("carrier", VisibleRelatedFilter),
    ]  # fmt: skip
    list_select_related = ["person", "carrier"]
    search_fields = ["person__name"]
    fields = readonly_fields = [
        "person", "carrier", "kind", "way", "neighbour", "made_at", "made_by", "on_behalf",
        "ended_at",
    ]  # fmt: skip


@admin.register(ParcelQuestion)
class ParcelQuestionAdmin(CompoundAdmin):
    """Who was asked where, what they answered and what the courier did; here to be read."""

    read_roles = OFFICE
    write_roles = frozenset()
    list_display = [
        "waybill", "carrier", "person", "asked_at", "until", "way", "settled", "settled_at",
    ]  # fmt: skip
    list_filter = [
        ("compound", VisibleRelatedFilter), "way", "settled", ("carrier", VisibleRelatedFilter),
        ("asked_at", MomentFilter),
    ]  # fmt: skip
    list_select_related = ["person", "carrier"]
    search_fields = ["waybill", "person__name"]
    fields = readonly_fields = [
        "waybill", "carrier", "courier", "person", "unit", "asked_at", "until", "way",
        "neighbour", "answered_at", "answered_by", "settled", "settled_at", "parcel",
    ]  # fmt: skip
