"""Ways in and visits in the office: found, taken back, a lost card replaced."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community import keyring
from community.admin_base import DeedForm, VisibleRelatedFilter
from community.admin_filters import MomentFilter
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents import operations, ways
from residents.admin.deeds import DealsAdmin, deed, line
from residents.models import Visit, VisitStay, WayIn


class NewCardForm(DeedForm):
    number = line(_("New card: hold it to the reader"), 60)


def end_lost(way: WayIn, *, actor: Any) -> WayIn:
    return operations.end_way_in(way, WayIn.End.LOST, actor=actor)


def withdraw(way: WayIn, *, actor: Any) -> WayIn:
    return operations.end_way_in(way, WayIn.End.WITHDRAWN, actor=actor)


@admin.register(WayIn)
class WayInAdmin(DealsAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["person", "kind", "hint", "stands", "issued_at", "last_used_at", "last_lane"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "kind",
        ("ended_at", admin.EmptyFieldListFilter),
        "end_reason",
        ("issued_at", MomentFilter),
        ("last_used_at", MomentFilter),
    ]
    list_select_related = ["person", "unit", "last_lane"]
    search_fields = ["person__name", "hint"]
    search_help_text = _("Name, home, or a card held to the reader")
    fields = [
        ("person", "kind"), ("hint", "unit"), "stands", ("issued_at", "issued_by"),
        ("ended_at", "end_reason"), ("last_used_at", "last_lane"),
    ]  # fmt: skip
    actions_list = ["hand_out"]
    actions_row = ["end_lost"]
    actions_detail = ["end_lost", "replace", "withdraw"]
    end_lost = deed(
        "end_lost",
        _("Lost"),
        _("Nothing opens with it from this moment on."),
        _("It opens nothing any more."),
        end_lost,
        icon="delete",
    )
    replace = deed(
        "replace",
        _("Replace a lost card"),
        _("The lost card ends and the new one counts, both at once."),
        _("The new card counts from now on."),
        operations.replace_card,
        icon="sync",
        form=NewCardForm,
    )
    withdraw = deed(
        "withdraw",
        _("Take it back"),
        _("Nothing opens with it from this moment on."),
        _("It opens nothing any more."),
        withdraw,
        icon="block",
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """A whole card number and a home too."""
        found, several = super().get_search_results(request, queryset, search_term)
        number, extra = ways.plain_card(search_term), Q(pk__in=[])
        if number:
            user: Any = request.user
            for compound in user.compounds_as(self.read_roles):
                extra |= Q(index__in=keyring.blind_indexes(number, compound, "card"))
        if "-" in search_term:
            home = Q(person__residencies__unit__code=search_term.strip())
            rows = WayIn.objects.filter(home, person__residencies__ended_on=None)
            extra |= Q(pk__in=rows.values("pk"))
        return found | queryset.filter(extra), several

    @display(description=_("state"))
    def stands(self, row: WayIn) -> SafeString:
        if row.ended_at:
            return tag_html("off", str(row.get_end_reason_display() or _("Ended")))
        return tag_html("allow", str(_("Valid")))

    @action(description=_("Hand out cards"), permissions=["deal"], icon="badge")
    def hand_out(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk-cards"))


@admin.register(Visit)
class VisitAdmin(DealsAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["name", "kind", "unit", "host", "starts_at", "ends_at", "used", "stands"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "kind",
        ("revoked_at", admin.EmptyFieldListFilter),
        ("unit__building", VisibleRelatedFilter),
        ("starts_at", MomentFilter),
        ("ends_at", MomentFilter),
        "is_walk_in",
        "on_behalf",
    ]
    list_select_related = ["unit", "host"]
    search_fields = ["name", "unit__code", "host__name"]
    search_help_text = _("Visitor, home or host")
    fields = [
        ("name", "kind"), ("unit", "host"), ("starts_at", "ends_at"), ("people", "cars"),
        ("used", "stands"), ("is_walk_in", "on_behalf"), ("created_at", "created_by"),
        ("revoked_at", "revoked_by"),
    ]  # fmt: skip
    actions_detail = actions_row = ["revoke"]
    revoke = deed(
        "revoke",
        _("Revoke the pass"),
        _("It opens nothing from this moment on. Who is inside may still leave."),
        _("The pass is revoked."),
        operations.revoke_visit,
        icon="block",
    )

    @display(description=_("plates"))
    def cars(self, row: Visit) -> str:
        return "、".join(str(plate) for plate in row.plates) or "–"

    @display(description=_("times used"))
    def used(self, row: Visit) -> str:
        return f"{row.entries} / {row.most_entries or '∞'}"

    @display(description=_("state"))
    def stands(self, row: Visit) -> SafeString:
        now = timezone.now()
        if row.revoked_at:
            return tag_html("off", str(_("Revoked")))
        if row.ends_at <= now:
            return tag_html("off", str(_("Over")))
        if row.most_entries is not None and row.entries >= row.most_entries:
            return tag_html("info", str(_("Used up")))
        return tag_html("allow" if row.starts_at <= now else "due", str(_("Valid")))


@admin.register(VisitStay)
class VisitStayAdmin(DealsAdmin):
    read_roles = OFFICE
    write_roles: frozenset[str] = frozenset()
    list_display = ["visit", "entered_at", "left_at", "left_by", "overstay_told_at"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("left_at", admin.EmptyFieldListFilter),
        ("overstay_told_at", admin.EmptyFieldListFilter),
        ("entered_at", MomentFilter),
    ]
    list_select_related = ["visit__unit"]
    search_fields = ["visit__name", "visit__unit__code"]
    search_help_text = _("Visitor or home")
    fields = ["visit", ("entered_at", "left_at"), ("left_by", "overstay_told_at")]
