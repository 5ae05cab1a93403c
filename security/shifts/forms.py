"""What guards fill in when shifts change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Compound, User
from security.listing import PeriodForm
from security.models import Handover
from security.operations.shifts import NOTE_MAX, REMARK_MAX, guards_of

PASSWORD = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What the next guard must know"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class GuardChoice(forms.ModelChoiceField):
    """One of the guards of this compound; anybody else is no choice at all."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class GuardForm(forms.Form):
    """Which other guard it is."""

    guard = GuardChoice(
        label=_("Your name"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your name first."),
            "invalid_choice": _("This name is not on the list of guards here. Choose another."),
        },
    )

    def __init__(self, compound: Compound, without: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["guard"]
        choice.queryset = guards_of(compound, [without.pk])


class AcceptForm(GuardForm):
    """The incoming guard's signature."""

    secret = forms.CharField(
        label=_("Your password, or a code of your app"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Enter your password or a code of your app.")},
        widget=forms.PasswordInput(attrs=PASSWORD),
    )
    remark = forms.CharField(
        label=_("Remark (if something is not as told)"),
        required=False,
        max_length=REMARK_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChangeForm(GuardForm):
    """Signing in over the running page."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs=PASSWORD),
    )
    code = forms.CharField(
        label=_("One-time code (only if you use an app)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )


class FindForm(PeriodForm):
    """The list of handovers: by words, state and days."""

    q = forms.CharField(label=_("Name or words"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Handover.State.choices]
    )
