"""How a parcel stands, in words, for its recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.prepared import Prepared
from parcels import operations, words
from parcels.models import Kind, Parcel, ParcelStep
from parcels.search import MARKS, place_of

#: What comes next for a parcel in its locker.
AHEAD = {
    "remind": _("Reminded once"),
    "ask": _("You are asked what to do"),
    "desk": _("To the desk, still free of charge"),
}


_steps = Prepared(
    lambda parcel: ParcelStep.objects.filter(parcel=parcel).order_by("-pk")
    .values_list("what", "at")[:60],
    parcel=int,
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A parcel with what its recipient may do: fetch, name somebody, ask for a day more."""

    row: Parcel

    @property
    def mark(self) -> str:
        if self.row.doubt and self.row.is_live:
            return "ask"
        return "allow" if self.row.state == Parcel.State.STORED else MARKS[self.row.state]

    @property
    def word(self) -> Any:
        if self.row.state == Parcel.State.STORED:
            return _("Kept free of charge")
        return self.row.get_state_display()

    @property
    def place(self) -> str:
        return place_of(self.row)

    @property
    def code(self) -> str:
        """In threes, as people read it out."""
        return f"{self.row.code[:3]} {self.row.code[3:]}" if self.row.code else ""

    @property
    def may_open(self) -> bool:
        return self.row.state == Parcel.State.STORED and bool(self.row.keep_until)

    @property
    def keeps(self) -> bool:
        """Whether it is kept until a day: in its locker, or at the desk."""
        kept = self.row.state in (Parcel.State.STORED, Parcel.State.DESK)
        return kept and not self.is_going and bool(self.row.keep_until)

    @property
    def goes_back(self) -> bool:
        return self.row.rung == Parcel.Rung.TO_CARRIER

    @property
    def is_going(self) -> bool:
        return self.row.kind == Kind.OUTGOING

    @property
    def column(self) -> int:
        """In which column from the left its compartment stands; 0 where nobody has said how."""
        place = self.row.compartment
        if place is None or not place.bank.rows:
            return 0
        before: int = place.bank.compartments.filter(number__lt=place.number).count()
        return before // place.bank.rows + 1

    @property
    def stayed_shut(self) -> bool:
        """Told to open for its recipient, its door did not."""
        return self.may_open and bool(self._steps) and self._steps[-1][0] == "not_opened"

    @property
    def past(self) -> list[tuple[str, datetime]]:
        return [(words.step(what), at) for what, at in self._steps]

    @cached_property
    def _steps(self) -> list[tuple[str, datetime]]:
        """The last ones, the oldest first."""
        return _steps(parcel=self.row.pk)[::-1]

    @property
    def ahead(self) -> list[tuple[Any, datetime]]:
        return [(AHEAD[what], at) for what, at in operations.steps_ahead(self.row)]


def whole(rows: Any) -> Any:
    """Parcels with what a list shows of them, in one question."""
    return rows.select_related("carrier", "compartment__bank", "shelf")
