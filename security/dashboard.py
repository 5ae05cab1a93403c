"""The manager's figures of the gates: today, each number with the list behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.dashboard import Panel, Part, Stat
from community.models import Lane
from community.verdicts import sentence
from security import alert_board, failed, hours
from security.models import GUARDS, Alert, Passage
from security.passage_lists import ACTED, BY_PERSON, HELD, PERSON, kept
from security.reasons import OpenReason, RefuseReason
from security.setup import card

Outcome, State = Passage.Outcome, Passage.State


def part(request: Any) -> Part:
    """Figures, chart, reasons and alerts, for whoever watches the gates."""
    compound, user = request.compound, request.user
    setup = card.panels(request)
    if not user.roles_in(compound) & GUARDS:
        return Part(panels=setup)
    rows = kept(Passage.objects.visible_to(user).of(compound), ACTED)
    since = failed.day_start(compound)
    day = Day(compound, since, rows.filter(seen_at__gte=since))
    alerts, count = alert_board.strip(user, compound), _counts(day.rows)
    return Part(
        stats=stats(day, count, alerts),
        panels=[
            *setup,
            Panel("office/by_hand.html", by_hand(day, count["person"]), wide=True),
            Panel("office/hours.html", hours.chart(rows, day), wide=True),
            Panel("office/reasons.html", reasons(day), order=2),
            Panel("office/alerts.html", open_alerts(day, user, alerts)),
        ],
    )


def badges(request: Any) -> dict[str, Any]:
    """Open alerts, for the sidebar to count."""
    rows = Alert.objects.visible_to(request.user).of(request.compound)
    return {"security.alert": rows.filter(closed_at=None)}


@dataclass(frozen=True)
class Day:
    """The passages of today in one compound, and how to reach their lists."""

    compound: Any
    since: datetime
    rows: Any

    def url(self, **filters: Any) -> str:
        """The list that shows exactly the passages counted here, narrowed by ``filters``."""
        day = timezone.localtime(self.since).strftime("%Y-%m-%d")
        query = {"seen_at_from_0": day, "seen_at_from_1": "00:00:00", "kept": ACTED} | filters
        return f"{reverse('admin:security_passage_changelist')}?{self.query(query)}"

    def hour_url(self, hour: int) -> str:
        """The passages of one hour of the day."""
        day = timezone.localtime(self.since).strftime("%Y-%m-%d")
        start, end = f"{hour:02}:00:00", f"{hour:02}:59:59"
        return self.url(seen_at_from_1=start, seen_at_to_0=day, seen_at_to_1=end)

    def alerts_url(self) -> str:
        url = reverse("admin:security_alert_changelist")
        return f"{url}?{self.query({'closed_at__isempty': 1})}"

    def query(self, filters: dict[str, Any]) -> str:
        return urlencode({"compound__id__exact": self.compound.pk} | filters)


def stats(day: Day, count: dict[str, int], alerts: alert_board.Strip) -> list[Stat]:
    return [
        _all_stat(count, day),
        _refused_stat(count, day),
        Stat(
            _("Not read"),
            count["failed"],
            pgettext("unit", "cars"),
            _("each kept with its picture"),
            day.url(code="plate_not_read"),
        ),
        Stat(
            _("Opened by hand"),
            count["hand"],
            pgettext("unit", "cars"),
            _("each with a reason"),
            day.url(by_hand__exact=1, outcome__exact=Outcome.ALLOW.value),
        ),
        _waiting_stat(count),
        _alert_stat(day, alerts),
    ]


def _counts(today: Any) -> dict[str, int]:
    counted: dict[str, int] = today.aggregate(
        all=Count("pk"),
        entry=Count("pk", filter=Q(direction=Lane.Direction.ENTRY)),
        denied=Count("pk", filter=Q(outcome=Outcome.DENY)),
        failed=Count("pk", filter=Q(code="plate_not_read")),
        hand=Count("pk", filter=Q(by_hand=True, outcome=Outcome.ALLOW)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        person=Count("pk", filter=BY_PERSON),
    )
    return counted


def _all_stat(count: dict[str, int], day: Day) -> Stat:
    ways = _("in %(entry)s, out %(exit)s") % {
        "entry": f"{count['entry']:,}",
        "exit": f"{count['all'] - count['entry']:,}",
    }
    unit = pgettext("unit", "passages")
    return Stat(_("Passages today"), count["all"], unit, ways, day.url())


def _refused_stat(count: dict[str, int], day: Day) -> Stat:
    share = 100 * count["denied"] / count["all"] if count["all"] else 0
    return Stat(
        _("Refused"),
        count["denied"],
        pgettext("unit", "cars"),
        _("%(share).1f%% of all") % {"share": share},
        day.url(outcome__exact=Outcome.DENY.value),
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


def _alert_stat(day: Day, alerts: alert_board.Strip) -> Stat:
    worst = alerts.counts[0]["mark"] if alerts.counts else ""
    words = " · ".join(f"{count['name']} {count['n']}" for count in alerts.counts)
    return Stat(
        _("Open alerts"),
        alerts.total,
        pgettext("unit", "alerts"),
        words or _("nothing is open"),
        day.alerts_url(),
        worst if worst in ("sev1", "sev2") else "",
    )


def by_hand(day: Day, total: int) -> dict[str, Any]:
    """The last passages that needed a person."""
    rows = kept(day.rows, PERSON)
    listed = rows.select_related("lane", "decided_by", "vehicle__unit").order_by("-seen_at")[:6]
    return {
        "rows": [_hand_row(row) for row in listed],
        "total": total,
        "url": day.url(kept=PERSON),
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


def reasons(day: Day) -> dict[str, Any]:
    """Why cars were not let through by themselves, most frequent first."""
    rows = kept(day.rows, HELD)
    counted = Counter(dict(rows.values_list("code").annotate(Count("pk"))))
    most = max(counted.values(), default=1)
    return {
        "rows": [
            {"name": short(code), "n": n, "url": day.url(kept=HELD, code=code)}
            for code, n in counted.most_common(6)
        ],
        "most": most,
        "total": sum(counted.values()),
        "url": day.url(kept=HELD),
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
        "area_full": _("Car park full for visitors"),
        "area_full_refused": _("Car park full for visitors"),
        "home_places_taken": _("The home's places are taken"),
        "home_places_taken_refused": _("The home's places are taken"),
        "plate_kept_out": _("On the list of plates kept out"),
        "plate_let_in": _("On the list of plates let in"),
        "stay_kind_differs": _("Another kind of plate than at the entry"),
        "plate_not_read": _("Plate not read"),
        "plate_unsure": _("Plate read, not surely"),
    }
    return words.get(code) or sentence(code)


def open_alerts(day: Day, user: Any, alerts: alert_board.Strip) -> dict[str, Any]:
    rows = alert_board.most_urgent(user, day.compound, 4)
    return {"rows": rows, "total": alerts.total, "url": day.alerts_url()}
