"""What the guard's page shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Compound, Device, Lane, LedgerHead
from community.verdicts import sentence
from parking.models import Stay
from security import alike, card_debts, card_pay, face_words
from security.alike import Alike, View
from security.card_call import CardCall, of_card
from security.card_pay import CardPay
from security.guesses import Guess, Looks
from security.models import Passage, WatchHit
from security.words import about_person, about_plate, describe_picture, who_on_foot


@dataclass(frozen=True)
class Decision:
    """The card: one passage that waits for a guard, and all that is known of it."""

    passage: Passage
    mark: str
    title: str
    picture_url: str
    picture_alt: str
    box: list[int] | None
    width: int
    height: int
    sure: str
    about: str
    why: str
    open_word: str
    unsure: tuple[int, ...]
    likeliest: list[Guess] = field(default_factory=list)
    read_as: str = ""
    #: Whoever stands at a door on foot; empty for cars.
    who: str = ""
    #: How a face was recognised, in words; empty for everything else.
    face: str = ""
    notes: list[WatchHit] = field(default_factory=list)
    #: The bell to a home; None where somebody leaves.
    call: CardCall | None = None
    #: Where money is due at an exit.
    pay: CardPay | None = None
    #: What this car, or this ticket's phone, owes from before.
    debts: list[card_debts.CardDebt] = field(default_factory=list)
    #: Cars inside that an exit in doubt may be.
    alike: list[Alike] = field(default_factory=list)
    #: Its plate alone, beside theirs.
    plate_view: View | None = None

    @property
    def entering(self) -> bool:
        return self.passage.direction == Lane.Direction.ENTRY

    @property
    def ticketed(self) -> bool:
        """A car without a plate: it is given a ticket, or shows one."""
        return not (self.passage.plate or self.passage.way or self.pay)

    @property
    def to_compare(self) -> bool:
        """Whether the guard still has to say if it is what the manager's note means."""
        return any(not hit.answer for hit in self.notes)


@dataclass(frozen=True)
class Waiting:
    """One line of what comes next."""

    pk: int
    outcome: str
    outcome_label: str
    plate: str
    kind: str
    lane_name: str
    seen_at: datetime
    who: str = ""


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    mark: str = ""
    word: str = ""


def high_water(compound: Compound) -> int:
    """The last number of the ledger. Read before the rows, so that none can fall between."""
    return LedgerHead.objects.filter(pk=compound.pk).values_list("last", flat=True).first() or 0


def waiting(standing: list[Passage]) -> list[Passage]:
    """Cars that a guard must decide about, the one that waits longest first."""
    rows = [row for row in standing if row.state == Passage.State.WAITING]
    return sorted(rows, key=lambda row: (row.seen_at, row.pk))


def decision(passage: Passage, looks: Looks) -> Decision:
    reading = looks.readings.get(passage.pk)
    picture = passage.picture if passage.picture and not passage.picture.erased_at else None
    who = who_on_foot(passage)
    inside = alike.inside_like(passage, looks)
    return Decision(
        passage=passage,
        mark="fail" if passage.outcome == Passage.Outcome.FAIL else "ask",
        title=_("Your call · %(lane)s") % {"lane": passage.lane.name},
        picture_url=reverse("guard-picture", args=[picture.pk]) if picture else "",
        picture_alt=describe_picture(passage),
        box=_box(passage, reading) if picture else None,
        width=picture.width if picture else 16,
        height=picture.height if picture else 9,
        sure=_sure(passage, reading) if passage.plate else "",
        about=about_person(passage) if who else about_plate(passage),
        why=_why(passage),
        open_word=_open_word(passage),
        unsure=unsure_places(reading),
        likeliest=alike.others(looks.likeliest.get(passage.pk, []), inside),
        read_as=passage.read_as,
        who=who,
        face=face_words.of_passage(passage),
        notes=_notes(passage),
        call=of_card(passage),
        pay=card_pay.of_card(passage),
        debts=card_debts.of_card(passage),
        alike=inside,
        plate_view=alike.plate_view(passage, reading) if inside else None,
    )


def _sure(passage: Passage, reading: Any) -> str:
    sure = [_("Sure %(percent)s%%") % {"percent": round(100 * passage.confidence)}]
    if reading:
        sure.append(
            ngettext("%(n)s frame", "%(n)s frames agree", reading.frames) % {"n": reading.frames}
        )
    return " · ".join(sure)


def _box(passage: Passage, reading: Any) -> list[int] | None:
    """Where the plate or the face is in the picture."""
    if reading:
        found: list[int] | None = reading.box
        return found
    box = (passage.facts.get("face") or {}).get("box")
    return list(box) if isinstance(box, list) and len(box) == 4 else None


def _why(passage: Passage) -> str:
    """The rule, and what would have been decided without the manager's note."""
    said = sentence(passage.code, passage.facts)
    decided = passage.facts.get("decided") if "watch" in passage.facts else None
    return f"{said} {sentence(decided, passage.facts)}" if decided else said


def _notes(passage: Passage) -> list[WatchHit]:
    if "watch" not in passage.facts:
        return []
    rows = WatchHit.objects.filter(passage=passage)
    return list(rows.select_related("entry__entered_by", "answered_by").order_by("pk"))


def _open_word(passage: Passage) -> str:
    if passage.way:
        return _("Open the door")
    leaving = passage.direction == Lane.Direction.EXIT
    return _("Open, let it out") if leaving else _("Open the barrier")


def unsure_places(reading: Any) -> tuple[int, ...]:
    """Places of the plate whose character the reader itself was not sure of."""
    shares = reading.characters if reading else []
    return tuple(place for place, share in enumerate(shares) if share < 0.8)


def queue(rows: list[Passage]) -> list[Waiting]:
    return [
        Waiting(
            row.pk,
            "fail" if row.outcome == Passage.Outcome.FAIL else "ask",
            _("Not read") if row.outcome == Passage.Outcome.FAIL else _("Your call"),
            row.plate,
            row.kind,
            row.lane.name,
            row.seen_at,
            who_on_foot(row),
        )
        for row in rows
    ]


def summary(compound: Compound) -> tuple[int, list[Figure]]:
    """The ledger's last number; and which devices answer, by kind, with the cars inside.

    Read before all else, so that no line of the ledger can fall between it and the rows.
    """
    heads = LedgerHead.objects.filter(pk=compound.pk).values("last")
    stays = Stay.objects.of(compound).whole().filter(left_at=None).order_by().values("compound_id")
    inside = Subquery(stays.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = list(
        Compound.objects.filter(pk=compound.pk, devices__is_active=True)
        .values("devices__kind")
        .annotate(
            total=Count("devices"),
            up=Count("devices", filter=Q(devices__health=Device.Health.ONLINE)),
            high=Subquery(heads),
            inside=Coalesce(inside, 0),
        )
        .order_by("devices__kind")
    )
    high, cars = (rows[0]["high"] or 0, rows[0]["inside"]) if rows else _without_devices(compound)
    figures = [_answering(row["devices__kind"], row["up"], row["total"]) for row in rows]
    return high, [*figures, Figure(_("Cars inside"), f"{cars:,}")]


def _without_devices(compound: Compound) -> tuple[int, int]:
    return high_water(compound), Stay.objects.of(compound).whole().filter(left_at=None).count()


def _answering(kind: str, up: int, total: int) -> Figure:
    return Figure(
        str(Device.Kind(kind).label),
        f"{up} / {total}",
        "allow" if up == total else "off",
        _("all answer") if up == total else _("some do not answer"),
    )
