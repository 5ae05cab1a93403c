"""A deed on a row's page: a dialog, then one verb. What the verb refuses stands in the dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from community.admin_base import DeedForm, acting

Verb = Callable[..., Any]


def deed(
    name: str,
    title: Any,
    about: Any,
    said: Any,
    verb: Verb,
    *,
    icon: str,
    form: type[DeedForm] = DeedForm,
    permission: str = "change",
) -> Any:
    """An action of a row's page: ``verb(row, actor=…, **fields of the form)``."""

    def act(self: Any, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, given = self.row(request, object_id), dict(form.cleaned_data)
        return self.do(request, form, lambda: verb(row, actor=acting(request), **given), said)

    act.__name__ = name
    dialog: Any = {
        "title": title,
        "description": about,
        "form_class": form,
        "form_submit_text": title,
    }
    return action(description=title, permissions=[permission], icon=icon, dialog=dialog)(act)


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=UnfoldAdminSingleDateWidget)


def line(label: Any, most: int = 60, *, required: bool = True, about: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=about,
        widget=UnfoldAdminTextInputWidget,
    )


class DayForm(DeedForm):
    on = day(_("Day"))
