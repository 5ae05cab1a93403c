"""An exit whose entry nobody knows is put together with the car that it most likely was."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from community.admin_base import DeedForm
from parking import operations
from parking.admin.shown import moment
from parking.models import Stay


class JoinForm(DeedForm):
    """Offers the cars inside whose plates look most like it, the likest first."""

    stay = forms.ChoiceField(
        label=_("Cars inside that look like it"), widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": _("Choose the car. Compare the pictures first.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Stay.objects.visible_to(self.request.user)
        self.orphan = rows.filter(pk=self.object_id, entered_at=None, area=None).first()
        found = (
            operations.candidates(self.orphan.compound, self.orphan.plate) if self.orphan else []
        )
        self.near = {str(stay.pk): stay for stay, _far in found}
        field: Any = self.fields["stay"]
        field.choices = [(key, _named(stay)) for key, stay in self.near.items()]
        if not found:
            field.help_text = gettext("No car inside has a plate like this one.")

    @property
    def chosen(self) -> Stay:
        return self.near[self.cleaned_data["stay"]]


def _named(stay: Stay) -> str:
    home = stay.vehicle.unit.code if stay.vehicle and stay.vehicle.unit else ""
    return " · ".join(text for text in (stay.plate, moment(stay.entered_at), home) if text)
