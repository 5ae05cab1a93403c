"""The tariff editor's form: hours and yuan as people write them, rules as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parking.tariffs.rules import MOST_WINDOWS, NEW_ENERGY, minute_of

#: Rows for windows: as many as a day may have.
ROWS = {"workdays": MOST_WINDOWS, "holidays": MOST_WINDOWS}
#: Rows that are shown at once, by day and by night; the others unfold.
SHOWN = 2


def yuan_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=10_000, max_digits=7,
        decimal_places=2, widget=forms.NumberInput(attrs={"class": "l-input", "step": "0.01"}),
    )  # fmt: skip


def minutes_field(label: Any, most: int = 1440) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most,
        widget=forms.NumberInput(attrs={"class": "l-input"}),
    )  # fmt: skip


def fen(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 100)


def as_yuan(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 100


class WindowForm(forms.Form):
    """One part of the day; a row without hours is no window."""

    start = forms.CharField(label=_("from"), required=False, max_length=5)
    end = forms.CharField(label=_("until"), required=False, max_length=5)
    first_minutes = minutes_field(_("first minutes"))
    first = yuan_field(_("for yuan"))
    step_minutes = minutes_field(_("then every (min)"))
    step = yuan_field(_("for yuan"))
    cap = yuan_field(_("cap, yuan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, example in (("start", "07:00"), ("end", "22:00")):
            attrs = {"class": "l-input", "placeholder": example, "inputmode": "numeric"}
            self.fields[name].widget.attrs.update(attrs)

    def _hour(self, name: str) -> str:
        text = str(self.cleaned_data[name]).replace("：", ":").strip()
        if text:
            try:
                minute_of(text)
            except ValueError as error:
                raise forms.ValidationError(_("Give an hour such as 07:00.")) from error
        return text

    def clean_start(self) -> str:
        return self._hour("start")

    def clean_end(self) -> str:
        return self._hour("end")

    def clean(self) -> dict[str, Any]:
        """A price whose hours were forgotten would be lost without a word."""
        given: dict[str, Any] = super().clean() or {}
        hours = given.get("start") or given.get("end")
        if not hours and not self.errors and any(given.values()):
            self.add_error("start", _("Give the hours of this window."))
        return given

    @property
    def is_used(self) -> bool:
        return any(self[name].value() not in (None, "") for name in self.fields)

    def stored(self) -> dict[str, Any] | None:
        """As ``parking.tariffs.rules`` reads it; None for an empty row."""
        values = self.cleaned_data
        if not values.get("start") and not values.get("end"):
            return None
        return {
            "from": values.get("start") or "00:00",
            "to": values.get("end") or "24:00",
            "first_minutes": values.get("first_minutes") or 0,
            "first_fen": fen(values.get("first")) or 0,
            "step_minutes": values.get("step_minutes") or 0,
            "step_fen": fen(values.get("step")) or 0,
            "cap_fen": fen(values.get("cap")),
        }

    @staticmethod
    def shown(window: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "start": window["from"],
            "end": window["to"],
            "first_minutes": window.get("first_minutes") or None,
            "first": as_yuan(window.get("first_fen") or None),
            "step_minutes": window.get("step_minutes") or None,
            "step": as_yuan(window.get("step_fen", 0)),
            "cap": as_yuan(window.get("cap_fen")),
        }


class RateForm(forms.Form):
    """What one group of cars pays, without its windows."""

    free_minutes = minutes_field(_("Free minutes"))
    free_deducted = forms.BooleanField(
        label=_("Take the free minutes off longer stays too"), required=False
    )
    cap_day = yuan_field(_("Daily cap, yuan"))
    cap_stay = yuan_field(_("Cap per stay, yuan"))

    def stored(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "free_minutes": values.get("free_minutes") or 0,
            "free_deducted": bool(values.get("free_deducted")),
            "cap_day_fen": fen(values.get("cap_day")),
            "cap_stay_fen": fen(values.get("cap_stay")),
        }

    @staticmethod
    def shown(rate: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "free_minutes": rate.get("free_minutes"),
            "free_deducted": rate.get("free_deducted"),
            "cap_day": as_yuan(rate.get("cap_day_fen")),
            "cap_stay": as_yuan(rate.get("cap_stay_fen")),
        }


class TariffForm(forms.Form):
    """What holds for all cars."""

    name = forms.CharField(label=_("Name"), max_length=60)
    starts_on = forms.DateField(
        label=_("In force from"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(label=_("Decided by"), max_length=120, required=False)
    grace_minutes = minutes_field(_("Minutes to drive out after paying"), 240)
    day_counts = forms.ChoiceField(
        label=_("A day is counted"),
        choices=[("calendar", _("by the calendar")), ("entry", _("in 24 hours from the entry"))],
    )
    residents_free = forms.BooleanField(
        label=_("Registered cars without a permit pay nothing"), required=False
    )
    new_energy = forms.BooleanField(
        label=_("New-energy cars have a rate of their own"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "l-input"


class Group:
    """A rate's form with the forms of its windows, under one prefix."""

    def __init__(self, prefix: str, title: Any, posted: Any, rate: Mapping[str, Any]) -> None:
        self.prefix, self.title = prefix, title
        self.rate = RateForm(posted, prefix=prefix, initial=RateForm.shown(rate))
        self.days = {
            name: [self._window(posted, name, row, rate) for row in range(count)]
            for name, count in ROWS.items()
        }

    def _window(self, posted: Any, name: str, row: int, rate: Mapping[str, Any]) -> WindowForm:
        known = list(rate.get(name, ()))
        initial = WindowForm.shown(known[row]) if row < len(known) else {}
        return WindowForm(posted, prefix=f"{self.prefix}-{name}-{row}", initial=initial)

    @property
    def ordinary(self) -> list[WindowForm]:
        """The rows of ordinary days that are shown at once: those in use, two at least."""
        rows = self.days["workdays"]
        used = [place for place, each in enumerate(rows, start=1) if each.is_used]
        return rows[: max([SHOWN, *used])]

    @property
    def more(self) -> list[WindowForm]:
        return self.days["workdays"][len(self.ordinary) :]

    @property
    def holidays(self) -> list[WindowForm]:
        """The rows of public holidays that are shown first: those in use, one at least."""
        rows = self.days["holidays"]
        used = [place for place, each in enumerate(rows, start=1) if each.is_used]
        return rows[: max([1, *used])]

    @property
    def more_holidays(self) -> list[WindowForm]:
        return self.days["holidays"][len(self.holidays) :]

    @property
    def has_holidays(self) -> bool:
        return self.holidays[0].is_used

    @property
    def forms(self) -> list[forms.Form]:
        return [self.rate, *(each for rows in self.days.values() for each in rows)]

    def stored(self, kinds: tuple[str, ...]) -> dict[str, Any]:
        windows = {
            name: [window for each in rows if (window := each.stored())]
            for name, rows in self.days.items()
        }
        return {"kinds": list(kinds)} | self.rate.stored() | windows


class Editor:
    """The whole page: one form for all, one group of forms for each rate."""

    def __init__(self, posted: Any, values: Mapping[str, Any], rules: Mapping[str, Any]) -> None:
        rates = list(rules.get("rates", ()))
        ordinary: Mapping[str, Any] = next((each for each in rates if not each.get("kinds")), {})
        green: Mapping[str, Any] = next((each for each in rates if each.get("kinds")), {})
        initial = {
            "grace_minutes": rules.get("grace_minutes", 15),
            "day_counts": rules.get("day_counts", "calendar"),
            "residents_free": rules.get("residents_free", True),
            "new_energy": bool(green),
        }
        self.form = TariffForm(posted, initial=initial | dict(values))
        self.groups = [
            Group("r", _("All cars"), posted, ordinary),
            Group("g", _("New-energy cars"), posted, green),
        ]

    def is_valid(self) -> bool:
        if not self.form.is_valid():
            return False
        used = self.groups if self.form.cleaned_data["new_energy"] else self.groups[:1]
        # Each is asked, so that every fault is shown at once.
        found = [each.is_valid() for group in used for each in group.forms]
        return all(found)

    def rules(self) -> dict[str, Any]:
        values = self.form.cleaned_data
        rates = [self.groups[0].stored(())]
        if values["new_energy"]:
            rates.append(self.groups[1].stored(NEW_ENERGY))
        return {
            "day_counts": values["day_counts"],
            "grace_minutes": values.get("grace_minutes") or 0,
            "residents_free": values["residents_free"],
            "rates": rates,
        }
