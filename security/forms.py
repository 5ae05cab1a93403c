"""What a guard sends: always with a reason that the guard chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from security.reasons import UNCHOSEN, KeepOpenReason, OpenReason, RefuseReason

LONGEST = timedelta(hours=12)
ENDS = {
    "+15": _("15 minutes"),
    "+30": _("30 minutes"),
    "+60": _("1 hour"),
    "+120": _("2 hours"),
    "+240": _("4 hours"),
}


class ReasonForm(forms.Form):
    """A reason from a fixed list, and a note that “other” requires."""

    choices: type[Any] = OpenReason
    note = forms.CharField(
        label=_("What is the reason? (required for “Other”)"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Keep it within 200 characters.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = _("Choose the reason first.")
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason (required)"),
            choices=self.reasons,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        """What may be chosen: a misread plate comes with the car that it stands for."""
        return [pair for pair in self.choices.choices if pair[0] not in UNCHOSEN]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("reason") == "other" and not values.get("note"):
            self.add_error("note", _("Say in a few words why."))
        return values


class OpenForm(ReasonForm):
    pass


class RefuseForm(ReasonForm):
    choices = RefuseReason


def read_end(value: str, now: datetime) -> datetime:
    """``+30`` as minutes from now, or a date and time. Raises ValidationError."""
    if value in ENDS:
        return now + timedelta(minutes=int(value[1:]))
    try:
        until = parse_datetime(value)
    except ValueError:
        until = None
    if until is None:
        raise ValidationError(_("Choose until when."))
    return until if timezone.is_aware(until) else timezone.make_aware(until)


class KeepOpenForm(ReasonForm):
    choices = KeepOpenReason
    until = forms.CharField(
        label=_("Until (required)"), error_messages={"required": _("Choose until when.")}
    )
    ends = list(ENDS.items())

    def clean_until(self) -> datetime:
        now = timezone.now()
        until = read_end(self.cleaned_data["until"], now)
        if not now < until <= now + LONGEST:
            raise ValidationError(_("Choose an end within the next 12 hours."))
        return until
