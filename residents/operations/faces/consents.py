"""Consent to what is done with a face: given to a text that was read, withdrawn at any moment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from residents import consent_words, rules
from residents.models import Consent, ConsentText, Person, Residency, WayIn
from residents.operations.faces import pictures
from residents.operations.faces.standing import end, record
from residents.operations.ways_in import end_way_in

Purpose = ConsentText.Purpose
#: Below it a guardian consents (Personal Information Protection Law, article 31).
CHILD_UNDER, ADULT_FROM = 14, 18


def publish_consent_text(
    compound: Compound, purpose: str, *, chinese: str, english: str = "", actor: User | None = None
) -> ConsentText:
    """A new version of the text for one purpose; the same words again change nothing.

    Who consented to an older version keeps that consent; the new one is asked from then on.
    Raises ValidationError.
    """
    if purpose not in Purpose.values:
        raise rules.fault("purpose", "purpose_unknown", _("Choose a purpose."))
    if not chinese.strip():
        raise rules.fault("chinese", "text_missing", _("Write the text in Chinese."))
    with events.writing():
        Compound.objects.select_for_update().get(pk=compound.pk)
        last = ConsentText.objects.current(compound.pk, purpose)
        words = (chinese.strip(), english.strip())
        if last is not None and (last.chinese, last.english) == words:
            return last
        row: ConsentText = ConsentText.objects.create(
            compound=compound,
            purpose=purpose,
            version=(last.version if last else 0) + 1,
            chinese=words[0],
            english=words[1],
            published_at=timezone.now(),
            published_by=actor,
        )
        told: dict[str, Any] = {"text": row.pk, "purpose": purpose, "version": row.version}
        events.record("residents.consent_text_published", compound=compound, actor=actor, **told)
    return row


def publish_proposed_texts(compound: Compound, *, actor: User | None = None) -> list[ConsentText]:
    """The proposed text of each purpose that has none yet; what is published stays as it is."""
    rows = []
    for purpose, text in consent_words.PROPOSED.items():
        if ConsentText.objects.current(compound.pk, purpose) is None:
            with translation.override("zh-hans"):
                chinese = str(text)
            with translation.override("en"):
                english = str(text)
            given: dict[str, Any] = {"chinese": chinese, "english": english, "actor": actor}
            rows.append(publish_consent_text(compound, purpose, **given))
    return rows


def give_consent(
    person: Person,
    text: ConsentText,
    *,
    way: str,
    guardian: Person | None = None,
    actor: User | None = None,
) -> Consent:
    """Consent of somebody who lives here to the text they were shown; given twice, it counts once.

    Raises ValidationError: a text that is not the current one, a child under 14 without a guardian,
    somebody whose age nobody knows.
    """
    if way not in Consent.Way.values:
        raise rules.fault("way", "way_unknown", _("Say how the consent was given."))
    with events.writing():
        held: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        _check_text(held, text)
        child = _is_child(held)
        if child:
            _check_guardian(held, guardian)
        standing = Consent.objects.standing().filter(person=held, purpose=text.purpose).first()
        if standing is not None and (standing.text_id, standing.child) == (text.pk, child):
            return standing
        if standing is not None:
            end(standing, "residents.consent_replaced", actor)
        row: Consent = Consent.objects.create(
            compound_id=held.compound_id,
            person=held,
            text=text,
            purpose=text.purpose,
            way=way,
            child=child,
            guardian=guardian if child else None,
            given_at=timezone.now(),
            given_by=actor,
        )
        record("residents.consent_given", row, actor)
    return row


def withdraw_consent(
    consent: Consent, *, actor: User | None = None, kind: str = "residents.consent_withdrawn"
) -> Consent:
    """It counts no more, from this moment. Without consent to entry the template is erased, and
    with it the pictures that were kept. ``kind`` is the event that says why it ends."""
    with events.writing():
        Person.objects.select_for_update(of=("self",)).get(pk=consent.person_id)
        held: Consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if held.withdrawn_at is not None:
            return held
        end(held, kind, actor)
        if held.purpose == Purpose.FACE_ENTRY:
            faces = WayIn.objects.active().filter(person_id=held.person_id, kind=WayIn.Kind.FACE)
            for face in faces:
                end_way_in(face, WayIn.End.WITHDRAWN, actor=actor)
        if held.purpose == Purpose.FACE_PICTURES:
            pictures.erase_of(held.person_id, actor)
    return held


def _check_text(person: Person, text: ConsentText) -> None:
    current = ConsentText.objects.current(person.compound_id, text.purpose)
    if current is None or current.pk != text.pk:
        words = _("This text has changed. Read the new one and decide again.")
        raise rules.fault("text", "text_changed", words)
    if not Residency.objects.current(timezone.localdate()).filter(person=person).exists():
        raise rules.fault("person", "lives_elsewhere", _("This person does not live here now."))


def _is_child(person: Person) -> bool:
    if person.birth_date is None:
        words = _("The birth date is missing, so nobody knows who has to consent. Add it first.")
        raise rules.fault("person", "birth_date_missing", words)
    return age(person.birth_date) < CHILD_UNDER


def age(born: date, today: date | None = None) -> int:
    """Full years."""
    day = today or timezone.localdate()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def years_before(day: date, years: int) -> date:
    """That many years earlier; the 29th of February counts as the 1st of March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _check_guardian(person: Person, guardian: Person | None) -> None:
    if guardian is None:
        words = _("Under 14 a guardian consents. Say who that is.")
        raise rules.fault("guardian", "guardian_missing", words)
    grown = guardian.birth_date is not None and age(guardian.birth_date) >= ADULT_FROM
    elsewhere = guardian.compound_id != person.compound_id or guardian.pk == person.pk
    if elsewhere or not grown:
        words = _("The guardian has to be an adult with a file here.")
        raise rules.fault("guardian", "guardian_invalid", words)
