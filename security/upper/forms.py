"""The form of an upper platform: one pair of fields for each vehicle gate, no password shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from community.models import Gate
from security.models import UpperGate, UpperPlatform
from security.upper.operations.platforms import Gates

NAMES = (
    "name", "url", "number", "username", "is_active", "sends_pictures", "alert_after_h",
)  # fmt: skip


class PlatformForm(forms.ModelForm):
    """The password goes in and never comes out; the verb checks what the row may hold."""

    new_password = forms.CharField(
        label=_("Password at the platform"),
        required=False,
        max_length=200,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Never shown again. Fill in only to replace what is kept."),
    )

    class Meta:
        model = UpperPlatform
        fields = NAMES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.instance.gates.all() if self.instance.pk else ()
        for row in rows:
            self.initial[f"gate_{row.gate_id}"] = row.number
            self.initial[f"inward_{row.gate_id}"] = row.inward

    def _post_clean(self) -> None:
        """The verb checks the row: the form's own instance is never saved."""


def form_for(gates: Iterable[Gate]) -> type[PlatformForm]:
    """The form with a number and a direction for each of these gates."""
    fields: dict[str, Any] = {}
    for gate in gates:
        fields[f"gate_{gate.pk}"] = forms.CharField(
            label=_("%(gate)s: its number at the platform") % {"gate": gate.name},
            required=False,
            max_length=20,
            widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
            help_text=_("20 digits. Empty: nothing is sent of this gate."),
        )
        fields[f"inward_{gate.pk}"] = forms.ChoiceField(
            label=_("%(gate)s: cars drive in") % {"gate": gate.name},
            required=False,
            choices=UpperGate.Inward.choices,
            widget=UnfoldAdminSelectWidget,
        )
    return type("PlatformForm", (PlatformForm,), fields)


def gate_fields(gates: Iterable[Gate]) -> list[tuple[str, str]]:
    return [(f"gate_{gate.pk}", f"inward_{gate.pk}") for gate in gates]


def taken_apart(values: dict[str, Any]) -> tuple[Gates, dict[str, Any]]:
    """The gates, and the other values by the names of the verb."""
    gates: Gates = {}
    for name, number in values.items():
        if name.startswith("gate_") and number.strip():
            key = name.removeprefix("gate_")
            inward = values.get(f"inward_{key}") or UpperGate.Inward.UNSAID.value
            gates[int(key)] = (number.strip(), inward)
    others = {name: values[name] for name in NAMES if name in values}
    return gates, others | {"password": values.get("new_password", "")}
