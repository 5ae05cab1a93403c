"""Dialogs of the desk for parcels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from community.admin_base import DeedForm
from parcels.models import Parcel, Shelf

FOUND = (
    ("inside", _("The parcel is inside")),
    ("never_put_in", _("Empty: it was never put in")),
    ("fetched", _("Empty: it was fetched")),
)


class ParcelDeedForm(DeedForm):
    """A dialog that knows its parcel."""

    def parcel(self) -> Parcel | None:
        rows = Parcel.objects.visible_to(self.request.user)
        found: Parcel | None = rows.filter(pk=self.object_id).first()
        return found


class ShelfForm(ParcelDeedForm):
    shelf = forms.ModelChoiceField(
        Shelf.objects.none(), label=_("Shelf"), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parcel, field = self.parcel(), self.fields["shelf"]
        if parcel is not None:
            field.queryset = Shelf.objects.of(parcel.compound_id).filter(is_active=True)


class HandOverForm(DeedForm):
    """For what needs no signature; registered mail has a page of its own, to sign on."""

    signed_by = forms.CharField(
        label=_("Who takes it"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )
    at_home = forms.BooleanField(
        label=_("Brought to the home"), required=False, widget=UnfoldBooleanWidget
    )


class FoundForm(DeedForm):
    found = forms.ChoiceField(
        label=_("What did you find?"), choices=FOUND, widget=UnfoldAdminSelectWidget
    )


class AnswerForm(DeedForm):
    answer = forms.CharField(
        label=_("Answer to the recipient"), max_length=200, widget=UnfoldAdminTextInputWidget
    )
