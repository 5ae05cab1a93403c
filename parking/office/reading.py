"""The rules of a version that is switched on, in words: nobody reads them out of a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parking.tariff_words import yuan
from parking.tariffs import Rate, Rules, Window
from parking.tariffs.rules import CALENDAR, DAY, clock


@dataclass(frozen=True)
class Row:
    """One window: its days (only in the first row of them), hours, and what is paid."""

    days: str
    hours: str
    first: str
    then: str
    most: str


@dataclass(frozen=True)
class Told:
    """What one group of cars pays."""

    title: str
    facts: list[str]
    rows: list[Row]


def common(rules: Rules) -> list[str]:
    """What holds for all cars."""
    counted = _("by the calendar") if rules.day_counts == CALENDAR else _("from the entry")
    facts = [
        _("A day is counted %(how)s.") % {"how": counted},
        _("%(minutes)s minutes to drive out after paying.") % {"minutes": rules.grace_minutes},
    ]
    if rules.residents_free:
        facts.append(_("Registered cars without a permit pay nothing."))
    return facts


def told(rules: Rules) -> list[Told]:
    """The rate for all cars first, then that of new-energy cars."""
    ordered = sorted(rules.rates, key=lambda rate: bool(rate.kinds))
    names = (_("All cars"), _("New-energy cars"))
    return [Told(names[bool(rate.kinds)], _facts(rate), list(_rows(rate))) for rate in ordered]


def _facts(rate: Rate) -> list[str]:
    found = []
    if rate.free_minutes:
        found.append(_("%(minutes)s minutes free") % {"minutes": rate.free_minutes})
    if rate.free_deducted:
        found.append(_("taken off longer stays too"))
    for text, fen in (
        (_("at most %(sum)s a day"), rate.cap_day_fen),
        (_("at most %(sum)s a stay"), rate.cap_stay_fen),
    ):
        if fen is not None:
            found.append(text % {"sum": yuan(fen)})
    return found


def _rows(rate: Rate) -> Iterator[Row]:
    for days, windows in (
        (_("Ordinary days"), rate.workdays),
        (_("Public holidays"), rate.holidays),
    ):
        for number, window in enumerate(windows):
            yield _row("" if number else days, window)


def _row(days: str, window: Window) -> Row:
    end = clock(window.end or DAY)
    each: dict[str, Any] = {"sum": yuan(window.step_fen), "minutes": window.step_minutes}
    first = {"sum": yuan(window.first_fen), "minutes": window.first_minutes}
    return Row(
        days=days,
        hours=_("whole day") if window.is_whole_day else f"{clock(window.start)}–{end}",
        first=_("%(sum)s for %(minutes)s minutes") % first if window.first_minutes else "",
        then=_("%(sum)s for each %(minutes)s minutes") % each
        if window.step_minutes
        else _("%(sum)s at once") % each,
        most="" if window.cap_fen is None else yuan(window.cap_fen),
    )
