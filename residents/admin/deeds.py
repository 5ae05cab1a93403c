"""A deed on a row's page: a dialog, then one verb. What the verb refuses stands in the dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from community.admin_base import CompoundAdmin, DeedForm, acting

Verb = Callable[..., Any]


class DealsAdmin(CompoundAdmin):
    """A page whose rows change by deeds: whoever may write here may do them."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Read once for a page that is only shown: the page itself, its head and each deed ask."""
        if request.method != "GET":
            return super().get_object(request, object_id, from_field)
        kept: dict[str, Any] = request.__dict__.setdefault("_read_once", {})
        key = f"{self.model._meta.label} {object_id} {from_field}"
        if key not in kept:
            kept[key] = super().get_object(request, object_id, from_field)
        return kept[key]

    def has_deal_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles)


def deed(
    name: str,
    title: Any,
    about: Any,
    said: Any,
    verb: Verb,
    *,
    icon: str,
    form: type[DeedForm] = DeedForm,
    permission: str = "deal",
) -> Any:
    """An action of a row's page: ``verb(row, actor=…, **fields of the form)``."""

    def act(self: Any, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row = self.row(request, object_id)
        given = {name: form.cleaned_data[name] for name in _asked(form)}
        return self.do(request, form, lambda: verb(row, actor=acting(request), **given), said)

    act.__name__ = name
    dialog: Any = {
        "title": title,
        "description": about,
        "form_class": form,
        "form_submit_text": title,
    }
    return action(description=title, permissions=[permission], icon=icon, dialog=dialog)(act)


class DayInput(UnfoldAdminTextInputWidget):
    """The browser's own calendar: it works in a dialog too, and with a keyboard."""

    input_type = "date"


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DayInput)


def line(label: Any, most: int = 60, *, required: bool = True, about: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=about,
        widget=UnfoldAdminTextInputWidget,
    )


def _asked(form: DeedForm) -> list[str]:
    """The fields that the dialog shows; the base form has hidden ones of its own."""
    return [field.name for field in form.visible_fields()]


class DayForm(DeedForm):
    on = day(_("Day"))
