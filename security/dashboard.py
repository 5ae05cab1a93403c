"""The manager's figures of the gates: today, each number with the list behind it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, TextField, Value
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.dashboard import Panel, Part, Stat
from community.models import Lane
from community.verdicts import sentence
from security import board
from security.models import GUARDS, Alert, Passage
from security.reasons import OpenReason, RefuseReason

#: The chart: a plot of 722 x 140 units, its foot at 165.
LEFT, FOOT, STEP, HEIGHT = 37, 165, 30, 132
WEEKS = 4
Outcome, State = Passage.Outcome, Passage.State


def part(request: Any) -> Part:
    """Figures, chart, reasons and alerts, for whoever watches the gates."""
    compound, user = request.compound, request.user
    if not user.roles_in(compound) & GUARDS:
        return Part()
    rows = Passage.objects.visible_to(user).of(compound).exclude(state=State.STORED)
    since = board.day_start(compound)
    today = rows.filter(seen_at__gte=since)
    alerts = board.open_alerts(user, compound)
    return Part(
        stats=stats(today, since, alerts),
        panels=[
            Panel("office/by_hand.html", by_hand(today, since), wide=True),
            Panel("office/hours.html", hours(rows, since), wide=True),
            Panel("office/reasons.html", reasons(today, since), order=2),
            Panel("office/alerts.html", open_alerts(alerts)),
        ],
    )


def passages_url(since: datetime, **filters: Any) -> str:
    day = timezone.localtime(since).strftime("%Y-%m-%d")
    query = {"seen_at_from_0": day, "seen_at_from_1": "00:00:00"} | filters
    return f"{reverse('admin:security_passage_changelist')}?{urlencode(query)}"


def stats(today: Any, since: datetime, alerts: board.Alerts) -> list[Stat]:
    count = _counts(today)
    return [
        _all_stat(count, since),
        _refused_stat(count, since),
        Stat(
            _("Not read"),
            count["failed"],
            pgettext("unit", "cars"),
            _("each kept with its picture"),
            passages_url(since, code="plate_not_read"),
        ),
        Stat(
            _("Opened by hand"),
            count["hand"],
            pgettext("unit", "cars"),
            _("each with a reason"),
            passages_url(since, by_hand__exact=1),
        ),
        _waiting_stat(count),
        _alert_stat(alerts),
    ]


def _counts(today: Any) -> dict[str, int]:
    counted: dict[str, int] = today.aggregate(
        all=Count("pk"),
        entry=Count("pk", filter=Q(direction=Lane.Direction.ENTRY)),
        denied=Count("pk", filter=Q(outcome=Outcome.DENY)),
        failed=Count("pk", filter=Q(outcome=Outcome.FAIL) | Q(code="plate_not_read")),
        hand=Count("pk", filter=Q(by_hand=True, outcome=Outcome.ALLOW)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
    )
    return counted


def _all_stat(count: dict[str, int], since: datetime) -> Stat:
    ways = _("in %(entry)s, out %(exit)s") % {
        "entry": f"{count['entry']:,}",
        "exit": f"{count['all'] - count['entry']:,}",
    }
    unit = pgettext("unit", "passages")
    return Stat(_("Passages today"), count["all"], unit, ways, passages_url(since))


def _refused_stat(count: dict[str, int], since: datetime) -> Stat:
    share = 100 * count["denied"] / count["all"] if count["all"] else 0
    return Stat(
        _("Refused"),
        count["denied"],
        pgettext("unit", "cars"),
        _("%(share).1f%% of all") % {"share": share},
        passages_url(since, outcome__exact=Outcome.DENY.value),
    )


def _waiting_stat(count: dict[str, int]) -> Stat:
    return Stat(
        _("Waiting now"),
        count["waiting"],
        pgettext("unit", "cars"),
        _("at the barriers"),
        reverse("guard"),
        "ask" if count["waiting"] else "",
    )


def _alert_stat(alerts: board.Alerts) -> Stat:
    worst = alerts.counts[0]["mark"] if alerts.counts else ""
    words = " · ".join(f"{count['name']} {count['n']}" for count in alerts.counts)
    return Stat(
        _("Open alerts"),
        alerts.total,
        pgettext("unit", "alerts"),
        words or _("nothing is open"),
        alerts_url(),
        worst if worst in ("sev1", "sev2") else "",
    )


def alerts_url() -> str:
    return f"{reverse('admin:security_alert_changelist')}?state__exact={Alert.State.OPEN.value}"


def by_hand(today: Any, since: datetime) -> dict[str, Any]:
    """The last passages that needed a person."""
    rows = today.filter(Q(by_hand=True) | Q(outcome=Outcome.DENY))
    listed = rows.select_related("lane", "decided_by", "vehicle__unit").order_by("-seen_at")[:6]
    return {
        "rows": [_hand_row(row) for row in listed],
        "total": rows.count(),
        "url": passages_url(since, by_hand__exact=1),
    }


def _hand_row(row: Passage) -> dict[str, Any]:
    choices: Any = RefuseReason if row.state == State.REFUSED else OpenReason
    said = choices(row.reason).label if row.reason in choices.values else ""
    return {
        "at": row.seen_at,
        "mark": "deny" if row.outcome == Outcome.DENY else "hand",
        "word": _("Refused") if row.outcome == Outcome.DENY else _("Let through"),
        "plate": row.plate,
        "kind": row.kind,
        "lane": row.lane.name,
        "why": said or sentence(row.code, row.facts),
        "who": str(row.decided_by) if row.decided_by else "",
        "url": reverse("admin:security_passage_change", args=[row.pk]),
    }


def reasons(today: Any, since: datetime) -> dict[str, Any]:
    """Why cars were not let through by themselves, most frequent first."""
    rows = today.exclude(code__in=("opened_by_hand",)).filter(
        Q(outcome__in=(Outcome.DENY, Outcome.ASK, Outcome.FAIL)) | Q(by_hand=True)
    )
    counted = Counter(dict(rows.values_list("code").annotate(Count("pk"))))
    most = max(counted.values(), default=1)
    return {
        "rows": [
            {"name": short(code), "n": n, "url": passages_url(since, code=code)}
            for code, n in counted.most_common(6)
        ],
        "most": most,
        "total": sum(counted.values()),
        "url": passages_url(since),
    }


def short(code: str) -> str:
    """A rule in a few words, for a list of rules; else its sentence."""
    words = {
        "vehicle_not_registered": _("Not registered, not expected"),
        "vehicle_not_registered_leaving": _("Leaving, never seen to enter"),
        "vehicle_barred": _("Barred"),
        "vehicle_expired": _("Right to enter has ended"),
        "vehicle_not_yet_valid": _("Right to enter has not begun"),
        "vehicle_kind_differs": _("Plate does not fit the car"),
        "vehicle_already_inside": _("Already inside"),
        "plate_not_read": _("Plate not read"),
        "plate_unsure": _("Plate read, not surely"),
    }
    return words.get(code) or sentence(code)


def open_alerts(alerts: board.Alerts) -> dict[str, Any]:
    return {"rows": alerts.rows[:4], "total": alerts.total, "url": alerts_url()}


def hours(rows: Any, since: datetime) -> dict[str, Any]:
    """Cars in and out by hour, beside the mean of the same weekday in the weeks before."""
    counted = _by_hour(rows.filter(seen_at__gte=since), "direction")
    usual = _usual(rows, since)
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
            {"hour": f"{h:02}:00", "n": totals[h], "url": hour_url(since, h)}
            for h in range(now + 1)
        ],
        "summary": _("Passages by hour: most at %(hour)s with %(most)s; this hour so far %(now)s")
        % {"hour": totals.index(max(totals)), "most": max(totals), "now": totals[now]},
        "url": passages_url(since),
    }


def hour_url(since: datetime, hour: int) -> str:
    """The passages of one hour of the day."""
    day = timezone.localtime(since).strftime("%Y-%m-%d")
    start, end = f"{hour:02}:00:00", f"{hour:02}:59:59"
    return passages_url(since, seen_at_from_1=start, seen_at_to_0=day, seen_at_to_1=end)


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
