"""Kinds of events that the files of people record, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events

OFFICE = ("desk", "manager")

for kind, label in (
    ("residents.person_added", _("Person's file opened")),
    ("residents.person_changed", _("Person's file changed")),
    ("residents.residency_added", _("Residency added")),
    ("residents.residency_ended", _("Residency ended")),
):
    events.declare(kind, label, OFFICE)
