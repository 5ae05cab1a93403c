"""Kinds of events that lockers record, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events

OFFICE = ("desk", "manager", "installer")

for kind, label in (
    ("parcels.bank_added", _("Locker bank added")),
    ("parcels.bank_changed", _("Locker bank changed")),
    ("parcels.compartment_out_of_order", _("Compartment out of order")),
    ("parcels.compartment_in_order", _("Compartment in order again")),
):
    events.declare(kind, label, OFFICE)
