"""How a manager writes a route down: times, days, and the points one by one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from community.models import Compound
from security.models import PatrolPoint, PatrolRoute
from security.operations.patrols.routes import MOST_POINTS

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)
TIME = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")
POINTS = [f"point_{number}" for number in range(1, MOST_POINTS + 1)]


def read_times(text: str) -> list[int]:
    """``22:00, 2:30`` as minutes after midnight. Raises ValidationError."""
    found = []
    for part in re.split(r"[,，;；、\s]+", text.strip()):
        match = TIME.fullmatch(part)
        if match is None or (minutes := int(match[1]) * 60 + int(match[2])) >= 24 * 60:
            raise ValidationError(_("Write times as 22:00, with commas between them."))
        found.append(minutes)
    return sorted(set(found))


def write_times(starts: list[int]) -> str:
    return ", ".join(f"{start // 60:02}:{start % 60:02}" for start in starts)


class RouteForm(forms.ModelForm):
    """Its point fields are made anew for each compound, by ``for_compound``."""

    starts = forms.CharField(
        label=_("Times of day"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("When a round begins, such as 08:00, 14:00, 22:00."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        initial=[day for day, _name in WEEKDAYS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = PatrolRoute
        fields = ["name", "in_order", "tolerance_min", "duration_min", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["starts"] = write_times(self.instance.starts)
            self.initial["weekdays"] = self.instance.weekdays
            stops = self.instance.stops.order_by("order").values_list("point_id", flat=True)
            self.initial.update(zip(POINTS, stops, strict=False))

    def clean_starts(self) -> list[int]:
        return read_times(self.cleaned_data["starts"])

    def clean(self) -> dict[str, Any]:
        """The chosen points as one list, in the order of the fields."""
        values = super().clean() or {}
        chosen = [values.pop(name, None) for name in POINTS]
        values["points"] = [point for point in chosen if point is not None]
        return values


def point_field(number: int, rows: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Point %(number)s") % {"number": number},
        queryset=rows,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


def for_compound(form: type[Any], compound: Compound | int | None) -> type[Any]:
    """``form`` with choices of one compound; a form class is shared by all who use the office."""
    rows = PatrolPoint.objects.filter(compound=compound, is_active=True)
    fields = {name: point_field(number, rows) for number, name in enumerate(POINTS, start=1)}
    return type(form.__name__, (form,), fields)
