"""What the first operator fills in."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

INPUT = {"class": "l-input"}
PLAIN = {**INPUT, "autocapitalize": "none", "spellcheck": "false"}


class FirstForm(forms.Form):
    use_required_attribute = False

    code = forms.CharField(
        label=_("Code from the terminal"),
        max_length=40,
        help_text=_("Linli printed it when it started on this machine."),
        error_messages={"required": _("Enter the code that the terminal shows.")},
        widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "one-time-code"}),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={"required": _("Enter a user name.")},
        widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "username"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={**INPUT, "autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters."),
        error_messages={"required": _("Enter a password.")},
        widget=forms.PasswordInput(attrs={**INPUT, "autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs=INPUT)
    )
