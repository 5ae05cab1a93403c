"""Parcels at the desk: taken in, handed over, and a choice of where they are left, on behalf."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line
from community.pages import url_of
from parcels import operations
from parcels.models import Carrier, Kind, Parcel, Shelf, Way
from parcels.operations import choices
from parcels.search import MARKS, place_of

PERSON = frozenset({"person"})
SHOWN = 8


def _rows(case: Case) -> Any:
    rows = Parcel.objects.visible_to(case.user).of(case.compound)
    rows = rows.filter(**{"unit" if case.is_home else "person": case.row})
    return rows.select_related("carrier", "compartment__bank", "shelf", "person")


def cards(case: Case) -> list[Card]:
    if not case.is_home:
        # A person's file asks enough already: their parcels are one step away.
        url = f"{url_of('admin:parcels_parcel_changelist')}?{urlencode({'q': case.row.name})}"
        lines = [Line(str(_("Parcels on record")), case.row.name, url=url)]
        return [Card(_("Parcels"), "package", lines, "", ("take-in-parcel", "choose-way"))]
    rows = _rows(case).live().order_by("-pk")[:SHOWN]
    empty = _("Nothing is waiting here.")
    lines = [_line(row) for row in rows]
    return [Card(_("Parcels"), "package", lines, empty, ("take-in-parcel",))]


def _line(row: Parcel) -> Line:
    at_desk = row.state == Parcel.State.DESK and row.kind not in (Kind.REGISTERED, Kind.OUTGOING)
    return Line(
        f"{row.carrier.name} …{row.waybill_tail}",
        place_of(row),
        row.pk,
        url_of("admin:parcels_parcel_change", row.pk),
        mark="ask" if row.doubt else MARKS[row.state],
        state=str(row.get_state_display()),
        deeds=("hand-over-parcel",) if at_desk else (),
    )


class TakeInForm(DeskForm):
    """Something that came for them, or that they want to send."""

    carrier = forms.ModelChoiceField(Carrier.objects.none(), label=_("Carrier"))
    waybill = forms.CharField(label=_("Waybill"), max_length=60)
    kind = forms.ChoiceField(label=_("What it is"), choices=Kind.choices)
    shelf = forms.ModelChoiceField(Shelf.objects.none(), label=_("Shelf"))

    def prepare(self) -> None:
        carriers: Any = self.fields["carrier"]
        carriers.queryset = Carrier.objects.of(self.case.compound).filter(is_active=True)
        shelves: Any = self.fields["shelf"]
        shelves.queryset = Shelf.objects.of(self.case.compound).filter(is_active=True)


def _take_in(form: Any) -> Any:
    case, given = form.case, form.cleaned_data
    whom = {"unit": case.row, "label": case.row.code} if case.is_home else {"person": case.row}
    operations.receive_at_desk(
        shelf=given["shelf"],
        carrier=given["carrier"],
        waybill=given["waybill"],
        kind=given["kind"],
        actor=case.user,
        **whom,
    )
    return _("It lies at the desk now.")


class HandForm(DeskForm):
    signed_by = forms.CharField(label=_("Who takes it"), max_length=80)
    at_home = forms.BooleanField(label=_("Brought to the home"), required=False)

    def prepare(self) -> None:
        self.row = _rows(self.case).filter(pk=self.key).first()
        if self.row is None:
            raise Http404


def _hand(form: Any) -> Any:
    given = form.cleaned_data
    operations.hand_over(form.row, actor=form.case.user, **given)
    return _("It is handed over.")


class WayForm(DeskForm):
    """Their consent, said at the desk and kept as such."""

    way = forms.ChoiceField(label=_("Leave it"), choices=Way.choices)
    neighbour = forms.CharField(
        label=_("Neighbour's home, if it is left there"), max_length=32, required=False
    )
    carrier = forms.ModelChoiceField(
        Carrier.objects.none(), label=_("Which carrier?"), required=False, empty_label="—"
    )
    kind = forms.ChoiceField(
        label=_("What kind?"), required=False, choices=[("", "—"), *Kind.choices[:3]]
    )

    def prepare(self) -> None:
        carriers: Any = self.fields["carrier"]
        carriers.queryset = Carrier.objects.of(self.case.compound).filter(is_active=True)
        found = choices.current(self.case.row).filter(carrier=None, kind="").first()
        self.fields["way"].initial = found.way if found else Way.DESK


def _choose(form: Any) -> Any:
    operations.choose(form.case.row, on_behalf=True, actor=form.case.user, **form.cleaned_data)
    return _("The choice counts from now on.")


DEEDS = (
    Deed("take-in-parcel", _("Take in a parcel"), "package", TakeInForm, _take_in),
    Deed("hand-over-parcel", _("Hand to the recipient"), "check", HandForm, _hand, of_line=True),
    Deed("choose-way", _("Where parcels are left"), "settings", WayForm, _choose, on=PERSON),
)
