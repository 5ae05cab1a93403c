"""Alerts as the guard sees them: the most urgent one, and the list in pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Compound, User
from security import alerts as alert_verbs
from security.models import Alert

PER_PAGE = 20
State, Severity = Alert.State, Alert.Severity
WITH = ("device", "lane", "taken_by", "assigned_to", "closed_by")
#: The list's filters, in the order of their buttons.
FILTERS = {
    "open": gettext_lazy("Not closed"),
    "new": gettext_lazy("Taken by nobody"),
    "mine": gettext_lazy("Mine"),
    "closed": gettext_lazy("Closed"),
}


@dataclass(frozen=True)
class AlertRow:
    pk: int
    mark: str
    severity: str
    urgent: bool
    text: str
    raised_at: datetime
    stands: str
    state: str
    next: frozenset[str] = field(default_factory=frozenset)

    @property
    def free(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.state == State.OPEN


@dataclass(frozen=True)
class Strip:
    """The most urgent open alert, one that nobody has taken before all others; and the counts."""

    first: AlertRow | None
    total: int
    counts: list[dict[str, Any]]


def not_closed(user: User, compound: Compound) -> Any:
    return Alert.objects.visible_to(user).of(compound).exclude(state=State.CLOSED)


def strip(user: User, compound: Compound) -> Strip:
    """One question, however many alerts are open."""
    rows = not_closed(user, compound)
    urgent = rows.order_by("severity", "raised_at").values("pk")
    first = Coalesce(
        Subquery(urgent.filter(state=State.OPEN)[:1]),
        Subquery(urgent[:1]),
        output_field=IntegerField(),
    )
    counts = {f"n{level}": _number(rows.filter(severity=level)) for level in Severity.values}
    found = Alert.objects.filter(pk=first).annotate(**counts).select_related(*WITH).first()
    if found is None:
        return Strip(None, 0, [])
    counted = {level: getattr(found, f"n{level}") for level in Severity.values}
    return Strip(
        alert_row(found),
        sum(counted.values()),
        [
            {"mark": f"sev{level}", "name": Severity(level).label, "n": n, "level": level}
            for level, n in counted.items()
            if n
        ],
    )


def most_urgent(user: User, compound: Compound, limit: int) -> list[AlertRow]:
    rows = not_closed(user, compound).order_by("severity", "raised_at").select_related(*WITH)
    return [alert_row(row) for row in rows[:limit]]


def _number(rows: Any) -> Any:
    counted = rows.order_by().values("compound_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def page(
    user: User, compound: Compound, *, show: str, severity: int, number: int
) -> tuple[Page[Any], list[AlertRow]]:
    """One page of alerts: most urgent first, closed ones newest first."""
    rows = Alert.objects.visible_to(user).of(compound)
    if show == "closed":
        rows = rows.filter(state=State.CLOSED).order_by("-raised_at", "-pk")
    else:
        rows = rows.exclude(state=State.CLOSED).order_by("severity", "raised_at", "pk")
    if show == "new":
        rows = rows.filter(state=State.OPEN)
    if show == "mine":
        rows = rows.filter(Q(assigned_to=user) | Q(assigned_to=None, taken_by=user))
    if severity in Severity.values:
        rows = rows.filter(severity=severity)
    found = Paginator(rows.select_related(*WITH), PER_PAGE).get_page(number or 1)
    return found, [alert_row(row) for row in found]


def alert_row(row: Alert) -> AlertRow:
    return AlertRow(
        pk=row.pk,
        mark=f"sev{row.severity}",
        severity=str(row.get_severity_display()),
        urgent=row.severity == Severity.URGENT,
        text=alert_verbs.said(row),
        raised_at=row.raised_at,
        stands=stands(row),
        state=row.state,
        next=Alert.STEPS[row.state],
    )


def stands(row: Alert) -> str:
    """Who has it, or how it ended."""
    if row.state == State.CLOSED:
        ended = str(row.get_ending_display())
        return f"{ended} · {row.closed_by}" if row.closed_by else ended
    if row.state == State.ASSIGNED:
        return _("given to %(who)s") % {"who": row.assigned_to}
    if row.state == State.ACKNOWLEDGED:
        return _("%(who)s is on it") % {"who": row.taken_by}
    return _("Nobody has taken it yet")
