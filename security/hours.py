"""The chart of a day's passages by hour, counted inside the database."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, TextField, Value
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

#: The chart: a plot of 722 x 140 units, its foot at 165.
LEFT, FOOT, STEP, HEIGHT = 37, 165, 30, 132
WEEKS = 4


def chart(rows: Any, day: Any) -> dict[str, Any]:
    """Cars in and out by hour, beside the mean of the same weekday in the weeks before."""
    counted = _by_hour(day.rows, "direction")
    usual = _usual(rows, day.since)
    now = timezone.localtime().hour
    totals = [counted[h, "entry"] + counted[h, "exit"] for h in range(24)]
    top = max([*totals, *usual, 1])
    return {
        "bars": [_bar(h, counted, top) for h in range(now + 1)],
        "line": " ".join(
            f"{'L' if h else 'M'}{LEFT + 11 + h * STEP} {FOOT - n * HEIGHT / top:.1f}"
            for h, n in enumerate(usual)
        )
        if any(usual)
        else "",
        "grid": [{"y": FOOT - n * HEIGHT / top, "n": n} for n in scale(top)],
        "ticks": [{"x": LEFT + 11 + h * STEP, "word": f"{h:02}"} for h in range(0, 24, 2)],
        "table": [
            {"hour": f"{h:02}:00", "n": totals[h], "url": day.hour_url(h)} for h in range(now + 1)
        ],
        "summary": _("Passages by hour: most at %(hour)s with %(most)s; this hour so far %(now)s")
        % {"hour": totals.index(max(totals)), "most": max(totals), "now": totals[now]},
        "url": day.url(),
    }


#: The text of a moment in UTC as far as the tens of its minutes, on either database. Cut in the
#: database's own code: SQLite would call back into Python for each row to take out an hour.
TENS = Substr(Cast("seen_at", TextField()), 1, 15)


def _by_hour(rows: Any, *names: str) -> Counter[Any]:
    """How many passages in each hour of the reader's clock, with the values of ``names``."""
    counted = Counter[Any]()
    for tens, *values, n in _tens(rows, *names):
        counted[(_local_hour(tens), *values)] += n
    return counted


def _tens(rows: Any, *names: str) -> Any:
    return rows.order_by().values_list(TENS, *names).annotate(n=Count("pk"))


def _local_hour(tens: str) -> int:
    return timezone.localtime(datetime.fromisoformat(f"{tens}0:00+00:00")).hour


def _usual(rows: Any, since: datetime) -> list[float]:
    """Mean per hour over those of the last four same weekdays that have any passage."""
    days = []
    for week in range(1, WEEKS + 1):
        start = since - timedelta(days=7 * week)
        past = rows.filter(seen_at__gte=start, seen_at__lt=start + timedelta(days=1))
        days.append(past.annotate(week=Value(week)))
    counted = list(_tens(days[0], "week").union(*(_tens(day, "week") for day in days[1:])))
    known = len({week for _tens, week, _n in counted}) or 1
    sums = Counter[int]()
    for tens, _week, n in counted:
        sums[_local_hour(tens)] += n
    return [sums[h] / known for h in range(24)]


def _bar(hour: int, counted: Counter[Any], top: float) -> dict[str, Any]:
    entries, exits = counted[hour, "entry"], counted[hour, "exit"]
    low, high = entries * HEIGHT / top, exits * HEIGHT / top
    return {
        "x": LEFT + hour * STEP,
        "y_in": FOOT - low,
        "in": low,
        "y_out": FOOT - low - high - (1 if exits and entries else 0),
        "out": high,
    }


def scale(top: float) -> list[int]:
    """Three round lines of the grid below ``top``."""
    steps = [step * 10**power for power in range(6) for step in (1, 2, 5)]
    step = next(step for step in steps if step * 4 > top)
    return [step * place for place in (1, 2, 3) if step * place <= top]
