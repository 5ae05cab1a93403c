"""Prices and faults of tariffs in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parking.tariffs import Fault

DAYS = {"workdays": _("ordinary days"), "holidays": _("holidays")}
FAULTS: dict[str, Any] = {
    "rate_for_others_missing": _("Exactly one rate must be for all cars that no other names."),
    "kind_twice": _("A plate kind stands in two rates."),
    "day_unknown": _("Say whether a day counts by the calendar or from the entry."),
    "grace_out_of_range": _("Give 0 to 240 minutes to drive out after paying."),
    "free_out_of_range": _("Give 0 to 1440 free minutes."),
    "price_out_of_range": _("Give an amount from 0 to 10,000 yuan."),
    "minutes_out_of_range": _("Give 0 to 1440 minutes."),
    "first_without_minutes": _("Say how many minutes the first period has."),
    "windows_too_many": _("A day has six windows at most."),
    "hole": _("On %(days)s nothing is said for %(at)s to %(until)s. Close the gap."),
    "overlap": _("On %(days)s two windows hold for %(at)s to %(until)s. Leave one."),
}
LINES: dict[str, Any] = {
    "entry_unknown": _("We did not see this car come in; nothing is charged"),
    "times_disagree": _("The clocks of entry and exit disagree; nothing is charged"),
    "covered": _("Covered by a permit"),
    "free_right": _("Free of charge"),
    "delivery": _("Courier within the hours of delivery, free of charge"),
    "resident": _("Registered car, free of charge"),
    "free_minutes": _("%(minutes)s minutes free"),
    "coupon_minutes": _("Coupon: %(minutes)s minutes free"),
    "first": _("First period from %(start)s"),
    "steps": _("%(window)s: %(count)s × %(each)s, per %(minutes)s minutes or part"),
    "window": _("%(window)s, flat price"),
    "cap_window": _("Cap for these hours reached"),
    "cap_day": _("Daily cap reached"),
    "cap_stay": _("Cap for one stay reached"),
    "coupon_off": _("Coupon"),
    "coupon_percent": _("Coupon: %(percent)s%% off"),
    "coupon_whole": _("Coupon: the whole stay"),
}


@dataclass(frozen=True)
class Shown:
    """One line of a price as people read it."""

    text: str
    fen: int

    @property
    def amount(self) -> str:
        return yuan(self.fen)


def yuan(fen: int) -> str:
    """1250 as ``¥12.50``, -300 as ``-¥3.00``."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def told(fault: Fault, *, named: bool = False) -> str:
    """One sentence; a hole or an overlap with its hours, and the rate if kinds are ``named``."""
    text = str(FAULTS.get(fault.code, fault.code))
    days = str(DAYS.get(fault.days, fault.days))
    if named:
        days = str(_("%(days)s (new-energy cars)")) % {"days": days}
    return text % {"days": days, "at": fault.at, "until": fault.until} if "%(" in text else text


def shown(lines: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """Stored lines of a price (``parking.pricebook.stored``) in words."""
    return [Shown(_said(line), int(line.get("fen", 0))) for line in lines]


def _said(line: Mapping[str, Any]) -> str:
    text = str(LINES.get(str(line.get("code")), line.get("code", "")))
    if "%(" not in text:
        return text.replace("%%", "%")
    each = int(line.get("each", 0))
    return text % {
        "minutes": line.get("minutes", 0),
        "count": line.get("count", 0),
        "each": yuan(each),
        "percent": each,
        "window": str(line.get("window", "")).replace("-", "–"),
        "start": _clock(line.get("start")),
    }


def _clock(text: Any) -> str:
    if not text:
        return ""
    return timezone.localtime(datetime.fromisoformat(str(text))).strftime("%m-%d %H:%M")
