"""What the gates keep of a person: their passages, and the calls that they answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.home_parts import Fact, Section
from residents.models import Person
from security.models import HomeCall, Passage, UpperPlatform
from security.words import way_word

PASSAGES, CALLS = 100, 100
RULE = _("Kept for as long as the compound's rule for readings and passages says.")
RULE_UPWARD = _(
    "Plate, time, lane and way of each car. Names, homes, faces and people on foot are never told."
)
RULE_CALLS = _("Erased by themselves together with the names of visitors.")


def sections(user: Any, person: Person) -> list[Section]:
    answered = _("Calls from the gate that I answered")
    return [
        Section("passages", _("When I passed a gate"), RULE, _passages(person)),
        Section("calls", answered, RULE_CALLS, _calls(person)),
        *_told_upward(person),
    ]


def _told_upward(person: Person) -> list[Section]:
    """Who else hears of cars that pass, where somebody does."""
    told = [
        [
            Fact(_("Platform"), row.name),
            Fact(_("Since"), row.switched_at),
            Fact(_("With the picture of the passage"), row.sends_pictures, _yes(row)),
        ]
        for row in UpperPlatform.objects.of(person.compound_id).filter(is_active=True)
    ]
    title = _("Who is told of cars that pass our gates")
    return [Section("told_upward", title, RULE_UPWARD, told)] if told else []


def _yes(row: UpperPlatform) -> str:
    return str(_("Yes") if row.sends_pictures else _("No"))


def _passages(person: Person) -> list[list[Fact]]:
    rows = Passage.objects.filter(Q(person=person) | Q(vehicle__owner=person))
    found = rows.filter(compound_id=person.compound_id).select_related("lane__gate")
    return [
        [
            Fact(_("When"), row.seen_at),
            Fact(_("Where"), f"{row.lane.gate.name} {row.lane.name}"),
            Fact(_("Decision"), row.outcome, str(row.get_outcome_display())),
            *([Fact(_("Plate"), row.plate)] if row.plate else []),
            *([Fact(_("Way in"), row.way, way_word(row.way))] if row.way else []),
        ]
        for row in found.order_by("-pk")[:PASSAGES]
    ]


def _calls(person: Person) -> list[list[Fact]]:
    rows = HomeCall.objects.filter(answered_by=person).select_related("unit", "lane__gate")
    return [
        [
            Fact(_("When"), row.asked_at),
            Fact(_("Where"), f"{row.lane.gate.name} {row.lane.name}"),
            Fact(_("Home"), row.unit.code),
            *([Fact(_("Visitor"), row.name)] if row.name else []),
            *([Fact(_("Plate"), row.plate)] if row.plate else []),
            Fact(_("Answer"), row.state, str(row.get_state_display())),
        ]
        for row in rows.order_by("-pk")[:CALLS]
    ]
