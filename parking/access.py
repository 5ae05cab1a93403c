"""May this car pass? Pure reads, a handful of queries, whatever the number of vehicles."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Compound, Lane
from community.prepared import prepared
from community.templatetags.linli import hour
from community.verdicts import Outcome, Verdict, explain
from community.vision.grammar import normalise
from parking import access_words, admission, leaving, rights, ways
from parking.admission import Arrival
from parking.models import ListEntry, PlateKind, Stay, Vehicle
from residents import expected

#: Codes of an entry that an invitation overrules; a car that is barred stays out.
OPEN_TO_VISITS = frozenset({"vehicle_not_registered", "vehicle_expired", "vehicle_not_yet_valid"})
ALLOW, DENY, ASK = Outcome.ALLOW, Outcome.DENY, Outcome.ASK


def may_pass(
    *, compound: Compound, lane: Lane, direction: str, plate: str, kind: str, at: datetime
) -> tuple[Verdict, Vehicle | None]:
    """Decide on a surely read plate at a lane, and name the registered vehicle if there is one.

    ``direction`` is "entry" or "exit", ``kind`` what the camera saw (a PlateKind or "unknown"),
    ``at`` the aware moment of the reading; days are those of the compound's calendar.
    ``lane`` must be one of the compound's.
    """
    if lane.compound_id != compound.pk:
        raise ValueError("the lane stands in another compound")
    plate = normalise(plate)
    if rights.is_emergency(plate):
        return Verdict(ALLOW, "emergency_vehicle"), None
    vehicle = _registered_as.first(compound=compound.pk, plate=plate)
    way = ways.way_of(lane, direction)
    stays = {stay.area_id: stay for stay in _open_stays(compound=compound.pk, plate=plate)}
    root = stays.get(None)
    day = at.astimezone(ZoneInfo(compound.timezone)).date()
    if direction == Lane.Direction.EXIT:
        verdict = _with_visit(_leaving(vehicle, root, kind, day), compound, plate, vehicle)
        if not way.leads_out:
            return verdict, vehicle
        return leaving.with_price(verdict, root, vehicle, at), vehicle
    entry = rights.listed(compound, plate, day)
    arrival = Arrival(compound, plate, vehicle, way, day, entry, root)
    verdict = _entering(arrival, stays.get(way.enters[-1]), kind, at)
    return admission.admitted(verdict, arrival), vehicle


@prepared(compound=int, plate=str)
def _registered_as(compound: int, plate: str) -> QuerySet[Any, Vehicle]:
    rows = Vehicle.objects.of(compound).registered().select_related("unit")
    return rows.filter(plate=plate).order_by("pk")[:1]


@prepared(compound=int, plate=str)
def _open_stays(compound: int, plate: str) -> QuerySet[Any, Stay]:
    return Stay.objects.of(compound).open().filter(plate=plate).select_related("permit")


def _entering(arrival: Arrival, inside: Stay | None, kind: str, at: datetime) -> Verdict:
    """``inside`` is the stay that speaks against driving in here once more."""
    entry, day = arrival.entry, arrival.day
    if entry is not None and entry.kind == ListEntry.Kind.DENY:
        return Verdict(DENY, "plate_kept_out", {"entry": entry.pk} | _until(entry.valid_until))
    verdict = _arriving(arrival.vehicle, inside, kind, day)
    if verdict.code not in OPEN_TO_VISITS:
        return verdict
    by_list = _by_list(arrival, inside)
    if by_list is not None:
        return by_list
    visit = expected.arriving(arrival.compound, arrival.plate, at, day)
    return _invited(verdict, inside, visit)


def _by_list(arrival: Arrival, inside: Stay | None) -> Verdict | None:
    """What lets a car in that nobody registered, before its visits are looked up."""
    if arrival.root is not None and not arrival.way.leads_in:
        code = "admitted_inside" if inside is None else "vehicle_already_inside"
        outcome = ALLOW if inside is None else ASK
        return Verdict(outcome, code, _entered(inside or arrival.root))
    entry = arrival.entry
    if entry is None and not rights.is_service(arrival.plate):
        return None
    facts = {"entry": entry.pk} if entry is not None else {}
    if inside is not None:
        return Verdict(ASK, "vehicle_already_inside", facts | _entered(inside))
    return Verdict(ALLOW, "plate_let_in" if entry is not None else "service_vehicle", facts)


def _invited(verdict: Verdict, inside: Stay | None, visit: Verdict | None) -> Verdict:
    """A car that comes by no right of its own may be somebody's visitor."""
    if visit is None:
        return verdict
    if visit.opens and inside is not None:
        return Verdict(ASK, "vehicle_already_inside", visit.facts | _entered(inside))
    return visit


def _with_visit(
    verdict: Verdict, compound: Compound, plate: str, vehicle: Vehicle | None
) -> Verdict:
    """A visitor's car ends its visit when it leaves, and may always do so."""
    if vehicle is not None and verdict.code == "vehicle_registered":
        return verdict
    facts = expected.leaving(compound, plate)
    if facts and verdict.code == "vehicle_not_registered_leaving":
        return Verdict(ALLOW, "visit_leaving", facts)
    return Verdict(verdict.outcome, verdict.code, facts | verdict.facts) if facts else verdict


def _arriving(vehicle: Vehicle | None, inside: Stay | None, kind: str, day: date) -> Verdict:
    if vehicle is None:
        return Verdict(ASK, "vehicle_not_registered")
    facts = _facts(vehicle)
    if vehicle.is_barred_on(day):
        return Verdict(DENY, "vehicle_barred", facts | _until(vehicle.barred_until))
    if refused := _period(vehicle, day):
        return Verdict(ASK, refused, facts | _until(vehicle.valid_until) | _since(vehicle))
    if _differs(vehicle, kind):
        return Verdict(ASK, "vehicle_kind_differs", facts | {"seen": kind, "kind": vehicle.kind})
    if inside is not None:
        return Verdict(ASK, "vehicle_already_inside", facts | _entered(inside))
    return Verdict(ALLOW, "vehicle_registered", facts)


def _leaving(vehicle: Vehicle | None, inside: Stay | None, kind: str, day: date) -> Verdict:
    """A car that came in by right may leave, also when that right has ended meanwhile."""
    facts = _facts(vehicle) if vehicle else {}
    if vehicle and _differs(vehicle, kind):
        return Verdict(ASK, "vehicle_kind_differs", facts | {"seen": kind, "kind": vehicle.kind})
    if vehicle and not vehicle.is_barred_on(day) and not _period(vehicle, day):
        return Verdict(ALLOW, "vehicle_registered", facts)
    if inside is not None and _is_another(inside, kind):
        seen = {"seen": kind, "kind": inside.plate_kind}
        return Verdict(ASK, "stay_kind_differs", facts | _entered(inside) | seen)
    if inside is not None:
        return Verdict(ALLOW, "admitted_leaving", facts | _entered(inside))
    if vehicle is None:
        return Verdict(ASK, "vehicle_not_registered_leaving")
    if vehicle.is_barred_on(day):
        return Verdict(ASK, "vehicle_barred_leaving", facts | _until(vehicle.barred_until))
    refused = str(_period(vehicle, day))
    return Verdict(ASK, refused, facts | _until(vehicle.valid_until) | _since(vehicle))


def _period(vehicle: Vehicle, day: date) -> str | None:
    if vehicle.valid_from > day:
        return "vehicle_not_yet_valid"
    if vehicle.valid_until is not None and vehicle.valid_until < day:
        return "vehicle_expired"
    return None


def _differs(vehicle: Vehicle, kind: str) -> bool:
    unknown = PlateKind.UNKNOWN
    return vehicle.kind != unknown and kind not in (unknown, "", vehicle.kind)


def _is_another(stay: Stay, kind: str) -> bool:
    """The plate that leaves is of another kind than the one that came in: a clone, or a misread."""
    unknown = (PlateKind.UNKNOWN, "")
    return stay.plate_kind not in unknown and kind not in (*unknown, stay.plate_kind)


def _facts(vehicle: Vehicle) -> dict[str, Any]:
    home = vehicle.unit.code if vehicle.unit else ""
    return {"vehicle": vehicle.pk, "unit": vehicle.unit_id, "home": home}


def _until(day: date | None) -> dict[str, str]:
    return {"until": day.isoformat()} if day else {}


def _since(vehicle: Vehicle) -> dict[str, str]:
    return {"since": vehicle.valid_from.isoformat()}


def _entered(stay: Stay) -> dict[str, int]:
    return {"stay": stay.pk, "entered": int(stay.entered_at.timestamp())} if stay.entered_at else {}


# The sentences: what is, then what to do.


def _home(facts: dict[str, Any]) -> str:
    return facts.get("home") or gettext("the property office")


def _day(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else ""


def _registered(facts: dict[str, Any]) -> str:
    said = gettext("Registered by %(home)s.") % {"home": _home(facts)}
    return access_words.with_right(said, facts)


def _barred(facts: dict[str, Any]) -> str:
    if until := _day(facts, "until"):
        return gettext("Barred until %(day)s. Do not let it in.") % {"day": until}
    return gettext("Barred by the property office. Do not let it in.")


def _expired(facts: dict[str, Any]) -> str:
    text = gettext("The registration by %(home)s ended on %(day)s. Ask the home or the desk.")
    return text % {"home": _home(facts), "day": _day(facts, "until")}


def _not_yet(facts: dict[str, Any]) -> str:
    text = gettext("The registration by %(home)s starts on %(day)s. Ask the home or the desk.")
    return text % {"home": _home(facts), "day": _day(facts, "since")}


def _kinds(facts: dict[str, Any]) -> str:
    names = dict(PlateKind.choices)
    text = gettext(
        "%(home)s registered this number as %(kind)s, this car has %(seen)s. Check the car."
    )
    return text % {
        "home": _home(facts),
        "kind": names.get(str(facts.get("kind")), PlateKind.UNKNOWN.label),
        "seen": names.get(str(facts.get("seen")), PlateKind.UNKNOWN.label),
    }


def _already(facts: dict[str, Any]) -> str:
    if not facts.get("entered"):
        return gettext("This number is already inside. Compare the car with the picture.")
    text = gettext("This number came in at %(time)s and is still inside. Check the car.")
    return text % {"time": _moment(facts)}


def _admitted(facts: dict[str, Any]) -> str:
    if not facts.get("entered"):
        return gettext("It was let in before, and may leave.")
    return gettext("It was let in at %(time)s, and may leave.") % {"time": _moment(facts)}


def _moment(facts: dict[str, Any]) -> str:
    return hour(datetime.fromtimestamp(facts["entered"], UTC))


explain("vehicle_registered", _registered)
explain("vehicle_barred", _barred)
explain("vehicle_expired", _expired)
explain("vehicle_not_yet_valid", _not_yet)
explain("vehicle_kind_differs", _kinds)
explain("vehicle_already_inside", _already)
explain("admitted_leaving", _admitted)
explain("vehicle_not_registered", _("Not registered, and no resident expects this car today."))
explain(
    "vehicle_not_registered_leaving",
    _("Not registered, and we did not see it come in. Ask where it was, then decide."),
)
explain(
    "vehicle_barred_leaving",
    _("This car is barred and we did not see it come in. It may leave if you agree."),
)
