"""Kinds of events that parking records, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events
from parking import access  # noqa: F401  its sentences are registered with it

OFFICE = ("desk", "manager")
WATCH = ("guard", "desk", "manager")

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
):
    events.declare(kind, label, roles)
