"""What messages about people's cars say, and the kinds of events behind them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import events, notifications, verdicts
from parking.models import BlockedCar, CarWish, Dispute, FireCase, RenewalWish
from parking.wish_querysets import WATCH

OFFICE = ("desk", "manager")
for kind, label, roles in (
    ("parking.car_asked", _("A resident asked to register a car"), OFFICE),
    ("parking.car_withdrawn", _("Wish to register a car taken back"), OFFICE),
    ("parking.car_approved", _("Car registered as asked"), OFFICE),
    ("parking.car_refused", _("Car not registered"), OFFICE),
    ("parking.renewal_asked", _("A resident asked to prolong a permit"), OFFICE),
    ("parking.renewal_granted", _("Permit prolonged as asked"), OFFICE),
    ("parking.renewal_refused", _("Permit not prolonged"), OFFICE),
    ("parking.stay_disputed", _("A stay is disputed"), WATCH),
    ("parking.dispute_answered", _("Dispute answered"), WATCH),
    ("parking.car_blocked", _("A car is in the way"), WATCH),
    ("parking.blocked_answered", _("Owner drives the car away"), WATCH),
    ("parking.blocked_to_guard", _("Car in the way: the guard is asked"), WATCH),
    ("parking.blocked_over", _("Car in the way has gone"), WATCH),
    ("parking.fire_lane_saved", _("Fire lane changed"), OFFICE),
    ("parking.fire_lane_taken", _("A car stands in a fire lane"), WATCH),
    ("parking.fire_lane_evidence", _("Car stayed in a fire lane: evidence kept"), WATCH),
    ("parking.fire_lane_free", _("Fire lane free again"), WATCH),
):
    events.declare(kind, label, roles)


def _of(model: Any, text: Any, *related: str) -> Any:
    """A sentence filled from its row when it is read."""

    def said(facts: dict[str, Any]) -> str:
        row = model.objects.select_related(*related).filter(pk=facts.get("row", 0)).first()
        if row is None:
            return gettext("This is no longer on record.")
        return str(text) % _values(row)

    return said


def _values(row: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"plate": getattr(row, "plate", "")}
    if isinstance(row, CarWish | RenewalWish):
        values["reason"] = row.reason
    if isinstance(row, RenewalWish):
        values |= {"until": row.until.isoformat(), "permit": str(row.permit)}
    elif isinstance(row, Dispute):
        values |= {"plate": row.stay.plate, "answer": row.answer, "state": row.get_state_display()}
    elif isinstance(row, BlockedCar):
        values |= {"place": row.place, "minutes": row.minutes or 0}
    elif isinstance(row, FireCase):
        since = timezone.localtime(row.first_at)
        values |= {"lane": row.lane.name, "since": f"{since:%H:%M}", "minutes": row.minutes}
        values["grace"] = row.lane.grace_minutes
    return values


CARS = "/home/cars/"
#: kind: (model, related rows, label, sentence, how)
KINDS: dict[str, tuple[Any, tuple[str, ...], Any, Any, dict[str, Any]]] = {
    "parking.car_asked": (
        CarWish, (), _("A car waits for approval"),
        _("%(plate)s waits to be registered. Compare its licence and answer."),
        {"ladder": notifications.STAFF, "path": "/admin/parking/carwish/"},
    ),
    "parking.car_approved": (
        CarWish, (), _("Your car is registered"),
        _("%(plate)s is registered. The gate knows it from now on."), {"path": CARS},
    ),
    "parking.car_refused": (
        CarWish, (), _("Your car is not registered"),
        _("%(plate)s is not registered: %(reason)s. You can ask again with what was missing."),
        {"path": CARS},
    ),
    "parking.renewal_asked": (
        RenewalWish, ("permit__vehicle", "permit__pool"), _("A permit is to be prolonged"),
        _("%(permit)s is asked for until %(until)s. Please answer."),
        {"ladder": notifications.STAFF, "path": "/admin/parking/renewalwish/"},
    ),
    "parking.renewal_granted": (
        RenewalWish, ("permit__vehicle", "permit__pool"), _("Your permit is prolonged"),
        _("%(permit)s is good until %(until)s."), {"path": CARS},
    ),
    "parking.renewal_refused": (
        RenewalWish, ("permit__vehicle", "permit__pool"), _("Your permit is not prolonged"),
        _("%(permit)s is not prolonged: %(reason)s. Please ask at the desk."), {"path": CARS},
    ),
    "parking.stay_disputed": (
        Dispute, ("stay",), _("A stay is disputed"),
        _("Somebody disputes a stay of %(plate)s. Look at the pictures and answer."),
        {"ladder": notifications.STAFF, "path": "/guard/disputes/"},
    ),
    "parking.dispute_answered": (
        Dispute, ("stay",), _("An answer about your stay"),
        _("%(plate)s: %(state)s. %(answer)s"), {"path": CARS + "stays/"},
    ),
    "parking.blocks_somebody": (
        BlockedCar, (), _("Your car is in the way"),
        _(
            "%(plate)s stands in somebody's way: %(place)s. Please drive it away, and say here "
            "when you come."
        ),
        {"path": CARS, "urgent": True},
    ),
    "parking.blocked_answered": (
        BlockedCar, (), _("The car in your way is being moved"),
        _("%(plate)s is gone in about %(minutes)s minutes."),
        {"path": CARS + "blocked/", "urgent": True},
    ),
    "parking.blocked_to_guard": (
        BlockedCar, (), _("A guard looks after the car in your way"),
        _("A guard looks after %(plate)s. You need not do anything."),
        {"path": CARS + "blocked/", "urgent": True},
    ),
    "parking.fire_lane": (
        FireCase, ("lane",), _("Your car stands in a fire lane"),
        _(
            "%(plate)s has stood in the fire lane %(lane)s since %(since)s. Please drive it away "
            "within %(grace)s minutes; after that pictures are kept as evidence."
        ),
        {"path": CARS, "urgent": True},
    ),
    "parking.fire_lane_evidence": (
        FireCase, ("lane",), _("Evidence about a fire lane"),
        _("%(plate)s stayed in %(lane)s for %(minutes)s minutes. The evidence can be printed."),
        {"ladder": notifications.STAFF, "path": "/guard/fire-lanes/"},
    ),
}  # fmt: skip
for name, (model, related, label, text, how) in KINDS.items():
    verdicts.explain(name, _of(model, text, *related))
    notifications.declare(name, label, topic="parking", **how)
