"""Areas, the lanes that lead into them, numbered places and who holds them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit
from parking.models import Area, AreaLane, Holding, Place
from parking.operations import rules
from parking.ways import DEEPEST, path_of

if TYPE_CHECKING:
    from community.models import User
    from residents.models import Person

AREA = ("name", "level", "parent", "whole", "capacity", "visitors", "when_full", "order",
        "self_tickets", "is_active")  # fmt: skip
PLACE = ("area", "number", "kind", "is_active")
LED = ("lane", "inner", "outer", "from_street")


def save_area(area: Area, *, actor: User | None = None, **values: Any) -> Area:
    """Set an area up, or change one. Raises ValidationError that names the field."""
    with events.writing():
        if area.pk:
            area = Area.objects.select_for_update(of=("self",)).get(pk=area.pk)
        _assign(area, AREA, values)
        _check_area(area)
        _save(area, {"name": "area_name_taken", "whole": "area_whole_taken"})
        events.record("parking.area_changed", compound=area.compound_id, actor=actor, area=area.pk)
    return area


def _check_area(area: Area) -> None:
    area.name = rules.clean_text("name", area.name, 40)
    area.level = rules.clean_text("level", area.level, 10)
    if not area.name:
        raise rules.fault("name", "name_missing")
    if area.visitors is not None and area.visitors > area.capacity:
        raise rules.fault("visitors", "visitors_beyond_capacity")
    parent = rules.clean_place(area.compound, "parent", area.parent)
    if area.whole and parent is not None:
        raise rules.fault("parent", "whole_is_outermost")
    path = path_of(parent)
    if area.pk in path[1:]:
        raise rules.fault("parent", "area_in_itself")
    if len(path) > DEEPEST:
        raise rules.fault("parent", "areas_too_deep")


def lead_lane(led: AreaLane, *, actor: User | None = None, **values: Any) -> AreaLane:
    """Say which areas a lane lies between. Raises ValidationError."""
    with events.writing():
        _assign(led, LED, values)
        for name in ("lane", "inner", "outer"):
            rules.clean_place(led.compound, name, getattr(led, name, None))
        if led.inner.whole or (led.outer is not None and led.outer.whole):
            raise rules.fault("inner", "whole_needs_no_lane")
        if led.outer_id == led.inner_id:
            raise rules.fault("outer", "lane_leads_nowhere")
        if led.from_street and led.outer is not None:
            raise rules.fault("outer", "lane_from_two_sides")
        _save(led, {"lane": "lane_led_already"})
        events.record(
            "parking.lane_led", compound=led.compound_id, actor=actor, lane=led.lane_id,
            area=led.inner_id,
        )  # fmt: skip
    return led


def unlead_lane(led: AreaLane, *, actor: User | None = None) -> None:
    """The lane leads between street and compound again; said twice, it changes nothing."""
    with events.writing():
        if AreaLane.objects.filter(pk=led.pk).delete()[0]:
            events.record(
                "parking.lane_led", compound=led.compound_id, actor=actor, lane=led.lane_id
            )


def save_place(place: Place, *, actor: User | None = None, **values: Any) -> Place:
    """Add a numbered place, or change one. Raises ValidationError."""
    with events.writing():
        _assign(place, PLACE, values)
        place.number = rules.clean_text("number", place.number, 12).upper()
        if not place.number:
            raise rules.fault("number", "number_missing")
        rules.clean_place(place.compound, "area", place.area)
        _save(place, {"number": "place_number_taken"})
        events.record(
            "parking.place_changed", compound=place.compound_id, actor=actor, place=place.pk
        )
    return place


def hold_place(
    place: Place,
    *,
    unit: Unit,
    holder: Person | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: User | None = None,
) -> Holding:
    """Give a place to a home; whoever held it gives it back with that. Raises ValidationError."""
    start = valid_from or rules.today(place.compound)
    if valid_until is not None and valid_until < start:
        raise rules.fault("valid_until", "ends_before_start")
    rules.clean_place(place.compound, "unit", unit)
    rules.clean_place(place.compound, "holder", holder)
    if place.kind not in (Place.Kind.OWNED, Place.Kind.RENTED):
        raise rules.fault("unit", "place_for_all")
    with events.writing():
        place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
        give_back_place(place, actor=actor)
        holding: Holding = Holding.objects.create(
            compound_id=place.compound_id, place=place, unit=unit, holder=holder,
            valid_from=start, valid_until=valid_until,
        )  # fmt: skip
        events.record(
            "parking.place_held", compound=place.compound_id, actor=actor, place=place.pk,
            unit=unit.pk,
        )  # fmt: skip
    return holding


def give_back_place(place: Place, *, actor: User | None = None) -> int:
    """End who holds the place; a second time changes nothing. Returns how many ended."""
    with events.writing():
        held = Holding.objects.running().filter(place=place)
        ended = int(held.update(ended_at=timezone.now()))
        if ended:
            events.record(
                "parking.place_given_back", compound=place.compound_id, actor=actor,
                place=place.pk,
            )  # fmt: skip
    return ended


def _assign(row: Any, names: tuple[str, ...], values: dict[str, Any]) -> None:
    unknown = set(values) - set(names)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)


def _save(row: Any, twins: dict[str, str]) -> None:
    """Save; a row that the database knows already names its field."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        for column, code in twins.items():
            if column in str(error):
                raise rules.fault(column, code) from error
        raise ValidationError(_("This is on file already.")) from error
