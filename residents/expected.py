"""Is this car expected? Pure reads, one query, whatever the number of visits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Compound, Role
from community.templatetags.linli import hour
from community.verdicts import Outcome, Verdict, explain
from residents.models import Residency, Visit, VisitPlate, VisitStay
from residents.operations.visit_rules import opens_from
from residents.pass_words import home_or_courier

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
    rows = VisitPlate.objects.filter(compound=compound, plate=plate)
    rows = rows.filter(visit__ends_at__gt=at - REMEMBERED, visit__starts_at__lt=at + AHEAD)
    found = rows.select_related("visit__unit").annotate(stands=_stands(compound, day))
    verdicts = [_of(car.visit, car.stands, at) for car in found.order_by("-pk")[:LOOKED_AT]]
    return min(verdicts, key=lambda one: list(_OUTCOMES).index(one.code), default=None)


def _stands(compound: Compound, day: date) -> Any:
    """Whether somebody lives in the home of a visit, or its bearer works here, as one column."""
    living = Residency.objects.current(day).filter(unit=OuterRef("visit__unit"))
    working = Role.objects.filter(
        compound=compound, user=OuterRef("visit__bearer"), role=Role.Name.COURIER, ended_at=None,
        user__is_active=True,
    )  # fmt: skip
    return Case(When(visit__bearer=None, then=Exists(living)), default=Exists(working))


def leaving(compound: Compound, plate: str) -> dict[str, Any]:
    """Facts of the visit that came by this car and is still inside; empty where none is."""
    stays = VisitStay.objects.filter(compound=compound, plate=plate, left_at=None)
    stay = stays.select_related("visit__unit").order_by("-entered_at", "-pk").first()
    return _facts(stay.visit) if stay is not None else {}


def _of(visit: Visit, stands: bool, at: datetime) -> Verdict:
    code = _code(visit, stands, at)
    facts = _facts(visit)
    if code == "visit_too_early":
        facts["starts"] = int(visit.starts_at.timestamp())
    return Verdict(_OUTCOMES[code], code, facts)


def _code(visit: Visit, stands: bool, at: datetime) -> str:
    if visit.revoked_at is not None:
        return "visit_revoked"
    if at < opens_from(visit):
        return "visit_too_early"
    if at >= visit.ends_at:
        return "visit_over"
    if visit.most_entries is not None and visit.entries >= visit.most_entries:
        return "visit_used_up"
    if stands:
        return "visit_expected"
    return "visit_home_empty" if visit.unit else "visit_duty_over"


def _facts(visit: Visit) -> dict[str, Any]:
    return {"visit": visit.pk, "unit": visit.unit_id, "home": visit.home}


#: From the one that opens to the one that says least.
_OUTCOMES = {
    "visit_expected": Outcome.ALLOW,
    "visit_home_empty": Outcome.ASK,
    "visit_duty_over": Outcome.DENY,
    "visit_used_up": Outcome.DENY,
    "visit_too_early": Outcome.DENY,
    "visit_over": Outcome.DENY,
    "visit_revoked": Outcome.DENY,
}


def _early(facts: dict[str, Any]) -> str:
    text = gettext("%(home)s expects this car from %(time)s. Call the home, or ask it to wait.")
    if not facts.get("home"):
        text = gettext("A courier. Deliveries are let in from %(time)s.")
    time = hour(datetime.fromtimestamp(facts.get("starts", 0), UTC))
    return text % {"home": facts.get("home", ""), "time": time}


AGAIN = _("A courier whose pass was used as often as it may be today. Ask what they bring.")
OVER = _("A courier outside the hours of delivery. Ask what they bring before you open.")
REVOKED = _("A courier whose pass was taken back. Ask at the desk before you open.")
explain(
    "visit_expected",
    home_or_courier(
        _("A visitor of %(home)s, expected today."), _("A courier with a pass of the day.")
    ),
)
explain("visit_too_early", _early)
explain(
    "visit_used_up",
    home_or_courier(
        _("A visitor of %(home)s who came as often as agreed. Call the home before you open."),
        AGAIN,
    ),
)
explain(
    "visit_over",
    home_or_courier(
        _("The visit to %(home)s is over by its time. Call the home before you open."), OVER
    ),
)
explain(
    "visit_revoked",
    home_or_courier(
        _("%(home)s took this invitation back. Call the home before you open."), REVOKED
    ),
)
explain("visit_duty_over", _("This courier's account is closed. Ask at the desk before you open."))
explain(
    "visit_home_empty", _("Nobody lives in %(home)s now. Ask the visitor where they want to go.")
)
explain(
    "visit_leaving",
    home_or_courier(_("Leaves after a visit to %(home)s."), _("A courier who leaves.")),
)
