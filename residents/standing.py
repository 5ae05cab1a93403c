"""How a registration stands, in plain words: what is, what comes next, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from residents.models import Deadline, Ending, Letting, Person, Registration
from residents.querysets import LIVE

State = Registration.State
OPEN = (State.INVITED, State.DRAFT, State.RETURNED)
#: The mark of each state, and what it means for the person: one sentence what is, one what to do.
PLAIN: dict[str, tuple[str, Any]] = {
    State.INVITED: ("ask", gettext_lazy("You are invited to register. It takes a few minutes.")),
    State.DRAFT: ("ask", gettext_lazy("The form is begun and saved. Fill in the rest.")),
    State.SUBMITTED: ("info", gettext_lazy("The desk is checking it. You need not do anything.")),
    State.RETURNED: ("deny", gettext_lazy("The desk asks you to correct something.")),
    State.ACCEPTED: (
        "info",
        gettext_lazy("The desk has accepted it and reports it to the police station."),
    ),
    State.REPORTED: ("info", gettext_lazy("It is at the police station, which will confirm it.")),
    State.CONFIRMED: ("allow", gettext_lazy("You are registered here.")),
    State.RENEWED: ("allow", gettext_lazy("You are registered here; it was renewed.")),
    State.EXPIRING: ("ask", gettext_lazy("Your registration runs out soon. Renew it if you stay.")),
    State.ENDED: ("off", gettext_lazy("This registration is over.")),
}
#: Which deadlines are the person's own business, and what is due.
MINE: dict[str, Any] = {
    "first_registration": gettext_lazy("Hand in the form"),
    "endorsement": gettext_lazy("Have the residence permit endorsed"),
    "permit": gettext_lazy("Residence permit: possible from"),
    "move_out": gettext_lazy("Day of moving out that you gave"),
}
LETS: dict[str, Any] = {
    "landlord_start": gettext_lazy("Report the letting"),
    "landlord_end": gettext_lazy("Report the end of the letting"),
    "lease_filing": gettext_lazy("File the lease"),
    "lease_end": gettext_lazy("The lease ends"),
}


@dataclass(frozen=True)
class Due:
    """Something with a day. ``left`` says how far away it is."""

    what: Any
    on: date
    days: int

    @property
    def mark(self) -> str:
        return "deny" if self.days < 0 else "due"

    @property
    def left(self) -> str:
        if self.days == 0:
            return _("today")
        count = abs(self.days)
        if self.days < 0:
            text = ngettext("%(count)s day late", "%(count)s days late", count)
        else:
            text = ngettext("%(count)s day left", "%(count)s days left", count)
        return text % {"count": count}


@dataclass
class Standing:
    """A registration with its words and the next thing due."""

    row: Registration
    mark: str
    words: str
    due: Due | None = None

    @property
    def is_open(self) -> bool:
        return self.row.state in OPEN

    @property
    def is_live(self) -> bool:
        return self.row.state in LIVE

    @property
    def may_renew(self) -> bool:
        return self.row.state in (State.CONFIRMED, State.EXPIRING, State.RENEWED)


@dataclass
class Let:
    """A home that somebody lets: who is registered there, what is due."""

    letting: Letting
    tenants: list[Standing] = field(default_factory=list)
    due: Due | None = None


def standing_of(row: Registration, deadlines: Iterable[Deadline] = ()) -> Standing:
    mark, words = PLAIN[row.state]
    return Standing(row, mark, str(words), _next(deadlines, MINE))


def of_person(person: Person) -> list[Standing]:
    """The person's registrations that are under way or in force, the latest first."""
    rows = Registration.objects.filter(person=person).exclude(state=State.ENDED)
    return with_deadlines(list(rows.select_related("unit").order_by("-pk")))


def with_deadlines(rows: list[Registration]) -> list[Standing]:
    open_ = Deadline.objects.filter(registration__in=rows).open().order_by("due_on", "pk")
    found = list(open_)
    return [standing_of(row, [d for d in found if d.registration_id == row.pk]) for row in rows]


def _next(deadlines: Iterable[Deadline], said: dict[str, Any]) -> Due | None:
    today = timezone.localdate()
    for row in deadlines:
        if row.kind in said and (row.opens_on is None or row.opens_on <= today or row.kind in LETS):
            return Due(said[row.kind], row.due_on, (row.due_on - today).days)
    return None


def open_endings(person: Person) -> list[Ending]:
    """What a landlord said of this person, and nobody has confirmed."""
    rows = Ending.objects.filter(person=person).open()
    return list(rows.select_related("registration__unit", "registration"))


def lets_of(person: Person) -> list[Let]:
    """The homes that a landlord lets now, each with the state of who registered there."""
    lettings = list(
        Letting.objects.filter(landlord=person)
        .current()
        .select_related("unit")
        .order_by("unit__code")
    )
    rows = Registration.objects.filter(letting__in=lettings).exclude(state=State.ENDED)
    by_letting: dict[int | None, list[Registration]] = {}
    for row in rows.select_related("unit").order_by("pk"):
        by_letting.setdefault(row.letting_id, []).append(row)
    open_ = list(Deadline.objects.filter(letting__in=lettings).open().order_by("due_on", "pk"))
    return [
        Let(
            letting,
            [standing_of(row) for row in by_letting.get(letting.pk, [])],
            _next([d for d in open_ if d.letting_id == letting.pk], LETS),
        )
        for letting in lettings
    ]
