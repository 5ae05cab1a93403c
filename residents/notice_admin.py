"""Notices in the office and at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_filters import MomentFilter
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents import operations
from residents.models import (
    Notice,
    NoticeRead,
)


class ReadInline(CompoundInline):
    model = NoticeRead
    fields = readonly_fields = ["user", "read_at"]
    read_roles = OFFICE
    verbose_name_plural = _("Read by")
    show_change_link = False


@admin.register(Notice)
class NoticeAdmin(CompoundAdmin):
    read_roles = OFFICE
    write_roles = OFFICE
    list_display = ["title", "audience", "standing", "publish_at", "ends_at", "told", "reads"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "audience",
        "is_important",
        ("publish_at", MomentFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["title", "text"]
    fields = [
        "title", "text", ("audience", "is_important"), "buildings", ("publish_at", "ends_at"),
    ]  # fmt: skip
    readonly_fields = ["standing", "told", "reads"]
    inlines = [ReadInline]
    actions_detail = ["board", "withdraw"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(read_count=Count("reads"))

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is out is not changed any more."""
        is_out = obj is not None and (obj.told_at or obj.told_unit or obj.withdrawn_at)
        return not is_out and super().has_change_permission(request, obj)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return self._save(request, Notice(compound=compound), values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return self._save(request, obj, values)

    def _save(self, request: HttpRequest, notice: Notice, values: dict[str, Any]) -> Any:
        chosen = values.pop("buildings", [])
        return operations.save_notice(notice, buildings=chosen, actor=acting(request), **values)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The operation has set the buildings."""

    @display(description=_("state"))
    def standing(self, notice: Notice) -> SafeString:
        now = timezone.now()
        if notice.withdrawn_at:
            return tag_html("off", str(_("Withdrawn")))
        if notice.publish_at > now:
            return tag_html("due", str(_("Not out yet")))
        if notice.ends_at and notice.ends_at <= now:
            return tag_html("off", str(_("Over")))
        return tag_html("allow", str(_("Published")))

    @display(description=_("people told"), ordering="told_count")
    def told(self, notice: Notice) -> int:
        return notice.told_count

    @display(description=_("read by"), ordering="read_count")
    def reads(self, notice: Notice) -> int:
        return int(getattr(notice, "read_count", 0))

    @action(description=_("For the board"), icon="print", permissions=["view"])
    def board(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("notice-board", object_id)

    def has_withdraw_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("Withdraw"),
        icon="undo",
        permissions=["withdraw"],
        dialog={
            "title": _("Withdraw the notice"),
            "description": _("Nobody sees it any more, and nobody else is told."),
            "form_class": DeedForm,
            "form_submit_text": _("Withdraw"),
        },
    )
    def withdraw(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        notice = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.withdraw_notice(notice, actor=acting(request)),
            _("The notice is withdrawn."),
        )
