"""A device's key to our door: shown once, kept as a hash, revocable at any moment."""

from __future__ import annotations

import hmac
import re
import secrets
import string
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from community import events
from community.models import Device, DeviceToken, User
from community.prepared import prepared

PREFIX = "linli_"
LONGEST = 200
#: Of the secret in an address: 62 signs, 131 bits.
SIGNS = string.ascii_letters + string.digits
SECRET_LENGTH = 22
SECRET = re.compile(rf"[A-Za-z0-9]{{{SECRET_LENGTH}}}")
#: ``last_used_at`` is written at most this often.
USED_S = 60


def issue_token(device: Device, user: User | None) -> str:
    """A fresh token of a device; its older ones stay valid until they are revoked."""
    token = PREFIX + secrets.token_urlsafe(32)
    _keep(device, user, token, DeviceToken.Purpose.API)
    return token


def issue_push_secret(device: Device, user: User | None) -> str:
    """A fresh secret for the address to which a camera pushes; older ones stay valid.

    Letters and digits only: pages of cameras change other signs, and cut long addresses.
    """
    secret = "".join(secrets.choice(SIGNS) for _ in range(SECRET_LENGTH))
    _keep(device, user, secret, DeviceToken.Purpose.PUSH)
    return secret


def _keep(device: Device, user: User | None, token: str, purpose: str) -> None:
    with events.writing():
        row = DeviceToken.objects.create(
            compound_id=device.compound_id,
            device=device,
            purpose=purpose,
            digest=_digest(token),
            hint=token[-4:],
        )
        events.record(
            "device.token_issued",
            compound=device.compound_id,
            actor=user,
            device=device.pk,
            token=row.pk,
        )


def revoke_token(token: DeviceToken, user: User | None) -> None:
    """End a token now; ending it again changes nothing."""
    with events.writing():
        row = DeviceToken.objects.select_for_update().get(pk=token.pk)
        if row.revoked_at is None:
            row.revoked_at = timezone.now()
            row.save(update_fields=["revoked_at"])
            events.record(
                "device.token_revoked",
                compound=row.compound_id,
                actor=user,
                device=row.device_id,
                token=row.pk,
            )
    token.revoked_at = row.revoked_at


def authenticate(token: str) -> Device | None:
    """The device in use that holds this token, if it is valid now.

    Found by its hash, so the time taken tells nothing about tokens that exist.
    """
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None
    return _holder(token, DeviceToken.Purpose.API)


def device_of_push(secret: str) -> Device | None:
    """The device in use to whose address somebody pushes, if its secret is valid now."""
    if not SECRET.fullmatch(secret):
        return None
    return _holder(secret, DeviceToken.Purpose.PUSH)


def _holder(token: str, purpose: str) -> Device | None:
    digest = _digest(token)
    row = _of_digest.first(digest=digest, purpose=purpose)
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    if row.revoked_at is not None or not row.device.is_active:
        return None
    _note_use(row)
    return row.device


@prepared(digest=str, purpose=str)
def _of_digest(digest: str, purpose: str) -> QuerySet[Any, DeviceToken]:
    rows = DeviceToken.objects.select_related("device").defer("device__credentials")
    return rows.filter(digest=digest, purpose=purpose).order_by("pk")[:1]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _note_use(row: DeviceToken) -> None:
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > timedelta(seconds=USED_S):
        DeviceToken.objects.filter(pk=row.pk).update(last_used_at=now)
