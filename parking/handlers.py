"""Kinds of events that parking records, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Event
from parking import (
    access,  # noqa: F401  its sentences are registered with it
    operations,
)
from residents.models import Residency

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
    ("parking.crossing_taken_back", _("Crossing taken back"), WATCH),
):
    events.declare(kind, label, roles)


@events.on("residents.residency_ended", "parking.end_rights")
def end_rights(event: Event) -> None:
    """A residency's end ends the cars that its person registered for that home."""
    residency = Residency.objects.filter(pk=event.payload["residency"]).first()
    if residency is not None and residency.ended_on is not None:
        operations.end_rights(residency, actor=event.actor)
