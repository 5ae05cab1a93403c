"""Handing the shift over: prepared, signed by who leaves, accepted by who comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Compound, User
from security.models import GUARDS, Handover
from security.shifts import snapshot

State = Handover.State
NOTE_MAX, REMARK_MAX = 1000, 500


class HandoverMoved(Exception):
    """Somebody did something else with it first; ``handover`` is how it stands now."""

    def __init__(self, handover: Handover) -> None:
        super().__init__(handover.pk)
        self.handover = handover

    def __str__(self) -> str:
        if self.handover.state == State.ACCEPTED:
            who = {"who": self.handover.incoming}
            return _("%(who)s has already taken this shift over.") % who
        if self.handover.state == State.WITHDRAWN:
            return _("This handover was withdrawn. Prepare a new one.")
        if self.handover.state == State.SIGNED:
            return _("It is signed already; its notes can no longer be changed.")
        return _("The guard who leaves has not signed yet.")


def prepare_handover(compound: Compound, user: User, note: str = "") -> Handover:
    """Begin handing over, or change the notes of what ``user`` has begun and not signed.

    Raises PermissionDenied, ValidationError, HandoverMoved where it is signed already.
    """
    _check(user, compound.pk)
    _check_length("note", note, NOTE_MAX)
    with events.writing():
        held = _own_open(compound, user)
        if held is None:
            held = _begin(compound, user, note)
        if held.state == State.SIGNED:
            raise HandoverMoved(held)
        if held.note != note.strip():
            held.note = note.strip()
            held.save(update_fields=["note"])
        return held


def sign_handover(handover: Handover, user: User, note: str | None = None) -> Handover:
    """``user`` leaves the shift as it stands now: the snapshot is taken, and never again.

    Signing twice changes nothing. Raises PermissionDenied, ValidationError, HandoverMoved.
    """
    _check(user, handover.compound_id)
    _check_length("note", note or "", NOTE_MAX)
    with events.writing():
        held = _locked(handover)
        if held.outgoing_id != user.pk:
            raise PermissionDenied
        if held.state == State.SIGNED:
            return held
        if held.state != State.PREPARED:
            raise HandoverMoved(held)
        now = timezone.now()
        held.note = held.note if note is None else note.strip()
        held.snapshot = snapshot.take(held.compound, since=snapshot.shift_began(held), now=now)
        held.state, held.signed_at = State.SIGNED, now
        held.save(update_fields=["note", "snapshot", "state", "signed_at"])
        _tell("shift.signed", held, user)
        return held


def accept_handover(handover: Handover, user: User, remark: str = "") -> Handover:
    """``user`` takes the shift over; the caller has made sure that it is ``user`` who signs.

    Accepting twice changes nothing. Raises PermissionDenied, ValidationError (own shift), and
    HandoverMoved where it is not signed yet, withdrawn, or accepted by somebody else.
    """
    _check(user, handover.compound_id)
    _check_length("remark", remark, REMARK_MAX)
    if handover.outgoing_id == user.pk:
        raise ValidationError(_("Nobody takes over from themselves. The next guard has to sign."))
    with events.writing():
        held = _locked(handover)
        if held.state == State.ACCEPTED and held.incoming_id == user.pk:
            return held
        if held.state != State.SIGNED:
            raise HandoverMoved(held)
        held.state, held.incoming, held.remark = State.ACCEPTED, user, remark.strip()
        held.accepted_at = timezone.now()
        held.save(update_fields=["state", "incoming", "remark", "accepted_at"])
        _tell("shift.accepted", held, user, outgoing=held.outgoing_id)
        return held


def withdraw_handover(handover: Handover, user: User) -> Handover:
    """Take back what nobody accepted yet: by who prepared it, or a manager.

    Raises PermissionDenied, HandoverMoved once it is accepted.
    """
    _check(user, handover.compound_id)
    with events.writing():
        held = _locked(handover)
        if held.outgoing_id != user.pk and "manager" not in user.roles_in(held.compound_id):
            raise PermissionDenied
        if held.state == State.WITHDRAWN:
            return held
        if held.state == State.ACCEPTED:
            raise HandoverMoved(held)
        held.state, held.withdrawn_at = State.WITHDRAWN, timezone.now()
        held.save(update_fields=["state", "withdrawn_at"])
        _tell("shift.withdrawn", held, user)
        return held


def note_guard_change(compound: Compound, *, leaves: User, comes: User) -> None:
    """Another guard works at the same screen from now on."""
    with events.writing():
        events.record("guard.changed", compound=compound, actor=comes, previous=leaves.pk)


def note_refusal(compound: Compound, *, at: User, named: User, code: str) -> None:
    """Somebody at ``at``'s screen said to be ``named`` and could not prove it.

    Tries during a lock-out are not told one by one: they were not tried.
    """
    if code == "locked":
        return
    with events.writing():
        events.record("guard.change_refused", compound=compound, actor=at, user=named.pk, code=code)


def guards_of(compound: Compound, without: Iterable[int] = ()) -> Any:
    """Who may stand at this compound's desk, by name."""
    held = {"held_roles__compound": compound, "held_roles__ended_at": None}
    rows = User.objects.filter(**held, held_roles__role__in=GUARDS, is_active=True)
    return rows.exclude(pk__in=list(without)).distinct().order_by("name", "username")


def _own_open(compound: Compound, user: User) -> Handover | None:
    rows: Any = Handover.objects.select_for_update(of=("self",)).open()
    found: Handover | None = rows.filter(compound=compound, outgoing=user).first()
    return found


def _begin(compound: Compound, user: User, note: str) -> Handover:
    held = Handover(compound=compound, outgoing=user, note=note.strip(), prepared_at=timezone.now())
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:  # a second tab began a moment ago
        found = _own_open(compound, user)
        if found is None:
            raise
        return found
    _tell("shift.prepared", held, user)
    return held


def _locked(handover: Handover) -> Handover:
    rows: Any = Handover.objects.select_for_update(of=("self",))
    held: Handover = rows.select_related("compound", "outgoing", "incoming").get(pk=handover.pk)
    return held


def _tell(kind: str, held: Handover, user: User, **facts: Any) -> None:
    events.record(kind, compound=held.compound_id, actor=user, handover=held.pk, **facts)


def _check(user: User, compound_id: int) -> None:
    if not user.is_active or not user.roles_in(compound_id) & GUARDS:
        raise PermissionDenied


def _check_length(field: str, text: str, most: int) -> None:
    if len(text) > most:
        said = _("Keep it within %(most)s characters.") % {"most": most}
        raise ValidationError({field: said})
