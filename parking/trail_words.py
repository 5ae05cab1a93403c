"""What was corrected in a stay, in words: one line for each thing that is otherwise now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parking.models import Area, ParkedAs, Permit, StayChange, Vehicle

NAMES: dict[str, Any] = {
    "plate": _("plate"),
    "area_id": _("parking area"),
    "entered_at": pgettext_lazy("parking", "in"),
    "left_at": pgettext_lazy("parking", "out"),
    "vehicle_id": _("vehicle"),
    "permit_id": _("parking permit"),
    "parked_as": _("parked as"),
    "permit_from": _("by its permit since"),
}
TABLES: dict[str, Any] = {"area_id": Area, "vehicle_id": Vehicle, "permit_id": Permit}
TIMES = frozenset({"entered_at", "left_at", "permit_from"})
#: The rules of ``parking.operations.joining`` by which a missed crossing is put in.
RULES: dict[str, Any] = {
    "lost_exit": _("It came in again: its exit before was missed."),
    "lost_entry": _("It was seen first on its way on: its entry was missed."),
    "late_exit": _("The exit was reported late and replaces the assumed one."),
    "clock_skew": _("The clocks of entry and exit differ: the stay lasted no time."),
}


def told(change: StayChange) -> list[str]:
    """Such as ``["out: 11-23 14:02 → 11-23 17:10"]``."""
    rule = change.after.get("rule")
    if rule is not None:
        return [str(RULES.get(rule, rule))]
    names = [name for name in NAMES if name in change.after]
    return [_line(name, change.before.get(name), change.after[name]) for name in names]


def _line(name: str, before: Any, after: Any) -> str:
    facts = {"what": NAMES[name], "before": _shown(name, before), "after": _shown(name, after)}
    return gettext("%(what)s: %(before)s → %(after)s") % facts


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if name in TIMES:
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    if name in TABLES:
        row = TABLES[name]._default_manager.filter(pk=value).first()
        return str(row) if row is not None else gettext("removed since")
    return str(dict(ParkedAs.choices).get(value, value)) if name == "parked_as" else str(value)
