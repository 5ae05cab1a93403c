"""The form of an invitation, the same on a phone and at the desk."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Unit
from residents.models import Visit
from residents.operations.visit_rules import MOST_ENTRIES, MOST_PEOPLE

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
ONCE, SEVERAL, ANY = "once", "several", "any"
#: How long each kind usually takes.
LASTS = {"guest": timedelta(hours=4), "courier": timedelta(hours=2), "trade": timedelta(hours=4)}
#: A visit that ends before it begins, by the clock, ends the next day when it ends so early.
NIGHT = time(6)


class VisitFields(forms.Form):
    """Who comes, when, how often, in what. ``values()`` gives what ``invite`` takes."""

    unit = forms.ChoiceField(label=_("Home"))
    kind = forms.ChoiceField(label=_("Who comes?"), choices=Visit.Kind.choices, initial="guest")
    name = forms.CharField(label=_("Name of the visitor"), max_length=80, required=False)
    day = forms.DateField(label=_("Day"), widget=DAY)
    starts = forms.TimeField(label=_("From (time)"), widget=CLOCK)
    ends = forms.TimeField(label=_("Until (time)"), widget=CLOCK)
    last_day = forms.DateField(label=_("Last day"), widget=DAY, required=False)
    often = forms.ChoiceField(
        label=_("How often may they enter?"),
        choices=[(ONCE, _("Once")), (SEVERAL, _("Several times")), (ANY, _("As often as needed"))],
        initial=ONCE,
    )
    times = forms.IntegerField(
        label=_("How many times"), min_value=1, max_value=MOST_ENTRIES, required=False
    )
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=MOST_PEOPLE, initial=1
    )
    plates = forms.CharField(label=_("Number plates"), max_length=80, required=False)

    def set_out(self, homes: list[Unit], kind: str = "guest") -> None:
        """Offer these homes, and the times that this kind of visit usually takes."""
        self.homes = {str(home.pk): home for home in homes}
        unit: Any = self.fields["unit"]
        unit.choices = [(pk, home.code) for pk, home in self.homes.items()]
        begin = timezone.localtime().replace(second=0, microsecond=0)
        if kind == "guest":
            begin = begin.replace(minute=0) + timedelta(hours=1)
        first: dict[str, Any] = {"unit": next(iter(self.homes), ""), "day": begin.date()}
        end = begin + LASTS.get(kind, LASTS["guest"])
        first |= {"kind": kind, "starts": begin.time(), "ends": end.time()}
        for name, value in first.items():
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("name") and values.get("kind") == Visit.Kind.GUEST:
            self.add_error("name", _("Give the name."))
        if values.get("often") == SEVERAL and not values.get("times") and "times" in values:
            self.add_error("times", _("Say how often they may enter, 1 to 200."))
        return values

    def home(self) -> Unit:
        return self.homes[self.cleaned_data["unit"]]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given["day"], given["last_day"] or given["day"]
        if last == first and given["ends"] <= given["starts"] and given["ends"] <= NIGHT:
            last += timedelta(days=1)
        times = {ONCE: 1, SEVERAL: given["times"], ANY: None}
        return {
            "kind": given["kind"],
            "name": given["name"] or str(Visit.Kind(given["kind"]).label),
            "starts_at": _moment(first, given["starts"]),
            "ends_at": _moment(last, given["ends"]),
            "most_entries": times[given["often"]],
            "people": given["people"],
            "plates": [one for one in re.split(r"[,，、;；\s]+", given["plates"]) if one],
        }


#: Where a fault that ``invite`` names stands on the form.
PLACES = {"starts_at": "starts", "ends_at": "ends", "most_entries": "times", "host": "unit"}


def on_form(refusal: ValidationError) -> ValidationError:
    """The same faults, named as the form names its fields."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    faults = refusal.error_dict.items()
    return ValidationError({PLACES.get(name, name): errors for name, errors in faults})


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
