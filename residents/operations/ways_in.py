"""Cards, personal codes, PINs and faces: handed out, replaced, ended."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.models import Unit, User
from residents import rules, ways
from residents.models import FaceErasure, Person, Residency, Visit, WayIn
from residents.operations import spoken
from residents.operations.faces import keeping, standing

Kind, End = WayIn.Kind, WayIn.End


def give_card(person: Person, number: str, *, actor: User | None = None) -> WayIn:
    """Hand a card to a resident; the same card to the same person again changes nothing.

    Raises ValidationError for a number that is none, a card that somebody has, and for a person
    who does not live here.
    """
    plain = ways.plain_card(number)
    if not plain:
        text = _("This is no card number. Hold the card to the reader once more.")
        raise rules.fault("number", "card_invalid", text)
    with events.writing():
        held = _locked(person)
        check_lives_here(held)
        indexes = keyring.blind_indexes(plain, held.compound_id, "card")
        known = WayIn.objects.active().filter(
            compound_id=held.compound_id, kind=Kind.CARD, index__in=indexes
        )
        if (row := known.first()) is not None:
            if row.person_id == held.pk:
                return row
            raise rules.fault("number", "card_taken", _("Somebody has this card. Take another."))
        return issue(held, Kind.CARD, actor, secret=plain, index=_index(held, "card", plain))


def give_personal_code(person: Person, *, actor: User | None = None) -> WayIn:
    """A fresh key for the code on somebody's phone; the key of an older phone ends.

    Raises ValidationError for a person who does not live here.
    """
    with events.writing():
        held = _locked(person)
        check_lives_here(held)
        for old in WayIn.objects.active().filter(person=held, kind=Kind.QR):
            end(old, End.REPLACED, actor)
        return issue(held, Kind.QR, actor, secret=ways.new_key())


def set_pin(person: Person, unit: Unit, pin: str, *, actor: User | None = None) -> WayIn:
    """The PIN that somebody uses with their home's number; an older one ends.

    Raises ValidationError for six digits that are none or too easy, that the home uses already,
    and for a person who does not live there.
    """
    if not ways.is_pin(pin):
        raise rules.fault("pin", "pin_invalid", _("A PIN has six digits."))
    if ways.is_easy(pin):
        text = _("This PIN would be guessed first. Choose one without a pattern.")
        raise rules.fault("pin", "pin_easy", text)
    with events.writing():
        held = _locked(person)
        check_lives_here(held, unit)
        for old in WayIn.objects.active().filter(person=held, unit=unit, kind=Kind.PIN):
            end(old, End.REPLACED, actor)
        index = _index(held, f"pin.{unit.pk}", pin)
        if spoken.is_visitors(unit, pin):
            raise rules.fault("pin", "pin_taken", _("Choose another PIN."))
        try:
            with transaction.atomic():
                return issue(held, Kind.PIN, actor, unit=unit, index=index)
        except IntegrityError as error:
            text = _("Choose another PIN.")
            raise rules.fault("pin", "pin_taken", text) from error


def end_way_in(way: WayIn, reason: str, *, actor: User | None = None) -> WayIn:
    """Nothing opens with it from now on. Said twice, it counts once. Raises ValidationError."""
    if reason not in End.values:
        raise rules.fault("reason", "reason_unknown", _("Say why it ends."))
    with events.writing():
        held: WayIn = WayIn.objects.select_for_update(of=("self",)).get(pk=way.pk)
        if held.ended_at is None:
            end(held, reason, actor)
    return held


def replace_card(way: WayIn, *, number: str, actor: User | None = None) -> WayIn:
    """A lost card ends and the new one counts, both or neither. Raises ValidationError."""
    if way.kind != Kind.CARD:
        raise rules.fault("number", "no_card", _("Only a card can be replaced by a card."))
    with events.writing():
        end_way_in(way, End.LOST, actor=actor)
        return give_card(way.person, number, actor=actor)


def end_ways_of(
    person: Person, *, unit: Unit | None = None, reason: str = End.MOVED_OUT, actor: Any = None
) -> int:
    """End all ways in of a person, or only the PIN of one home; the number ended."""
    with events.writing():
        rows = WayIn.objects.active().filter(person=person).select_for_update(of=("self",))
        found = list(rows.filter(unit=unit) if unit is not None else rows)
        if unit is None:
            standing.end_consents(person, actor)
        for row in sorted(found, key=_faces_first):
            end(row, reason, actor)
    return len(found)


def follow_merge(keep: Person, gone: Person, *, actor: User | None = None) -> None:
    """Cards move to the kept file; codes, PINs and the face of the other end: one of each."""
    with events.writing():
        standing.follow_merge(keep, gone, actor)
        others = WayIn.objects.active().filter(person=gone).exclude(kind=Kind.CARD)
        for row in sorted(others, key=_faces_first):
            end(row, End.REPLACED, actor)
        WayIn.objects.filter(person=gone).update(person=keep)
        FaceErasure.objects.filter(person=gone).update(person=keep)
        Visit.objects.filter(host=gone).update(host=keep)


def _locked(person: Person) -> Person:
    row: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return row


def check_lives_here(person: Person, unit: Unit | None = None) -> None:
    """Raises ValidationError for somebody without a residency today (in this home)."""
    rows = Residency.objects.current(timezone.localdate()).filter(person=person)
    if unit is not None:
        rows = rows.filter(unit=unit)
    if not rows.exists():
        raise rules.fault("person", "lives_elsewhere", _("This person does not live there now."))


def _faces_first(row: WayIn) -> bool:
    """A face that ends with the others need not fall asleep first."""
    return row.kind != Kind.FACE


def _index(person: Person, field: str, value: str) -> str:
    return keyring.blind_index(value, person.compound_id, field)


def issue(person: Person, kind: str, actor: User | None, **fields: Any) -> WayIn:
    """A new row and its event, inside ``events.writing``; a face that slept wakes beside it."""
    hint = fields.get("secret", "")[-4:] if kind == Kind.CARD else ""
    row: WayIn = WayIn.objects.create(
        compound_id=person.compound_id,
        person=person,
        kind=kind,
        hint=hint,
        issued_at=timezone.now(),
        issued_by=actor,
        **fields,
    )
    _record("residents.way_in_given", row, actor)
    if kind != Kind.FACE:
        keeping.wake(row, actor)
    return row


def end(row: WayIn, reason: str, actor: User | None) -> None:
    """Inside ``events.writing``. A face's numbers are erased; without another way it sleeps."""
    if row.kind != Kind.FACE:
        keeping.sleep_if_alone(row, actor)
    row.ended_at, row.end_reason = timezone.now(), reason
    row.secret = ""  # nothing can be made of it any more, by anybody
    row.save(update_fields=["ended_at", "end_reason", "secret"])
    _record("residents.way_in_ended", row, actor, reason=reason)
    if row.kind == Kind.FACE:
        keeping.erase_template(row, actor)


def _record(kind: str, row: WayIn, actor: User | None, **told: Any) -> None:
    events.record(
        kind,
        compound=row.compound_id,
        actor=actor,
        way_in=row.pk,
        means=row.kind,
        person=row.person_id,
        **told,
    )
