"""What the office's deeds on a request ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from community.admin_base import DeedForm
from community.models import Role, User
from community.querysets import STAFF
from residents.models import ServiceRequest


class AssignForm(DeedForm):
    to = forms.ModelChoiceField(
        label=_("One of the staff"),
        queryset=User.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    craftsman = forms.CharField(
        label=_("or a craftsman, by name"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    comes_at = forms.SplitDateTimeField(
        label=_("Comes at"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = ServiceRequest.objects.filter(pk=self.object_id).first()
        held = Role.objects.filter(role__in=STAFF, ended_at=None)
        here = held.filter(compound_id=row.compound_id if row else 0)
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=here.values("user_id")).order_by("name")


class AnswerForm(DeedForm):
    text = forms.CharField(
        label=_("What do you want to say?"), max_length=1000, widget=UnfoldAdminTextareaWidget
    )
    is_internal = forms.BooleanField(
        label=_("Only for the staff"), required=False, widget=UnfoldBooleanWidget
    )


class DoneForm(DeedForm):
    text = forms.CharField(
        label=_("What was done?"),
        max_length=1000,
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )
