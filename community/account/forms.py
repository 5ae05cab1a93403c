"""Forms of the account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.account.operations import CodeRefused, check_code, confirm_codes
from community.models import User

ATTRIBUTES = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    """A one-time code, or a backup code, of ``user``; checking it uses it up."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        error_messages={"required": _("Enter the six digits that the app shows now.")},
        widget=forms.TextInput(attrs=ATTRIBUTES),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            self.take(code)
        except CodeRefused as refusal:
            raise ValidationError(refused(refusal)) from refusal
        return code

    def take(self, code: str) -> None:
        check_code(self.user, code)


class ConfirmForm(CodeForm):
    """The first code of a new app; ``backup_codes`` are there once it was right."""

    backup_codes: list[str]

    def take(self, code: str) -> None:
        self.backup_codes = confirm_codes(self.user, code)


class PasswordForm(forms.Form):
    """One's own password, before the second lock is changed."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your password. Please try again."))
        return password


def refused(refusal: CodeRefused) -> str:
    """Why a code was not taken, and what to do."""
    if refusal.wait_s > 1:
        text = ngettext(
            "Several codes were wrong. Wait %(count)s second, then enter a new one.",
            "Several codes were wrong. Wait %(count)s seconds, then enter a new one.",
            refusal.wait_s,
        )
        return text % {"count": refusal.wait_s}
    return str(_("This code does not count. Enter the one that the app shows now."))
