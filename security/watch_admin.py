"""The watch list in the office: managers enter and end entries, and read what they led to."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community.admin_base import CompoundAdmin, VisibleRelatedFilter, acting
from community.admin_filters import MomentFilter
from community.models import Compound
from community.templatetags.linli import tag_html
from residents.admin.deeds import DealsAdmin, day, deed, line
from security.models import WatchEntry, WatchHit
from security.operations import watchlist

MANAGERS = frozenset({"manager"})


class WatchForm(forms.ModelForm):
    """What is entered: a plate is typed, a card held to the reader, a pass scanned."""

    value = line(
        _("Plate, card number or pass"),
        200,
        about=_("Type the plate, hold the card to the reader, or scan the pass."),
    )
    expires_at = day(_("Last day"))

    class Meta:
        model = WatchEntry
        fields = ["kind", "basis", "reference", "reason"]

    def clean_expires_at(self) -> datetime:
        """The end of the chosen day."""
        ends = datetime.combine(self.cleaned_data["expires_at"], time(23, 59, 59))
        return timezone.make_aware(ends)

    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


def end_entry(entry: WatchEntry, *, actor: Any) -> WatchEntry:
    return watchlist.end_watch(entry, actor=actor)


@admin.register(WatchEntry)
class WatchEntryAdmin(DealsAdmin):
    form = WatchForm
    read_roles = write_roles = MANAGERS
    list_display = ["what_word", "kind", "basis", "reason", "expires_at", "stands", "entered_by"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "kind",
        "basis",
        ("ended_at", admin.EmptyFieldListFilter),
        ("expires_at", MomentFilter),
    ]
    list_select_related = ["visit__unit", "entered_by"]
    search_fields = ["plate", "reason", "reference", "visit__name"]
    search_help_text = _("Plate, reason, number of the paper or visitor")
    fields = [
        ("kind", "what_word"), "reason", ("basis", "reference"), ("expires_at", "stands"),
        ("entered_by", "entered_at"), ("ended_by", "ended_at"),
    ]  # fmt: skip
    actions_detail = actions_row = ["end_entry"]
    end_entry = deed(
        "end_entry",
        _("Take it off the list"),
        _("It counts no more from now on."),
        _("It is off the list."),
        end_entry,
        icon="delete",
    )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["fields"] = WatchForm.Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return self.fields
        return ["kind", "value", "reason", ("basis", "reference"), "expires_at"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return watchlist.add_watch(compound=compound, actor=acting(request), **values)

    @display(description=_("plate, card or pass"))
    def what_word(self, row: WatchEntry) -> str:
        return row.what

    @display(description=_("state"))
    def stands(self, row: WatchEntry) -> SafeString:
        if row.ended_at:
            return tag_html("off", str(_("Taken off")))
        if row.expires_at <= timezone.now():
            return tag_html("off", str(_("Over")))
        return tag_html("ask", str(_("In force")))


@admin.register(WatchHit)
class WatchHitAdmin(CompoundAdmin):
    read_roles = MANAGERS
    write_roles: frozenset[str] = frozenset()
    list_display = ["at", "entry", "lane", "answer_tag", "answered_by", "answered_at"]
    list_filter = [("compound", VisibleRelatedFilter), "answer", ("at", MomentFilter)]
    list_select_related = ["entry__visit__unit", "passage__lane", "answered_by"]
    search_fields = ["entry__plate", "entry__reason", "passage__lane__name"]
    search_help_text = _("Plate, reason or lane")
    fields = [("entry", "at"), ("lane", "passage"), ("answer_tag", "answered_by", "answered_at")]

    @display(description=_("lane"))
    def lane(self, row: WatchHit) -> str:
        return row.passage.lane.name

    @display(description=_("is it what is meant?"), ordering="answer")
    def answer_tag(self, row: WatchHit) -> SafeString:
        marks = {"": "ask", "yes": "deny", "no": "allow"}
        return tag_html(marks[row.answer], str(row.get_answer_display()))
