"""Every change on the floor: one verb, one short transaction, one line in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, Notification, Role, User

#: Who may hand out which role; the operator may hand out all.
GRANTS = {
    "manager": {"resident", "landlord", "guard", "desk", "cashier", "installer", "courier"},
    "desk": {"resident", "landlord"},
}


def save_row(row: models.Model, actor: User | None, created: bool | None = None) -> models.Model:
    """Validate and save a place or device, and say so in its compound's ledger.

    Raises ValidationError. ``created`` is found out from the row when not said.
    """
    created = row.pk is None if created is None else created
    with events.writing():
        row.full_clean()
        row.save()
        compound_id = row.pk if isinstance(row, Compound) else row.compound_id  # type: ignore[attr-defined]
        events.record(
            "place.changed",
            compound=compound_id,
            actor=actor,
            table=row._meta.label_lower,
            row=row.pk,
            created=created,
        )
    return row


def add_user(
    username: str,
    password: str | None,
    *,
    name: str = "",
    language: str = "zh-hans",
    compound: Compound | None = None,
    actor: User | None = None,
) -> User:
    """A new sign-in. Raises ValidationError for a weak password or a name that is taken."""
    user = User(username=username, name=name, language=language)
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    with events.writing():
        user.full_clean(exclude=["password"])
        user.save()
        if compound is not None:
            events.record("user.added", compound=compound, actor=actor, user=user.pk)
    return user


def choose_language(user: User, language: str) -> None:
    """The language of a person's pages; no line in the ledger, since it concerns nobody else."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def change_user(user: User, actor: User, compound: Compound | None = None) -> User:
    """Save edited fields of a sign-in; recorded where the actor works."""
    with events.writing():
        user.full_clean(exclude=["password"])
        user.save()
        where = [compound.pk] if compound else sorted(user.roles_by_compound())
        for compound_id in where:
            events.record("user.changed", compound=compound_id, actor=actor, user=user.pk)
    return user


def close_user(user: User, *, actor: User | None, compound: Compound) -> None:
    """A sign-in that nobody uses any more: it opens nothing, and its name is gone."""
    with events.writing():
        closed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, name="")
        if closed:
            events.record("user.changed", compound=compound, actor=actor, user=user.pk)


def give_role(
    user: User, compound: Compound, role: str, *, actor: User | None = None, carrier: str = ""
) -> Role:
    """Let ``user`` hold ``role`` in ``compound``; giving it twice gives the same row.

    Raises PermissionDenied when the actor may not hand this role out here.
    """
    _may_grant(actor, compound, role)
    with events.writing():
        held, created = Role.objects.get_or_create(
            user=user, compound=compound, role=role, carrier=carrier, ended_at=None
        )
        if created:
            events.record(
                "role.given", compound=compound, actor=actor, user=user.pk, role=role, row=held.pk
            )
    return held


def end_role(role: Role, actor: User | None = None, at: datetime | None = None) -> Role:
    """End a role at once; its holder's sessions and sockets lose it with their next question."""
    _may_grant(actor, role.compound, role.role)
    with events.writing():
        ended = Role.objects.filter(pk=role.pk, ended_at=None).update(ended_at=at or timezone.now())
        if ended:
            events.record(
                "role.ended",
                compound=role.compound_id,
                actor=actor,
                user=role.user_id,
                role=role.role,
                row=role.pk,
            )
    role.refresh_from_db()
    return role


def _may_grant(actor: User | None, compound: Compound, role: str) -> None:
    """The installation itself (no actor) and the operator may; others by their own roles."""
    if actor is None or actor.is_superuser:
        return
    granted: set[str] = set().union(*(GRANTS.get(own, ()) for own in actor.roles_in(compound)))
    if role not in granted:
        raise PermissionDenied(_("You may not hand out this role here."))


def mark_read(reader: User, notification_ids: list[int]) -> int:
    """Mark the reader's own notifications as read; others are left alone."""
    mine = Notification.objects.visible_to(reader).filter(pk__in=notification_ids, read_at=None)
    return int(mine.update(read_at=timezone.now()))
