"""A face becomes one more way in: with consent, good pictures, and another way beside it."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from community.vision.faces import quality
from community.vision.faces.gallery import Match
from community.vision.faces.templates import Template, template
from residents import rules
from residents.models import ConsentText, FaceTemplate, Person, WayIn
from residents.operations.faces import keeping
from residents.operations.faces.consents import give_consent
from residents.operations.faces.matching import load_gallery
from residents.operations.faces.pictures import Keeping, attach
from residents.operations.faces.standing import stands
from residents.operations.ways_in import check_lives_here, end, issue

FEWEST_PICTURES, MOST_PICTURES = 3, 6


def enrol_face(
    person: Person,
    engine: str,
    pictures: Sequence[quality.Judgement],
    *,
    twin_known: bool = False,
    keep: Keeping | None = None,
    actor: User | None = None,
) -> WayIn:
    """Make a template of judged pictures of engine version `engine`; an older face is replaced.

    `twin_known` is the desk's word that a possible duplicate is really another person; `keep` the
    person's wish to have the pictures kept, with their consent to it. Raises ValidationError: too
    few or bad pictures, pictures of different people, no consent, no other way in, somebody else's
    template at this distance.
    """
    made = _template(engine, pictures)
    if not twin_known and _duplicate(person, made) is not None:
        words = _("Another file here has a face like this one. The desk has to look.")
        raise rules.fault("pictures", "possible_duplicate", words)
    with events.writing():
        held: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        check_lives_here(held)
        _check_may(held)
        for old in WayIn.objects.active().filter(person=held, kind=WayIn.Kind.FACE):
            end(old, WayIn.End.REPLACED, actor)
        way = issue(held, WayIn.Kind.FACE, actor)
        FaceTemplate.objects.create(
            compound_id=held.compound_id,
            way=way,
            engine=engine,
            sealed=base64.b64encode(made.to_bytes()).decode("ascii"),
            pictures=len(made.pictures),
            made_at=timezone.now(),
        )
        version = keeping.next_version(held.compound_id)
        told = {"pictures": len(made.pictures), "twin_known": twin_known, "version": version}
        keeping.record("residents.face_enrolled", way, actor, **told)
        if keep is not None:
            give_consent(held, keep.text, way=keep.way, guardian=keep.guardian, actor=actor)
            attach(way, keep.files, actor)
    return way


def check_may_enrol(person: Person) -> None:
    """Before any picture of a face is looked at: lives here, consented, has another way in.

    Raises ValidationError.
    """
    check_lives_here(person)
    _check_may(person)


def _check_may(person: Person) -> None:
    if not stands(person.pk, ConsentText.Purpose.FACE_ENTRY):
        words = _("There is no consent to opening doors by face. Ask for it first.")
        raise rules.fault("consent", "consent_missing", words)
    others = WayIn.objects.active().filter(~Q(kind=WayIn.Kind.FACE), person=person)
    if not others.exists():
        words = _("A face is never the only way in. Hand out a card, a code or a PIN first.")
        raise rules.fault("person", "no_other_way", words)


def _template(engine: str, pictures: Sequence[quality.Judgement]) -> Template:
    if not FEWEST_PICTURES <= len(pictures) <= MOST_PICTURES:
        words = _("Take three to six pictures.")
        raise rules.fault("pictures", "pictures_count", words)
    vectors = [one.vector for one in pictures if one.good and one.vector is not None]
    if len(vectors) < len(pictures):
        words = _("One of the pictures cannot be used. Take it again.")
        raise rules.fault("pictures", "picture_unusable", words)
    if quality.disagreeing(vectors):
        words = _("The pictures do not all show the same person. Take them again.")
        raise rules.fault("pictures", "pictures_differ", words)
    return template(engine, np.stack(vectors))


def _duplicate(person: Person, made: Template) -> Match | None:
    """Somebody else whose template lies nearer than two people's do; sleeping ones count too."""
    known = load_gallery(person.compound_id, made.version, also_asleep=True)
    own = WayIn.objects.filter(person=person, kind=WayIn.Kind.FACE)
    others = set(known.gallery.keys.tolist()) - set(own.values_list("pk", flat=True))
    match = known.gallery.within(others).nearest(made.version, made.vector)
    near = match is not None and match.distance < known.thresholds.second
    return match if near else None
