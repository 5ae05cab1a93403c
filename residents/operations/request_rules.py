"""How long the office has for a request: rules of the compound, or our own until it has some."""

from __future__ import annotations

from datetime import datetime, timedelta

from community import events
from community.models import User
from residents.models import Category, RequestRule

#: Hours until done where a compound has set no rule of its own.
HOURS: dict[str, int] = {
    Category.LIFT: 4,
    Category.WATER: 12,
    Category.POWER: 12,
    Category.DOOR: 24,
}
OTHERWISE = 72


def due_at(compound_id: int, category: str, since: datetime) -> datetime:
    """Until when it is to be done, by the compound's rule."""
    rule = RequestRule.objects.filter(compound_id=compound_id, category=category).first()
    return since + timedelta(hours=rule.hours if rule else HOURS.get(category, OTHERWISE))


def set_request_rule(rule: RequestRule, *, actor: User | None) -> RequestRule:
    """How long a category may take here, from now on. Raises ValidationError."""
    rule.full_clean()
    with events.writing():
        rule.save()
        events.record(
            "residents.request_rule_set",
            compound=rule.compound_id,
            actor=actor,
            category=rule.category,
            hours=rule.hours,
        )
    return rule
