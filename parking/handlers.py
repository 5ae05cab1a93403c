"""Kinds of events that parking records, and who may see them."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications, verdicts
from community.models import Event
from parking import (
    access,  # noqa: F401  its sentences are registered with it
    access_words,
    operations,
    wheels,  # noqa: F401  likewise
    wish_words,  # noqa: F401  events and messages about people's cars
)
from parking.models import Stay
from residents.models import Residency

OFFICE = ("desk", "manager")
WATCH = ("guard", "desk", "manager")
MONEY = ("guard", "desk", "cashier", "manager")
TILL = ("desk", "cashier", "manager")

for kind, label, roles in (
    ("parking.vehicle_registered", _("Vehicle registered"), WATCH),
    ("parking.vehicle_changed", _("Vehicle changed"), WATCH),
    ("parking.vehicle_ended", _("Vehicle's registration ended"), WATCH),
    ("parking.vehicle_barred", _("Vehicle barred"), WATCH),
    ("parking.vehicle_unbarred", _("Vehicle no longer barred"), WATCH),
    ("parking.import_checked", _("List of vehicles checked"), OFFICE),
    ("parking.import_started", _("List of vehicles released"), OFFICE),
    ("parking.import_applied", _("List of vehicles applied"), OFFICE),
    ("parking.vehicle_entered", _("Vehicle came in"), WATCH),
    ("parking.vehicle_left", _("Vehicle left"), WATCH),
    ("parking.crossing_taken_back", _("Crossing taken back"), WATCH),
    ("parking.tariff_saved", _("Tariff drafted"), OFFICE),
    ("parking.tariff_on", _("Tariff switched on"), MONEY),
    ("parking.coupon_given", _("Parking coupon given"), MONEY),
    ("parking.coupon_used", _("Parking coupon used"), MONEY),
    ("parking.coupon_ended", _("Parking coupon ended"), MONEY),
    ("parking.price_changed", _("Price of a stay changed"), MONEY),
    ("parking.month_repriced", _("Month priced anew"), MONEY),
    ("parking.paid", _("Parking paid"), MONEY),
    ("parking.notice_refused", _("Notice of a payment not booked"), TILL),
    ("parking.debt_recorded", _("Parking debt recorded"), MONEY),
    ("parking.debt_paid", _("Parking debt paid"), MONEY),
    ("parking.debt_waived", _("Parking debt let go"), MONEY),
    ("parking.shift_begun", _("Cash shift begun"), MONEY),
    ("parking.shift_closed", _("Cash shift closed"), MONEY),
    ("parking.refund_begun", _("Refund begun"), TILL),
    ("parking.refund_told", _("Refund answered"), TILL),
    ("parking.receipt_issued", _("Receipt issued"), TILL),
    ("parking.reconciled", _("Payments reconciled"), TILL),
    ("parking.account_saved", _("Payment account changed"), ("manager",)),
    ("parking.area_entered", _("Vehicle came into an area"), WATCH),
    ("parking.area_left", _("Vehicle left an area"), WATCH),
    ("parking.area_full", _("Parking area full"), WATCH),
    ("parking.area_free", _("Parking area has room again"), WATCH),
    ("parking.stay_corrected", _("Stay put right"), WATCH),
    ("parking.permit_given", _("Parking permit given"), WATCH),
    ("parking.permit_changed", _("Parking permit changed"), WATCH),
    ("parking.permit_renewed", _("Parking permit renewed"), WATCH),
    ("parking.permit_ended", _("Parking permit ended"), WATCH),
    ("parking.permits_ending", _("Parking permits about to end"), OFFICE),
    ("parking.pool_opened", _("Places of a home set up"), WATCH),
    ("parking.pool_changed", _("Places of a home changed"), WATCH),
    ("parking.pool_ended", _("Places of a home ended"), WATCH),
    ("parking.plate_listed", _("Plate put on a list"), WATCH),
    ("parking.plate_unlisted", _("Plate taken off its list"), WATCH),
    ("parking.place_held", _("Parking place given to a home"), WATCH),
    ("parking.place_given_back", _("Parking place given back"), WATCH),
    ("parking.area_changed", _("Parking area set up or changed"), WATCH),
    ("parking.place_changed", _("Parking place set up or changed"), WATCH),
    ("parking.lane_led", _("Lane of a parking area set up or changed"), WATCH),
    ("parking.ticket_made", _("Parking ticket made"), WATCH),
    ("parking.bicycle_registered", _("Electric bicycle registered"), WATCH),
    ("parking.bicycle_changed", _("Electric bicycle changed"), WATCH),
    ("parking.bicycle_ended", _("Electric bicycle's registration ended"), WATCH),
):
    events.declare(kind, label, roles)


verdicts.explain("parking.permit_ending", access_words.permit_ending)
notifications.declare("parking.permit_ending", _("Parking permit about to end"), topic="parking")


@events.on("residents.residency_ended", "parking.end_rights")
def end_rights(event: Event) -> None:
    """A residency's end ends the cars, places and bicycles that its person has for that home."""
    residency = Residency.objects.filter(pk=event.payload["residency"]).first()
    if residency is not None and residency.ended_on is not None:
        operations.end_rights(residency, actor=event.actor)
        operations.end_things(residency, actor=event.actor)


@events.on("residents.moved_out", "parking.end_home_cars")
def end_home_cars(event: Event) -> None:
    """With the last who lived in a home go the cars that were registered for it without an owner.

    The cars of each person end with their residency; who is told to have moved out already does
    not drive in again, not even on that last day.
    """
    unit, last = event.payload["unit"], date.fromisoformat(event.payload["day"])
    over, people = last <= timezone.localdate(), event.payload["people"]
    if over:
        operations.end_cars_of(people, unit, actor=event.actor)
        kept = Residency.objects.filter(unit=unit, ended_on=None, person__in=people)
        gone = sorted(set(people) - set(kept.values_list("person", flat=True)))
        operations.end_things_of(gone, unit, last, now=True, actor=event.actor)
    if event.payload.get("empty"):
        operations.end_home_cars(unit, last, actor=event.actor)
        operations.end_home_things(unit, last, now=over, actor=event.actor)


@events.on("residents.people_merged", "parking.move_cars")
def move_cars(event: Event) -> None:
    """Cars of a file that was merged into another belong to that one."""
    operations.move_cars(event.payload["gone"], event.payload["person"], actor=event.actor)
    operations.move_wishes(event.payload["gone"], event.payload["person"])
    operations.move_things(event.payload["gone"], event.payload["person"])


@events.on("residents.person_erased", "parking.forget_owner")
def forget_owner(event: Event) -> None:
    """Who is erased as a whole is named by no ended car any more."""
    operations.forget_wishes(event.payload["person"], whole=bool(event.payload.get("whole")))
    if event.payload.get("whole"):
        operations.forget_owner(event.payload["person"])
        operations.forget_holder(event.payload["person"])


@events.on("parking.vehicle_left", "parking.close_charge")
def close_charge(event: Event) -> None:
    """With the car its stay ends: the price is final, what is unpaid becomes a debt."""
    stay = Stay.objects.filter(pk=event.payload["stay"]).first()
    if stay is not None:
        operations.close_charge(stay)


@events.on("parking.stay_corrected", "parking.reprice")
def reprice(event: Event) -> None:
    """A stay that was put right is priced anew, where it has a price already."""
    stay = Stay.objects.filter(pk=event.payload["stay"], charge__isnull=False).first()
    if stay is not None:
        operations.reprice(stay, "corrected", actor=event.actor)
