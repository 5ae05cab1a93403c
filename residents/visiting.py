"""How visits stand, in words, for those who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Unit
from residents import household
from residents.models import Letting, Person, Visit, VisitStay
from residents.operations.visit_rules import OVERSTAY, opens_from

#: state: (mark, word)
STATES: dict[str, tuple[str, Any]] = {
    "inside": ("allow", _("Inside")),
    "late": ("ask", _("Still inside")),
    "revoked": ("off", _("Taken back")),
    "over": ("off", _("Over")),
    "used_up": ("off", _("Has been here")),
    "early": ("due", _("Expected later")),
    "valid": ("allow", _("May come in")),
}
LIVE = frozenset({"inside", "late", "early", "valid"})


@dataclass(frozen=True)
class Shown:
    """A visit with its state now; ``stays`` are its comings and goings, newest first."""

    row: Visit
    state: str
    stays: list[VisitStay]

    @property
    def mark(self) -> str:
        return STATES[self.state][0]

    @property
    def word(self) -> Any:
        return STATES[self.state][1]

    @property
    def may_be_revoked(self) -> bool:
        return self.row.revoked_at is None and self.row.ends_at > timezone.now()

    @property
    def is_usable(self) -> bool:
        """Whether its code and link still lead somewhere."""
        return self.may_be_revoked and self.state != "used_up"

    @property
    def left(self) -> int | None:
        most = self.row.most_entries
        return None if most is None else most - self.row.entries

    @property
    def since(self) -> datetime | None:
        return next((stay.entered_at for stay in self.stays if stay.left_at is None), None)

    @property
    def gone(self) -> datetime | None:
        return next((stay.left_at for stay in self.stays if stay.left_at is not None), None)


def whole(rows: Any) -> Any:
    """Visits with all that a list shows of them, in a fixed number of questions."""
    stays = models.Prefetch("stays", VisitStay.objects.order_by("-entered_at", "-pk"))
    return rows.select_related("unit", "host").prefetch_related("cars", stays)


def shown(rows: Iterable[Visit]) -> list[Shown]:
    return [show(row) for row in rows]


def show(row: Visit) -> Shown:
    stays = list(row.stays.all())
    return Shown(row, _state(row, stays, timezone.now()), stays)


def _state(row: Visit, stays: list[VisitStay], now: datetime) -> str:
    if any(stay.left_at is None for stay in stays):
        return "late" if now >= row.ends_at + OVERSTAY else "inside"
    if row.revoked_at is not None:
        return "revoked"
    if row.most_entries is not None and row.entries >= row.most_entries:
        return "used_up"
    if now >= row.ends_at:
        return "over"
    return "early" if now < opens_from(row) else "valid"


def homes_of(person: Person) -> list[Unit]:
    """The homes that somebody may invite to: where they live, and not those that they let."""
    let = Letting.objects.filter(landlord=person).current().values_list("unit_id", flat=True)
    gone = set(let)
    return [unit for unit in household.homes_of(person) if unit.pk not in gone]
