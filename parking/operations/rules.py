"""What a registration must be like, said once for forms, API and lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Compound
from community.vision import grammar
from parking.models import PlateKind

#: Longest text that is looked at as a plate: spaces and dots may stand between its characters.
MOST_TYPED = 30
COLOURS = ("blue", "yellow", "green", "white", "black")
MARKUP = frozenset('<>{}\\"`')

FAULTS: dict[str, Any] = {
    "plate_missing": _("Give the number plate."),
    "plate_invalid": _("This is no number plate. Give province, letter and characters: 京A12345."),
    "plate_registered": _("This plate is registered already."),
    "plate_repeated": _("The same plate stands in another row of the list."),
    "kind_unknown": _("Give one of the plate kinds, or leave this empty."),
    "kind_contradicts": _("A plate with these characters is of another kind."),
    "colour_invalid": _("Give a colour of at most 20 characters, such as white."),
    "home_unknown": _("There is no home with this number here."),
    "owner_unknown": _("Nobody with this name is on file in this home. Add the person first."),
    "owner_ambiguous": _("Two people in this home have this name. Leave the owner empty."),
    "other_compound": _("This belongs to another compound."),
    "date_invalid": _("Give a date such as 2026-05-01."),
    "ends_before_start": _("The last day is before the first. If unsure, leave it empty."),
    "reason_missing": _("Say why. The reason is kept."),
    "text_invalid": _("Leave out signs such as < and >, and keep it short."),
    "formula": _("A formula stands here. Give the plain value."),
    "name_missing": _("Give a name."),
    "number_missing": _("Give the number that stands on the place."),
    "area_name_taken": _("Another area has this name. Give a different one."),
    "area_whole_taken": _("Another area stands for the whole compound already."),
    "visitors_beyond_capacity": _("There are not so many places. Give at most all of them."),
    "whole_is_outermost": _("The whole compound lies inside nothing. Leave this empty."),
    "area_in_itself": _("An area cannot lie inside itself."),
    "areas_too_deep": _("Areas can lie three deep at most. Choose an outer one."),
    "whole_needs_no_lane": _("Lanes lead into the whole compound anyway. Choose an inner area."),
    "lane_leads_nowhere": _("The lane comes from where it leads to. Choose another area."),
    "lane_from_two_sides": _("A lane from the street comes from no area. Leave this empty."),
    "lane_led_already": _("This lane has its area already. Change that one."),
    "place_number_taken": _("Another place of this area has this number."),
    "place_for_all": _("This place is for all. Make it an owned or rented one first."),
    "permit_of_whom": _("Give the car, or the home whose places it is for: one of the two."),
    "permit_overlaps": _("This car has such a permit for that time already. Renew that one."),
    "permit_ended": _("This permit has ended. Give a new one."),
    "renewed_backwards": _("Give a last day after the present one."),
    "pool_exists": _("This home has its places already. Change them."),
    "pool_ended": _("These places have ended. Set them up anew."),
    "pool_counts": _("Give at least one place, and as many cars or more."),
    "pool_too_many": _("So many cars were not agreed. Take one off first."),
    "pool_strangers": _("Each car must be registered to this home."),
    "plate_on_list": _("This plate is on a list already. Take it off that list first."),
    "tag_missing": _("Give the tag's number: letters and digits."),
    "tag_taken": _("This tag belongs to another bicycle."),
    "ticket_spent": _("This ticket is used up. Make a new one at the entry."),
    "ticket_unknown": _("No ticket here has this code."),
    "times_reversed": _("The car would leave before it came. Change one of the times."),
    "time_ahead": _("This time is still to come. Give one that is over."),
    "stay_overlaps": _("The car has another stay at that time. Put that one right first."),
    "stay_needs_time": _("Give the time in or the time out."),
    "home_not_yours": _("Choose a home in which you live."),
    "licence_missing": _("Add a picture of the vehicle licence."),
    "too_many_waiting": _("Several wait for an answer already. Please wait for the desk."),
    "asked_by_nobody": _("Who asked no longer lives there. Register the car at the desk."),
    "nothing_to_renew": _("This permit needs no prolonging."),
    "renewed_too_far": _("Give a day within the next two years."),
    "what_unknown": _("Choose what is wrong."),
    "outcome_unknown": _("Choose whether it was put right or stands."),
    "answer_missing": _("Say what you found."),
    "place_missing": _("Say where it stands."),
    "too_many_today": _("You have reported many cars today. Please call the guard."),
    "own_car": _("This car is registered to you."),
    "minutes_unknown": _("Choose in how many minutes."),
    "blocked_over": _("This is settled already."),
    "fire_lane_name_taken": _("Another fire lane has this name. Give a different one."),
    "region_invalid": _("Give four numbers from 0 to 1 that lie inside the picture."),
    "corners_count": _("Mark at least three corners, and twelve at most."),
    "corners_outside": _("A corner lies outside the picture. Give numbers from 0 to 100."),
    "corners_cross": _("Two sides of the lane cross. Mark the corners in order around it."),
    "corners_small": _("No car has room in this region. Draw it larger."),
    "vehicle_ended": _("This registration has ended. Register the car anew."),
}


def fault(column: str, code: str) -> ValidationError:
    """One fault of one field, with its code."""
    return ValidationError({column: ValidationError(FAULTS[code], code)})


def today(compound: Compound) -> date:
    return timezone.now().astimezone(ZoneInfo(compound.timezone)).date()


def clean_plate(value: Any) -> str:
    """The plate as stored. Raises ValidationError for what is none, however long or marked up."""
    text = str(value or "").strip()
    if not text:
        raise fault("plate", "plate_missing")
    if len(text) > MOST_TYPED or MARKUP & set(text) or not grammar.is_plate(text):
        raise fault("plate", "plate_invalid")
    return grammar.normalise(text)


def clean_kind(plate: str, value: Any) -> str:
    """A kind that the plate's characters allow; unknown where they leave it open."""
    possible = {str(grammar.kind_of(plate, colour)) for colour in COLOURS}
    kind = str(value or PlateKind.UNKNOWN)
    if kind not in PlateKind.values:
        raise fault("kind", "kind_unknown")
    if kind == PlateKind.UNKNOWN:
        return possible.pop() if len(possible) == 1 else kind
    if kind not in possible and PlateKind.UNKNOWN not in possible:
        raise fault("kind", "kind_contradicts")
    return kind


def clean_text(column: str, value: Any, most: int, code: str = "text_invalid") -> str:
    """One line of plain words, at most ``most`` characters."""
    text = " ".join(str(value or "").split())
    if len(text) > most or MARKUP & set(text):
        raise fault(column, code)
    return text


def clean(compound: Compound, values: dict[str, Any]) -> dict[str, Any]:
    """Values of a registration, checked; raises one ValidationError that names every bad field.

    Keys: plate, kind, colour, unit, owner, valid_from, valid_until; missing ones get defaults.
    """
    faults: dict[str, list[ValidationError]] = {}
    good: dict[str, Any] = {"unit": values.get("unit"), "owner": values.get("owner")}

    def take(key: str, check: Any, *arguments: Any) -> None:
        try:
            good[key] = check(*arguments)
        except ValidationError as error:
            for column, errors in error.error_dict.items():
                faults.setdefault(column, []).extend(errors)

    take("plate", clean_plate, values.get("plate"))
    if "plate" in good:
        take("kind", clean_kind, good["plate"], values.get("kind"))
    take("colour", clean_text, "colour", values.get("colour"), 20, "colour_invalid")
    take("period", _clean_period, compound, values)
    for key in ("unit", "owner"):
        take(key, clean_place, compound, key, values.get(key))
    if faults:
        raise ValidationError(faults)
    good["valid_from"], good["valid_until"] = good.pop("period")
    return good


def _clean_period(compound: Compound, values: dict[str, Any]) -> tuple[date, date | None]:
    start = values.get("valid_from") or today(compound)
    end = values.get("valid_until") or None
    if end is not None and end < start:
        raise fault("valid_until", "ends_before_start")
    return start, end


def clean_place(compound: Compound, key: str, row: Any) -> Any:
    """A row of the same compound, or none. Raises ValidationError."""
    if row is not None and row.compound_id != compound.pk:
        raise fault(key, "other_compound")
    return row
