"""Kinds of events that lockers and parcels record, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events, notifications, verdicts
from community.models import Event, Medium
from parcels import operations, words

OFFICE = ("desk", "manager", "installer")
GATE = ("guard", "desk", "manager")

for kind, label in (
    ("parcels.bank_added", _("Locker bank added")),
    ("parcels.bank_changed", _("Locker bank changed")),
    ("parcels.compartment_out_of_order", _("Compartment out of order")),
    ("parcels.compartment_in_order", _("Compartment in order again")),
    ("parcels.tablet_address_made", _("Address of a locker's tablet made")),
    ("parcels.label_made", _("Label of a locker made")),
    ("parcels.shelf_saved", _("Shelf changed")),
    ("parcels.rule_saved", _("Rule for keeping changed")),
    ("parcels.carrier_saved", _("Carrier changed")),
    ("parcels.courier_added", _("Courier's account opened")),
    ("parcels.courier_changed", _("Courier's account changed")),
    ("parcels.courier_ended", _("Courier's account closed")),
    ("parcels.courier_code_made", _("Courier's code made")),
    ("parcels.courier_signed_in", _("Courier signed in")),
    ("parcels.courier_locked", _("Courier has to wait after many recipients not found")),
    ("parcels.way_chosen", _("Delivery choice changed")),
    ("parcels.recipient_asked", _("Recipient asked where to leave a parcel")),
    ("parcels.recipient_answered", _("Recipient answered where")),
    ("parcels.question_settled", _("Courier said what was done with a parcel")),
):
    events.declare(kind, label, OFFICE)

#: What somebody should go and look at.
for kind, label in (
    ("parcels.bank_all_open", _("Nearly all doors of a locker open")),
    ("parcels.bank_shut", _("A locker's doors shut again")),
    ("parcels.compartment_forced", _("Compartment forced open")),
    ("parcels.compartment_left_open", _("Compartment left open")),
    ("parcels.compartment_shut", _("Compartment shut again")),
    ("parcels.codes_guessed", _("Codes guessed at a locker")),
):
    events.declare(kind, label, (*GATE, "installer"))

for step, label in words.STEPS.items():
    events.declare(f"parcels.{step}", label, ("desk", "manager"))


@events.on("residents.people_merged", "parcels.follow_merge")
def follow_merge(event: Event) -> None:
    """Parcels of a file that was merged are the kept one's."""
    operations.follow_merge(event.payload["gone"], event.payload["person"])


@events.on("residents.person_erased", "parcels.forget_person")
def forget_person(event: Event) -> None:
    """Parcels that ended name nobody who asked to be erased."""
    operations.forget_person(event.payload["person"], whole=bool(event.payload.get("whole")))


verdicts.explain(
    "parcels.courier_code", _("Your sign-in code for parcels is %(code)s. Valid ten minutes.")
)
notifications.declare(
    "parcels.courier_code", _("Courier's code"), topic="parcel", ladder=(Medium.SMS,), urgent=True,
    secret=True,
)  # fmt: skip
