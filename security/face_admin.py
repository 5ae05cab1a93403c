"""Faces at the gates, in the office: one row for each gate that the office has decided about."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from community.admin_base import CompoundAdmin, VisibleRelatedFilter, acting
from community.models import Compound, Gate
from community.templatetags.linli import tag_html
from security.models import FaceRule
from security.operations.faces import set_face_rule

SET_UP = frozenset({"manager", "installer"})
NAMES = ("is_on", "attended", "asks_task", "asks_second")


class FaceRuleForm(forms.ModelForm):
    """What counts at a gate; the verb says what cannot be."""

    class Meta:
        model = FaceRule
        fields = ["gate", *NAMES, "buildings"]
        widgets: ClassVar[dict[str, Any]] = {"buildings": UnfoldAdminCheckboxSelectMultipleWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "buildings" in self.fields:  # no menu of deeds behind the last building's name
            for deed in ("add", "change", "delete", "view"):
                setattr(self.fields["buildings"].widget, f"can_{deed}_related", False)

    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


@admin.register(FaceRule)
class FaceRuleAdmin(CompoundAdmin):
    form = FaceRuleForm
    read_roles = write_roles = SET_UP
    list_display = ["gate", "counts", "attended", "asks_task", "asks_second"]
    list_filter = [("compound", VisibleRelatedFilter), "is_on", "asks_task", "asks_second"]
    list_select_related = ["gate"]
    search_fields = ["gate__name"]
    search_help_text = _("Name of the gate")
    fieldsets = [
        (None, {"fields": ["gate", "is_on", "buildings"]}),
        (
            _("Beside the face"),
            {
                "fields": ["attended", "asks_second", "asks_task"],
                "description": _(
                    "A photograph held to the camera must not open: at least one of these two is "
                    "asked for. Nobody needs a face; card, code and PIN open here as before."
                ),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["gate"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "gate":
            kwargs["queryset"] = Gate.objects.filter(
                kind=Gate.Kind.PEDESTRIAN, face_rule__isnull=True
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        chosen = {name: values[name] for name in (*NAMES, "buildings")}
        return set_face_rule(values["gate"], actor=acting(request), **chosen)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        chosen = {name: values.get(name, getattr(obj, name)) for name in NAMES}
        chosen["buildings"] = values.get("buildings")
        return set_face_rule(obj.gate, actor=acting(request), **chosen)

    @display(description=_("faces"), ordering="is_on")
    def counts(self, row: FaceRule) -> SafeString:
        if row.is_on:
            return tag_html("allow", str(_("Count here")))
        return tag_html("off", str(_("Off")))
