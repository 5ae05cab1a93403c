"""Cars at the desk: those of a person or home, registered, changed and ended for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line, Paper
from community.models import Unit
from parking import desk_wishes, operations
from parking.models import PlateKind, Vehicle
from parking.operations import rules
from parking.search import MARKS

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def cars(case: Case) -> Any:
    """Registered cars of the home, or of the person."""
    rows = Vehicle.objects.visible_to(case.user).of(case.compound).registered()
    mine = Q(unit=case.row) if case.is_home else Q(owner=case.row)
    return rows.filter(mine).select_related("unit", "owner").order_by("plate")


def cards(case: Case) -> list[Card]:
    today = rules.today(case.compound)
    lines = []
    for car in cars(case):
        state = car.state_on(today)
        about = [str(car.owner or "") if case.is_home else str(car.unit or ""), _until(car)]
        word = str(Vehicle.STATES[state])
        lines.append(
            Line(
                car.plate,
                " · ".join(fact for fact in about if fact),
                car.pk,
                plate=car.plate,
                kind=car.kind,
                mark=MARKS[state],
                state=word,
                deeds=("change-car", "end-car"),
            )
        )
    registered = Card(_("Cars"), "car", lines, _("No car is registered."), ("register-car",))
    return [registered] if case.brief else [*desk_wishes.cards(case), registered]


def _until(car: Vehicle) -> str:
    return str(_("until %(day)s")) % {"day": car.valid_until} if car.valid_until else ""


class CarForm(DeskForm):
    """A registration; a person's car may go to one of the homes where they live."""

    plate = forms.CharField(label=_("Plate"), max_length=30)
    kind = forms.ChoiceField(label=_("Plate kind"), choices=PlateKind.choices, required=False)
    colour = forms.CharField(label=_("Car colour"), max_length=20, required=False)
    unit = forms.ModelChoiceField(label=_("Home"), queryset=Unit.objects.none(), required=False)
    valid_from = forms.DateField(label=_("First day"), widget=DATE)
    valid_until = forms.DateField(label=_("Last day"), widget=DATE, required=False)

    def prepare(self) -> None:
        case = self.case
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.visible_to(case.user).filter(pk__in=self._homes())
        self.fields["valid_from"].initial = rules.today(case.compound)
        self.fields["kind"].initial = PlateKind.UNKNOWN
        if case.is_home:
            del self.fields["unit"]
        elif len(self._homes()) == 1:
            field.initial = self._homes()[0]

    def _homes(self) -> list[int]:
        case = self.case
        return [case.row.pk] if case.is_home else [row.unit_id for row in case.row.here]


def _register(form: Any) -> Any:
    case, values = form.case, dict(form.cleaned_data)
    values |= {"unit": case.row} if case.is_home else {"owner": case.row}
    car = operations.register_vehicle(compound=case.compound, actor=case.user, **values)
    return _("%(plate)s is registered.") % {"plate": car.plate}


class OneCar:
    """A form about one of the cars of the case."""

    def take(self: Any) -> Vehicle:
        """The chosen car. Raises Http404 for one that is not of this case."""
        car: Vehicle | None = cars(self.case).filter(pk=self.key).first()
        if car is None:
            raise Http404
        self.car = car
        return car


class ChangeForm(OneCar, CarForm):
    def prepare(self) -> None:
        super().prepare()
        car = self.take()
        for name, field in self.fields.items():
            field.initial = getattr(car, name)
        if "unit" in self.fields and car.unit_id:
            homes: Any = self.fields["unit"]
            homes.queryset = homes.queryset | Unit.objects.filter(pk=car.unit_id)


def _change(form: Any) -> Any:
    car = operations.change_vehicle(form.car, actor=form.case.user, **form.cleaned_data)
    return _("%(plate)s is changed.") % {"plate": car.plate}


class EndForm(OneCar, DeskForm):
    def prepare(self) -> None:
        self.take()


def _end(form: Any) -> Any:
    operations.end_vehicle(form.car, actor=form.case.user)
    return _("The registration has ended.")


GONE = _("The gate will not know this car any more. Past passages stay.")
DEEDS = (
    Deed("register-car", _("Register a car"), "car", CarForm, _register),
    Deed("change-car", _("Change the car"), "car", ChangeForm, _change, of_line=True),
    Deed("end-car", _("End the registration"), "x", EndForm, _end, GONE, of_line=True),
    *desk_wishes.DEEDS,
)


def _list(_request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    return {"cars": list(cars(case))}


PAPERS = (Paper("cars", _("List of the cars"), "desk/cars.html", _list),)
