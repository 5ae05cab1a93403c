"""A guard says that somebody was taken for another person."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from community import events
from community.models import User
from community.verdicts import Outcome
from residents.models import WayIn
from residents.operations.faces.matching import not_that_person as make_stricter
from security.models import GUARDS, Passage
from security.operations.locks import locked_passage

CODE = "face_of_another"


def not_that_person(passage: Passage, user: User) -> Passage:
    """Take the match away; the person's distances become stricter, and they are told.

    Who still waits goes on waiting, as somebody unknown. Said twice, it counts once. Raises
    PermissionDenied, ValidationError where nobody was recognised by face.
    """
    if not user.is_active or not user.roles_in(passage.compound_id) & GUARDS:
        raise PermissionDenied
    with events.writing():
        held, lane = locked_passage(passage)
        if "mistaken" in held.facts:
            return held
        named = (held.facts.get("face") or {}).get("way")
        if held.way != "face" or not named or held.person_id is None:
            raise ValidationError(_("Nobody was recognised by face here."))
        way = WayIn.objects.filter(pk=named, compound_id=held.compound_id).first()
        if way is not None:
            make_stricter(way, key=f"passage-{held.pk}", actor=user)
        person, held.person = held.person_id, None
        held.facts = {"mistaken": named}
        if held.state == Passage.State.WAITING:
            held.outcome, held.code = Outcome.ASK.value, CODE
        held.save(update_fields=["person", "facts", "outcome", "code"])
        events.record(
            "gate.face_mistaken",
            compound=lane.compound_id,
            actor=user,
            passage=held.pk,
            lane=lane.pk,
            person=person,
        )
    return held
