"""What the decision card says of lists, permits, homes' places and full areas."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.templatetags.linli import hour
from community.verdicts import explain
from parking.models import ParkedAs, Permit, PlateKind


def with_right(said: str, facts: dict[str, Any]) -> str:
    """A sentence, and one more about the right by which the car parks, where there is one."""
    told = _right(facts)
    return f"{said} {told}".strip() if told else said


def _right(facts: dict[str, Any]) -> str:
    right = facts.get("right")
    if right == ParkedAs.FREE:
        return gettext("It parks free of charge.")
    if right == ParkedAs.POOL:
        text = gettext("It takes a place of its home (%(n)s of %(places)s).")
        return text % {"n": facts.get("taken", 0) + 1, "places": facts.get("places")}
    if right == ParkedAs.VISITOR and "places" in facts:
        text = gettext("All %(places)s places of its home are taken: it parks like a visitor.")
        return text % {"places": facts["places"]}
    if right == ParkedAs.PERMIT:
        return _permit(facts)
    return ""


def _permit(facts: dict[str, Any]) -> str:
    kind = dict(Permit.Kind.choices).get(str(facts.get("of")), "")
    until = facts.get("permit_until")
    if not until:
        return gettext("Parking permit: %(kind)s.") % {"kind": kind}
    day = date_format(date.fromisoformat(until), "DATE_FORMAT")
    return gettext("Parking permit: %(kind)s, until %(day)s.") % {"kind": kind, "day": day}


def permit_ending(facts: dict[str, Any]) -> str:
    """The reminder to the holder and the desk."""
    kind = dict(Permit.Kind.choices).get(str(facts.get("of")), "")
    text = gettext(
        "The parking permit (%(kind)s) ends on %(day)s. Renew it at the property office in time."
    )
    day = date_format(date.fromisoformat(facts["until"]), "DATE_FORMAT") if "until" in facts else ""
    return text % {"kind": kind, "day": day}


def _kept_out(facts: dict[str, Any]) -> str:
    if until := facts.get("until"):
        day = date_format(date.fromisoformat(until), "DATE_FORMAT")
        return gettext("On the list of plates kept out, until %(day)s. Do not let it in.") % {
            "day": day
        }
    return gettext("On the list of plates kept out. Do not let it in.")


def _full(facts: dict[str, Any]) -> str:
    text = gettext(
        "%(area)s is full for visitors (%(inside)s of %(capacity)s). Let it wait until a car"
        " leaves."
    )
    return text % _area(facts)


def _full_refused(facts: dict[str, Any]) -> str:
    text = gettext("%(area)s is full for visitors (%(inside)s of %(capacity)s). Send it on.")
    return text % _area(facts)


def _area(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "area": facts.get("area_name") or gettext("The car park"),
        "inside": facts.get("inside", 0),
        "capacity": facts.get("capacity", 0),
    }


def _places_taken(facts: dict[str, Any]) -> str:
    text = gettext(
        "All %(places)s places of %(home)s are taken. It waits until another car of the home"
        " leaves."
    )
    return text % {"places": facts.get("places", 0), "home": _home(facts)}


def _places_refused(facts: dict[str, Any]) -> str:
    text = gettext(
        "All %(places)s places of %(home)s are taken, and it agreed to no more. Call the home."
    )
    return text % {"places": facts.get("places", 0), "home": _home(facts)}


def _home(facts: dict[str, Any]) -> str:
    return facts.get("home") or gettext("the home")


def _other_kind(facts: dict[str, Any]) -> str:
    names = dict(PlateKind.choices)
    text = gettext(
        "It came in at %(time)s with another kind of plate (%(kind)s, now %(seen)s). Compare the"
        " car with its picture."
    )
    entered = datetime.fromtimestamp(facts.get("entered", 0), UTC)
    return text % {
        "time": hour(entered),
        "kind": names.get(str(facts.get("kind")), PlateKind.UNKNOWN.label),
        "seen": names.get(str(facts.get("seen")), PlateKind.UNKNOWN.label),
    }


explain("emergency_vehicle", _("Fire service or rescue: it always passes."))
explain("service_vehicle", _("Police: it passes, free of charge."))
explain("plate_let_in", lambda facts: with_right(gettext("On the list of plates let in."), facts))
explain("plate_kept_out", _kept_out)
explain("admitted_inside", _("It was let in at the gate, and may drive on."))
explain("area_full", _full)
explain("area_full_refused", _full_refused)
explain("home_places_taken", _places_taken)
explain("home_places_taken_refused", _places_refused)
explain("stay_kind_differs", _other_kind)
