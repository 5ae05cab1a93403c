"""A person's key to the API in one compound: shown once, kept as a hash, revocable."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import ApiToken, Compound, User

PREFIX = "linli_api_"
LONGEST = 200
#: ``last_used_at`` is written at most this often, in seconds.
USED_S = 60
#: More live tokens than this nobody can keep apart.
MOST = 20
MOST_DAYS = 3660


def issue_api_token(
    user: User,
    compound: Compound,
    *,
    name: str,
    scope: str = ApiToken.Scope.READ,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A fresh token with which programs act as ``user`` in one compound, and its text.

    Raises ValidationError (name, scope, expires_at, too many), PermissionDenied without a role.
    """
    if not user.roles_in(compound):
        raise PermissionDenied(_("You hold no role in this compound."))
    name = " ".join(name.split())[:60]
    _check(name, scope, expires_at)
    token = PREFIX + secrets.token_urlsafe(32)
    with events.writing():
        # The user's row is locked, so that the count holds.
        User.objects.select_for_update().get(pk=user.pk)
        if _live(user).count() >= MOST:
            text = _("You have 20 tokens in use. Revoke one that nothing uses any more.")
            raise ValidationError({"name": ValidationError(text, "too_many")})
        row = ApiToken.objects.create(
            compound=compound,
            user=user,
            name=name,
            scope=scope,
            expires_at=expires_at,
            digest=_digest(token),
            hint=token[-4:],
        )
        _tell("user.token_issued", row, user)
    return row, token


def revoke_api_token(token: ApiToken, actor: User) -> None:
    """End a token now; ending it again changes nothing.

    For its owner and the compound's managers; others get PermissionDenied.
    """
    if actor.pk != token.user_id and "manager" not in actor.roles_in(token.compound_id):
        raise PermissionDenied
    with events.writing():
        row = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if row.revoked_at is None:
            row.revoked_at = timezone.now()
            row.save(update_fields=["revoked_at"])
            _tell("user.token_revoked", row, actor)
    token.revoked_at = row.revoked_at


def authenticate_api_token(text: str) -> ApiToken | None:
    """The live token with this text whose user may still do something in its compound.

    Found by its hash, so the time taken tells nothing about tokens that exist.
    """
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        return None
    rows = ApiToken.objects.select_related("user", "compound")
    row: ApiToken | None = rows.filter(digest=_digest(text)).first()
    if row is None or row.state_at(timezone.now()) != "live":
        return None
    if not row.user.is_active or not row.user.roles_in(row.compound_id):
        return None
    _note_use(row)
    return row


def _check(name: str, scope: str, expires_at: datetime | None) -> None:
    faults: dict[str, ValidationError] = {}
    if not name:
        faults["name"] = ValidationError(_("Say what the token is for."), "required")
    if scope not in ApiToken.Scope.values:
        faults["scope"] = ValidationError(_("Choose what the token may do."), "invalid")
    now = timezone.now()
    if expires_at and not now < expires_at <= now + timedelta(days=MOST_DAYS):
        faults["expires_at"] = ValidationError(_("Choose a day within the next ten years."), "day")
    if faults:
        raise ValidationError(faults)


def _live(user: User) -> Any:
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiToken.objects.filter(unexpired, user=user, revoked_at=None)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _note_use(row: ApiToken) -> None:
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > timedelta(seconds=USED_S):
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)


def _tell(kind: str, row: ApiToken, actor: User) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, token=row.pk, user=row.user_id)
