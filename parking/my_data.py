"""The cars that are registered to a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from community.home_parts import Fact, Section
from parking.models import Vehicle


def sections(user: Any, person: Any) -> list[Section]:
    rows = Vehicle.objects.filter(owner=person).select_related("unit").order_by("-pk")
    kept = _("Kept while the car is registered; passages as long as the compound's rule says.")
    return [Section("vehicles", _("My vehicles"), kept, [_facts(row) for row in rows])]


def _facts(row: Vehicle) -> list[Fact]:
    facts = [
        Fact(_("Plate"), row.plate, row.plate),
        Fact(_("Plate kind"), row.kind, str(row.get_kind_display())),
        Fact(_("First day"), row.valid_from, ""),
    ]
    if row.valid_until:
        facts.append(Fact(_("Last day"), row.valid_until, ""))
    if row.ended_at:
        facts.append(Fact(_("Ended"), row.ended_at, ""))
    return facts
