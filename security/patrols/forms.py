"""What is filled in about rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Compound
from security.listing import PeriodForm
from security.models import PatrolRound, PatrolRoute, PatrolScan
from security.operations.patrols.walking import NOTE_MAX

MISSING = _("Choose the reason first.")


class HandForm(forms.Form):
    """Why a point is confirmed without its code."""

    reason = forms.ChoiceField(
        label=_("Reason (required)"),
        choices=PatrolScan.Reason.choices,
        error_messages={"required": MISSING, "invalid_choice": MISSING},
    )
    note = forms.CharField(
        label=_("What is the reason? (required for “Other”)"),
        required=False,
        max_length=NOTE_MAX,
        error_messages={"max_length": _("Keep it within 200 characters.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("reason") == PatrolScan.Reason.OTHER and not values.get("note", "").strip():
            self.add_error("note", _("Say in a few words why."))
        return values


class FindRoundForm(PeriodForm):
    """The list of rounds: by route, result, guard and days."""

    q = forms.CharField(label=_("Guard"), required=False, max_length=60)
    route = forms.ModelChoiceField(
        label=_("Route"), required=False, queryset=PatrolRoute.objects.none(), empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("Result"), required=False, choices=[("", _("All")), *PatrolRound.State.choices]
    )

    def __init__(self, compound: Compound, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["route"]
        choice.queryset = PatrolRoute.objects.of(compound)
