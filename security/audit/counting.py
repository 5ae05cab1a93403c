"""Waiting and refusals by way in and gate, and whether one way is worse than the others.

The law asks that nobody is worse off without a face; the same holds for every way here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, Sum, When

from community.models import Compound, Gate, User
from security.models import Passage

Outcome, State = Passage.Outcome, Passage.State
GUARD = "guard"
#: Shown also where nobody used them; others (a face, later) when they are used.
WAYS = ("card", "qr", "pin", "pass", GUARD)
#: Fewer than this say nothing.
ENOUGH = 30
#: How much worse a share of refusals must be (points), and how sure we must be of it (99 %).
WORSE_SHARE, SURE = 0.03, 2.58
#: How much longer a way must take, in seconds and as a multiple.
WORSE_WAIT, WORSE_TIMES = 2.0, 1.5
#: Waiting longer than this is long.
LONG = timedelta(seconds=5)


@dataclass
class Tally:
    """``waited``: seconds from showing until the door was told to open, of those let in."""

    shown: int = 0
    refused: int = 0
    asked: int = 0
    opened: int = 0
    waited: float = 0.0
    long: int = 0

    def add(self, other: Tally) -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def refusals(self) -> float | None:
        return self.refused / self.shown if self.shown else None

    @property
    def wait(self) -> float | None:
        """Mean seconds."""
        return self.waited / self.opened if self.opened else None


@dataclass(frozen=True)
class Line:
    """One way in at one gate (``gate`` empty: at all of them), compared with the other ways."""

    way: str
    gate: str
    tally: Tally
    more_refused: bool
    slower: bool

    @property
    def enough(self) -> bool:
        return self.tally.shown >= ENOUGH

    @property
    def worse(self) -> bool:
        return self.more_refused or self.slower


def count(
    user: User, compound: Compound, *, since: datetime, until: datetime, gate: int = 0
) -> list[Line]:
    """Lines for all gates together, then for each gate; one question."""
    cells = _cells(user, compound, since, until, gate)
    total: dict[str, Tally] = {way: Tally() for way in WAYS}
    by_gate: dict[str, dict[str, Tally]] = defaultdict(dict)
    for (way, name), tally in cells.items():
        total.setdefault(way, Tally()).add(tally)
        by_gate[name][way] = tally
    lines = list(compared("", total))
    for name in sorted(by_gate):
        lines += compared(name, by_gate[name])
    return lines


def compared(gate: str, tallies: dict[str, Tally]) -> Iterable[Line]:
    """Each way against all others together. The guard's own openings are no rival to compare."""
    for way, tally in tallies.items():
        rest = Tally()
        for other, its in tallies.items():
            if other not in (way, GUARD):
                rest.add(its)
        yield Line(way, gate, tally, _more_refused(tally, rest), _slower(tally, rest))


def _more_refused(own: Tally, rest: Tally) -> bool:
    """By so much that it is hardly chance: two shares compared."""
    if own.shown < ENOUGH or rest.shown < ENOUGH:
        return False
    mine, theirs = own.refused / own.shown, rest.refused / rest.shown
    whole = (own.refused + rest.refused) / (own.shown + rest.shown)
    spread = sqrt(whole * (1 - whole) * (1 / own.shown + 1 / rest.shown))
    return mine - theirs > WORSE_SHARE and spread > 0 and (mine - theirs) / spread > SURE


def _slower(own: Tally, rest: Tally) -> bool:
    if own.opened < ENOUGH or rest.opened < ENOUGH:
        return False
    mine, theirs = own.waited / own.opened, rest.waited / rest.opened
    return mine > theirs + WORSE_WAIT and mine > theirs * WORSE_TIMES


def _cells(
    user: User, compound: Compound, since: datetime, until: datetime, gate: int
) -> dict[tuple[str, str], Tally]:
    rows = Passage.objects.visible_to(user).of(compound)
    rows = rows.filter(lane__gate__kind=Gate.Kind.PEDESTRIAN, seen_at__gte=since, seen_at__lt=until)
    if gate:
        rows = rows.filter(lane__gate=gate)
    waited = ExpressionWrapper(F("decided_at") - F("seen_at"), DurationField())
    opened = Q(outcome=Outcome.ALLOW)
    counted = (
        rows.order_by()
        .annotate(took=waited)
        .values("way", "lane__gate__name")
        .annotate(
            shown=Count("pk"),
            refused=Count("pk", filter=Q(outcome=Outcome.DENY) | Q(state=State.GONE)),
            asked=Count("pk", filter=Q(by_hand=True) | Q(outcome=Outcome.ASK)),
            opened=Count("pk", filter=opened),
            waited=Sum(Case(When(opened, then=F("took")), output_field=DurationField())),
            long=Count("pk", filter=opened & Q(took__gt=LONG)),
        )
    )
    return {(row["way"] or GUARD, row["lane__gate__name"]): _tally(row) for row in counted}


def _tally(row: dict[str, Any]) -> Tally:
    waited = row["waited"].total_seconds() if row["waited"] else 0.0
    counts = {name: row[name] for name in ("shown", "refused", "asked", "opened", "long")}
    return Tally(**counts, waited=waited)
