"""Cars that wait at the desk: those that a person, or somebody of a home, asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.desk import Card, Case, Deed, DeskForm, Line
from community.pages import url_of
from parking import operations
from parking.models import CarWish


def wishes(case: Case) -> Any:
    """What waits for this person, or for this home."""
    rows = CarWish.objects.visible_to(case.user).of(case.compound).filter(answered_at=None)
    mine = Q(unit=case.row) if case.is_home else Q(person=case.row)
    return rows.filter(mine).select_related("person", "unit").order_by("pk")


def cards(case: Case) -> list[Card]:
    """None where nothing waits."""
    lines = [
        Line(
            row.plate,
            str(row.person or "") if case.is_home else str(row.unit),
            row.pk,
            url=url_of("parking-picture", "licence", row.pk) if row.file else "",
            plate=row.plate,
            kind=row.kind,
            mark="due",
            state=str(row.get_state_display()),
            deeds=("approve-car", "refuse-car"),
        )
        for row in wishes(case)
    ]
    return [Card(_("Cars that wait for you"), "car", lines)] if lines else []


class WishForm(DeskForm):
    def prepare(self) -> None:
        """Raises Http404 for one that is not of this case."""
        found: CarWish | None = wishes(self.case).filter(pk=self.key).first()
        if found is None:
            raise Http404
        self.wish = found


class RefuseForm(WishForm):
    reason = forms.CharField(label=pgettext_lazy("parking", "Reason"), max_length=120)


def _approve(form: Any) -> Any:
    row = operations.approve_car(form.wish, actor=form.case.user)
    return _("%(plate)s is registered.") % {"plate": row.plate}


def _refuse(form: Any) -> Any:
    reason = form.cleaned_data["reason"]
    operations.refuse_car(form.wish, reason=reason, actor=form.case.user)
    return _("It is refused, and the resident is told why.")


ABOUT = _("The licence shows this plate and belongs to this person. The gate lets it in.")
DEEDS = (
    Deed("approve-car", _("Register the car"), "check", WishForm, _approve, ABOUT, of_line=True),
    Deed("refuse-car", _("Do not register"), "x", RefuseForm, _refuse, of_line=True),
)
