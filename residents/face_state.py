"""How it stands with somebody's face: what was agreed to, is held, has gone. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from residents import consent_words
from residents.models import (
    Consent,
    ConsentText,
    FaceErasure,
    FacePicture,
    FaceTemplate,
    GalleryHolder,
    Person,
    Residency,
    WayIn,
)
from residents.operations.faces.consents import ADULT_FROM, CHILD_UNDER, age, years_before
from residents.operations.faces.growing import GRACE

ENTRY = ConsentText.Purpose.FACE_ENTRY
PICTURES = ConsentText.Purpose.FACE_PICTURES


@dataclass(frozen=True)
class Ask:
    """One purpose: the text of today, and the consent that stands, perhaps to an older text."""

    purpose: str
    about: Any
    text: ConsentText | None
    consent: Consent | None
    #: The person is 14 or more: a consent that a guardian gave for the child waits for their own.
    is_grown: bool = False

    @property
    def is_newer(self) -> bool:
        """Whether the text has changed since it was agreed to."""
        return bool(self.consent and self.text and self.consent.text_id != self.text.pk)

    @property
    def is_outgrown(self) -> bool:
        """Whether it was agreed to for a child who decides alone by now."""
        return bool(self.consent and self.consent.child and self.is_grown)

    @property
    def ends_at(self) -> datetime | None:
        """When an outgrown consent ends unanswered; None before it was asked for."""
        asked = self.consent.asked_anew_at if self.consent and self.is_outgrown else None
        return asked + GRACE if asked else None

    @property
    def title(self) -> Any:
        return ConsentText.Purpose(self.purpose).label


@dataclass
class FaceState:
    """``age`` is None where the birth date is missing. ``erasures``: the latest first."""

    person: Person
    asks: list[Ask]
    age: int | None
    face: FaceTemplate | None
    others: list[WayIn]
    lives: bool
    pictures: list[FacePicture] = field(default_factory=list)
    erasures: list[FaceErasure] = field(default_factory=list)

    @property
    def entry(self) -> Ask:
        return self.asks[0]

    @property
    def keeping(self) -> Ask:
        return self.asks[1]

    @property
    def is_child(self) -> bool:
        return self.age is not None and self.age < CHILD_UNDER

    @property
    def may_enrol(self) -> bool:
        """Consent stands and there is another way in: the rest the pictures decide."""
        return bool(self.entry.consent and self.others and self.lives)

    @property
    def is_asleep(self) -> bool:
        return bool(self.face and self.face.way.paused_at)


def of(person: Person) -> FaceState:
    """Whatever the pages and the person's own data say of a face."""
    ways = WayIn.objects.active().filter(person=person).select_related("unit").order_by("pk")
    others = [way for way in ways if way.kind != WayIn.Kind.FACE]
    face = FaceTemplate.objects.filter(way__person=person, way__ended_at=None)
    return FaceState(
        person=person,
        asks=_asks(person),
        age=age(person.birth_date) if person.birth_date else None,
        face=face.select_related("way").first(),
        others=others,
        lives=_living().filter(person=person).exists(),
        pictures=list(FacePicture.objects.filter(way__person=person)),
        erasures=list(FaceErasure.objects.filter(person=person)[:3]),
    )


def _asks(person: Person) -> list[Ask]:
    texts: dict[str, ConsentText] = {}
    for row in ConsentText.objects.filter(compound=person.compound_id).order_by("version"):
        texts[row.purpose] = row
    standing = Consent.objects.standing().filter(person=person).select_related("text", "guardian")
    given = {row.purpose: row for row in standing}
    grown = person.birth_date is not None and age(person.birth_date) >= CHILD_UNDER
    return [
        Ask(code, consent_words.ABOUT[code], texts.get(code), given.get(code), grown)
        for code in consent_words.ORDER
    ]


def wards_of(person: Person) -> list[Person]:
    """Children under 14 of the person's own household, for whom a grown-up decides."""
    today = timezone.localdate()
    if person.birth_date is None or age(person.birth_date, today) < ADULT_FROM:
        return []
    born_after = years_before(today, CHILD_UNDER)
    mine = _living().filter(person=person).exclude(household=None)
    same = _living().filter(household__in=mine.values("household"))
    rows = Person.objects.whole().filter(pk__in=same.values("person"), birth_date__gt=born_after)
    return list(rows.filter(compound=person.compound_id).exclude(pk=person.pk).order_by("pk"))


def grown_ups_of(person: Person) -> list[Person]:
    """Who may consent for a child at the desk: adults of the homes where the child lives."""
    born_by = years_before(timezone.localdate(), ADULT_FROM)
    homes = _living().filter(person=person).values("unit")
    same = _living().filter(unit__in=homes).values("person")
    rows = Person.objects.whole().filter(pk__in=same, birth_date__lte=born_by)
    return list(rows.exclude(pk=person.pk).order_by("pk"))


def _living() -> Any:
    return Residency.objects.current(timezone.localdate())


@dataclass(frozen=True)
class Copy:
    """A worker or device and whether it has confirmed that this face is gone."""

    holder: GalleryHolder
    confirmed: bool


def copies(erasure: FaceErasure) -> list[Copy]:
    """Everybody who had a copy, who has not confirmed first; the retired confirmed by leaving."""
    rows = GalleryHolder.objects.filter(compound_id=erasure.compound_id).order_by("name")
    found = [
        Copy(row, row.version >= erasure.version)
        for row in rows
        if row.retired_at is None or row.retired_at >= erasure.erased_at
    ]
    found = [Copy(one.holder, one.confirmed or bool(one.holder.retired_at)) for one in found]
    return sorted(found, key=lambda one: one.confirmed)
