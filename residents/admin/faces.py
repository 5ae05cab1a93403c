"""Consents, erasures and holders of faces in the office: read, taken away as a list, seen to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community.admin_base import VisibleRelatedFilter, acting
from community.admin_filters import MomentFilter
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents.admin.deeds import DealsAdmin, deed
from residents.models import Consent, ConsentText, FaceCalibration, FaceErasure, GalleryHolder
from residents.operations.faces import consents, proof

MANAGER = frozenset({"manager"})


class TextForm(forms.ModelForm):
    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


@admin.register(ConsentText)
class ConsentTextAdmin(DealsAdmin):
    form = TextForm
    read_roles, write_roles = OFFICE, MANAGER
    list_display = ["purpose", "version", "published_at", "published_by"]
    list_filter = [
        ("compound", VisibleRelatedFilter), "purpose", ("published_at", MomentFilter),
    ]  # fmt: skip
    list_select_related = ["published_by"]
    search_fields = ["chinese", "english"]
    search_help_text = _("Words of the text")
    fields = [("purpose", "version"), "chinese", "english", ("published_at", "published_by")]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ["purpose", "chinese", "english"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return consents.publish_consent_text(compound, actor=acting(request), **values)


@admin.register(Consent)
class ConsentAdmin(DealsAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["person", "purpose", "version", "way", "guardian", "given_at", "stands"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "purpose",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "way",
        "child",
        ("given_at", MomentFilter),
        ("withdrawn_at", MomentFilter),
    ]
    list_select_related = ["person", "text", "guardian"]
    search_fields = ["person__name", "guardian__name"]
    search_help_text = _("Person or guardian")
    fields = [
        ("person", "purpose"), "text", ("way", "guardian"), ("given_at", "given_by"),
        ("withdrawn_at", "withdrawn_by"),
    ]  # fmt: skip
    actions_row = actions_detail = ["withdraw"]
    withdraw = deed(
        "withdraw",
        _("Withdraw for this person"),
        _("It counts no more. Where it was for opening doors, the face is erased at once."),
        _("Withdrawn. What it was for has ended."),
        consents.withdraw_consent,
        icon="block",
    )

    @display(description=_("version"), ordering="text__version")
    def version(self, row: Consent) -> int:
        version: int = row.text.version
        return version

    @display(description=_("state"), ordering="withdrawn_at")
    def stands(self, row: Consent) -> SafeString:
        if row.withdrawn_at:
            return tag_html("off", str(_("Ended")))
        return tag_html("allow", str(_("Valid")))


@admin.register(FaceErasure)
class FaceErasureAdmin(DealsAdmin):
    read_roles = OFFICE
    write_roles: frozenset[str] = frozenset()
    list_display = ["person", "erased_at", "version", "proven_at", "state"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        ("proven_at", admin.EmptyFieldListFilter),
        ("overdue_at", admin.EmptyFieldListFilter),
        ("erased_at", MomentFilter),
    ]
    list_select_related = ["person"]
    search_fields = ["person__name"]
    search_help_text = _("Person")
    fields = [("person", "version"), ("erased_at", "proven_at"), "overdue_at", "page"]

    @display(description=_("state"))
    def state(self, row: FaceErasure) -> SafeString:
        if row.proven_at:
            return tag_html("allow", str(_("Confirmed everywhere")))
        return tag_html("fail" if row.overdue_at else "due", str(_("Not confirmed yet")))

    @display(description=_("proof"))
    def page(self, row: FaceErasure) -> SafeString:
        url, words = reverse("desk-face-proof", args=[row.pk]), _("Who has confirmed it")
        return format_html('<a href="{}">{}</a>', url, words)


@admin.register(GalleryHolder)
class GalleryHolderAdmin(DealsAdmin):
    read_roles, write_roles = OFFICE | {"installer"}, MANAGER
    list_display = ["name", "kind", "version", "confirmed_at", "retired_at"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "kind",
        ("retired_at", admin.EmptyFieldListFilter),
        ("confirmed_at", MomentFilter),
    ]
    search_fields = ["name"]
    search_help_text = _("Name of the worker or device")
    fields = [("name", "kind"), ("version", "confirmed_at"), "retired_at"]
    actions_row = actions_detail = ["retire"]
    retire = deed(
        "retire",
        _("It holds nothing any more"),
        _(
            "Say so only after you have seen to it: the program is gone, or the device was wiped. "
            "Erasures no longer wait for it."
        ),
        _("Erasures no longer wait for it."),
        proof.retire_holder,
        icon="block",
    )


@admin.register(FaceCalibration)
class FaceCalibrationAdmin(DealsAdmin):
    read_roles = MANAGER
    write_roles: frozenset[str] = frozenset()
    list_display = ["at", "people", "pairs", "open_below", "second_below", "measured", "by"]
    list_filter = [("compound", VisibleRelatedFilter), "measured", ("at", MomentFilter)]
    list_select_related = ["by"]
    search_fields = ["engine", "by__username"]
    search_help_text = _("Engine version, or who started it")
    fields = [
        ("at", "by"), "engine", ("people", "pairs"), ("nearest", "own"),
        ("open_below", "second_below"), "measured",
    ]  # fmt: skip
