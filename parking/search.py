"""Cars in the search: by any part of the plate, or the whole number of their home."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from community.pages import url_of
from community.search import SHOWN, Group, Hit, Question, more_url
from community.templatetags.linli import hour
from community.vision import grammar
from parking.models import Stay, Vehicle
from parking.operations import rules

#: Marks of a registration's states.
MARKS = {"valid": "allow", "early": "info", "expired": "ask", "barred": "deny", "ended": "off"}


def find(question: Question) -> list[Group]:
    """Registered cars, ended ones last; and cars inside that nobody registered."""
    plate = grammar.normalise(question.text)
    wanted = Q(pk__in=[])
    if len(plate) >= 2:
        wanted |= Q(plate__contains=plate)
    if question.home.count("-") >= 2:
        wanted |= Q(unit__code=question.home, ended_at=None)
    rows = Vehicle.objects.visible_to(question.user).of(question.compound).filter(wanted)
    rows = rows.select_related("unit", "owner").order_by("-valid_from", "pk")
    cars = sorted(rows[: 2 * SHOWN], key=lambda car: car.ended_at is not None)[:SHOWN]
    hits = [_hit(question, car) for car in cars]
    found = [
        Group(_("Vehicles"), "car", hits, more_url(question, "parking_vehicle", question.text))
    ]
    return [*found, *_strangers(question, plate)]


def _hit(question: Question, car: Vehicle) -> Hit:
    state = car.state_on(rules.today(question.compound))
    about = " · ".join(str(fact) for fact in (car.unit, car.owner, car.colour) if fact)
    url = url_of("admin:parking_vehicle_change", car.pk) if question.user.is_staff else ""
    word = str(Vehicle.STATES[state])
    return Hit(car.plate, about, url, car.plate, car.kind, MARKS[state], word)


def _strangers(question: Question, plate: str) -> list[Group]:
    if len(plate) < 2:
        return []
    rows = Stay.objects.visible_to(question.user).of(question.compound).whole()
    inside = rows.filter(left_at=None, vehicle=None, plate__contains=plate).order_by("-id")[:SHOWN]
    hits = [
        Hit(
            stay.plate,
            _("inside since %(time)s") % {"time": hour(stay.entered_at)},
            url_of("admin:parking_stay_change", stay.pk) if question.user.is_staff else "",
            stay.plate,
        )
        for stay in inside
    ]
    return [Group(_("Inside, not registered"), "clock", hits)]
