"""Is this car expected? Pure reads, one query, whatever the number of visits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Compound
from community.verdicts import Outcome, Verdict, explain
from residents.models import Residency, Visit, VisitPlate, VisitStay
from residents.operations.visit_rules import BEFORE

#: A visit that was over longer ago says nothing about a car any more.
REMEMBERED = timedelta(hours=12)
#: A visit further ahead is no reason for a car that comes today.
AHEAD = timedelta(days=1)
#: Visits that may name one car at a time; more are not looked at.
LOOKED_AT = 20


def arriving(compound: Compound, plate: str, at: datetime, day: date) -> Verdict | None:
    """What the visits say about a car at an entry; None where none of today names it.

    ``plate`` is normalised. The one that opens counts first, then the nearest to opening.
    """
    living = Residency.objects.current(day).filter(unit=OuterRef("visit__unit"))
    rows = VisitPlate.objects.filter(compound=compound, plate=plate)
    rows = rows.filter(visit__ends_at__gt=at - REMEMBERED, visit__starts_at__lt=at + AHEAD)
    found = rows.select_related("visit__unit").annotate(lived_in=Exists(living))
    verdicts = [_of(car.visit, car.lived_in, at) for car in found.order_by("-pk")[:LOOKED_AT]]
    return min(verdicts, key=lambda one: list(_OUTCOMES).index(one.code), default=None)


def leaving(compound: Compound, plate: str) -> dict[str, Any]:
    """Facts of the visit that came by this car and is still inside; empty where none is."""
    stays = VisitStay.objects.filter(compound=compound, plate=plate, left_at=None)
    stay = stays.select_related("visit__unit").order_by("-entered_at", "-pk").first()
    return _facts(stay.visit) if stay is not None else {}


def _of(visit: Visit, lived_in: bool, at: datetime) -> Verdict:
    code = _code(visit, lived_in, at)
    facts = _facts(visit)
    if code == "visit_too_early":
        facts["starts"] = int(visit.starts_at.timestamp())
    return Verdict(_OUTCOMES[code], code, facts)


def _code(visit: Visit, lived_in: bool, at: datetime) -> str:
    if visit.revoked_at is not None:
        return "visit_revoked"
    if at < visit.starts_at - BEFORE:
        return "visit_too_early"
    if at >= visit.ends_at:
        return "visit_over"
    if visit.most_entries is not None and visit.entries >= visit.most_entries:
        return "visit_used_up"
    return "visit_expected" if lived_in else "visit_home_empty"


def _facts(visit: Visit) -> dict[str, Any]:
    return {"visit": visit.pk, "unit": visit.unit_id, "home": visit.unit.code}


#: From the one that opens to the one that says least.
_OUTCOMES = {
    "visit_expected": Outcome.ALLOW,
    "visit_home_empty": Outcome.ASK,
    "visit_used_up": Outcome.DENY,
    "visit_too_early": Outcome.DENY,
    "visit_over": Outcome.DENY,
    "visit_revoked": Outcome.DENY,
}


def _early(facts: dict[str, Any]) -> str:
    text = gettext("%(home)s expects this car from %(time)s. Call the home, or ask it to wait.")
    at = timezone.localtime(datetime.fromtimestamp(facts.get("starts", 0), UTC))
    same_day = at.date() == timezone.localdate()
    time = date_format(at, "TIME_FORMAT" if same_day else "SHORT_DATETIME_FORMAT")
    return text % {"home": facts.get("home", ""), "time": time}


explain("visit_expected", _("A visitor of %(home)s, expected today."))
explain("visit_too_early", _early)
explain(
    "visit_used_up",
    _("A visitor of %(home)s who came as often as agreed. Call the home before you open."),
)
explain(
    "visit_over", _("The visit to %(home)s is over by its time. Call the home before you open.")
)
explain("visit_revoked", _("%(home)s took this invitation back. Call the home before you open."))
explain(
    "visit_home_empty", _("Nobody lives in %(home)s now. Ask the visitor where they want to go.")
)
explain("visit_leaving", _("Leaves after a visit to %(home)s."))
