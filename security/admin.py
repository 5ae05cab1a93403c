"""The gates in the office: everything is shown, nothing is edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community.admin_base import CompoundAdmin, VisibleRelatedFilter
from community.admin_filters import MomentFilter
from community.templatetags.linli import plate_html, tag_html
from community.verdicts import sentence
from security import alerts
from security.dashboard import short
from security.models import GUARDS, Alert, KeepOpen, Passage, Picture, Reading
from security.passage_lists import KEPT, kept
from security.reasons import KeepOpenReason, OpenReason, RefuseReason
from security.words import describe_picture, direction_word

#: Rules that a passage can stand by, in the order of a gate's day.
RULES = (
    "vehicle_registered",
    "vehicle_not_registered",
    "vehicle_not_registered_leaving",
    "vehicle_barred",
    "vehicle_expired",
    "vehicle_not_yet_valid",
    "vehicle_kind_differs",
    "vehicle_already_inside",
    "admitted_leaving",
    "area_full",
    "home_places_taken",
    "plate_kept_out",
    "plate_let_in",
    "stay_kind_differs",
    "plate_not_read",
    "plate_unsure",
    "lane_kept_open",
    "opened_by_hand",
)


class RuleFilter(admin.SimpleListFilter):
    """By rule, without asking the whole table which rules it holds."""

    title = _("rule")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, short(code)) for code in RULES]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(code=self.value()) if self.value() else queryset


class KeptFilter(admin.SimpleListFilter):
    """What the first page counts, by name."""

    title = _("how it went")
    parameter_name = "kept"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KEPT.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return kept(queryset, self.value() or "")


class GateRecords(CompoundAdmin):
    read_roles = GUARDS
    write_roles: frozenset[str] = frozenset()


def picture_of(picture: Picture | None, words: str) -> SafeString:
    if picture is None or picture.erased_at:
        return SafeString(_("no picture"))
    url = reverse("guard-picture", args=[picture.pk])
    return format_html('<img class="o-still" src="{}" alt="{}" loading="lazy">', url, words)


def reason_of(row: Any, *lists: Any) -> str:
    """A reason in words; none for what nobody gave one for."""
    found = next((choices for choices in lists if row.reason in choices.values), None)
    return str(found(row.reason).label) if found else ""


def outcome_word(row: Passage) -> str:
    """The decision in words; who is not waiting any more was asked about, and has left."""
    if row.outcome == Passage.Outcome.ASK and row.state != Passage.State.WAITING:
        return str(_("A guard was asked"))
    return str(row.get_outcome_display())


@admin.register(Passage)
class PassageAdmin(GateRecords):
    list_display = ["seen_at", "plate_piece", "lane", "decision", "why", "state", "decided_by"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("lane", VisibleRelatedFilter),
        ("seen_at", MomentFilter),
        KeptFilter,
        "outcome",
        RuleFilter,
        "by_hand",
        "state",
    ]
    list_select_related = ["lane", "decided_by", "vehicle__unit"]
    #: Any other order would sort every passage there ever was.
    sortable_by = ["seen_at"]
    search_fields = ["plate"]
    search_help_text = _("Plate, or a part of it")
    fields = [
        "picture_piece", ("plate_piece", "decision"), "why", ("lane", "way"),
        ("seen_at", "decided_at"), ("vehicle", "sure"), "state",
        ("decided_by", "reason_word"), "note", ("crossed_at", "crossing"),
    ]  # fmt: skip

    @display(description=_("plate"), ordering="plate")
    def plate_piece(self, row: Passage) -> SafeString:
        return plate_html(row.plate, row.kind)

    @display(description=_("decision"), ordering="outcome")
    def decision(self, row: Passage) -> SafeString:
        state = "hand" if row.by_hand and row.outcome == Passage.Outcome.ALLOW else row.outcome
        return tag_html(state, outcome_word(row))

    @display(description=_("rule"))
    def why(self, row: Passage) -> str:
        return sentence(row.code, row.facts)

    @display(description=_("direction"))
    def way(self, row: Passage) -> str:
        return direction_word(row.direction)

    @display(description=_("confidence"))
    def sure(self, row: Passage) -> str:
        return f"{row.confidence:.0%}"

    @display(description=_("reason"))
    def reason_word(self, row: Passage) -> str:
        return reason_of(row, OpenReason, RefuseReason)

    @display(description=_("picture"))
    def picture_piece(self, row: Passage) -> SafeString:
        return picture_of(row.picture, describe_picture(row))


@admin.register(Reading)
class ReadingAdmin(GateRecords):
    list_display = ["captured_at", "plate_piece", "lane", "device", "source", "confidence"]
    list_filter = [
        ("lane", VisibleRelatedFilter),
        ("captured_at", MomentFilter),
        "source",
        "is_realtime",
    ]
    list_select_related = ["lane", "device"]
    search_fields = ["plate"]
    fields = [
        "picture_piece", ("plate_piece", "plate_raw"), ("lane", "device"),
        ("source", "is_realtime"), ("captured_at", "received_at"),
        ("time_source", "frames"), ("confidence", "colour"),
        "passage",
    ]  # fmt: skip

    @display(description=_("plate"), ordering="plate")
    def plate_piece(self, row: Reading) -> SafeString:
        return plate_html(row.plate, row.kind)

    @display(description=_("picture"))
    def picture_piece(self, row: Reading) -> SafeString:
        return picture_of(row.picture, str(row))


@admin.register(Picture)
class PictureAdmin(GateRecords):
    list_display = ["taken_at", "lane", "width", "height", "erased_at"]
    list_filter = [("lane", VisibleRelatedFilter), ("taken_at", MomentFilter)]
    list_select_related = ["lane"]
    fields = ["picture_piece", "lane", "taken_at", ("width", "height"), "digest", "erased_at"]

    @display(description=_("picture"))
    def picture_piece(self, row: Picture) -> SafeString:
        return picture_of(row, str(row.lane or ""))


@admin.register(KeepOpen)
class KeepOpenAdmin(GateRecords):
    list_display = ["lane", "started_at", "until", "released_at", "reason_word", "started_by"]
    list_filter = [
        ("lane", VisibleRelatedFilter),
        ("started_at", MomentFilter),
        ("released_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["lane", "started_by"]
    search_fields = ["lane__name", "note", "started_by__name"]

    @display(description=_("reason"))
    def reason_word(self, row: KeepOpen) -> str:
        return reason_of(row, KeepOpenReason)


@admin.register(Alert)
class AlertAdmin(GateRecords):
    list_display = ["raised_at", "severity_tag", "said", "state", "taken_by", "closed_at"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("closed_at", admin.EmptyFieldListFilter),
        "state",
        "severity",
        ("raised_at", MomentFilter),
    ]
    search_fields = ["device__name", "lane__name"]
    search_help_text = _("Device or lane")
    list_select_related = ["device", "lane", "taken_by"]
    ordering = ["-raised_at"]
    fields = [("severity_tag", "state"), "said", ("raised_at", "closed_at"), ("device", "lane"),
              "taken_by", "see_to_it"]  # fmt: skip
    readonly_fields = ["see_to_it"]

    @display(description=_("severity"), ordering="severity")
    def severity_tag(self, row: Alert) -> SafeString:
        return tag_html(f"sev{row.severity}", str(row.get_severity_display()))

    @display(description=_("what happened"))
    def said(self, row: Alert) -> str:
        return alerts.said(row)

    @display(description=_("where to see to it"))
    def see_to_it(self, row: Alert) -> SafeString:
        """The page of the locker bank that it is about."""
        bank = alerts.bank_of(row)
        if bank is None:
            return SafeString("–")
        return format_html('<a href="{}">{}</a>', reverse("locker-bank", args=[bank.pk]), bank)


from security import face_admin as _faces  # noqa: E402,F401  likewise
from security import watch_admin as _watch  # noqa: E402,F401  likewise
from security.patrols import office as _duty  # noqa: E402,F401  its pages register themselves
from security.upper import office as _upper  # noqa: E402,F401  likewise
