"""A courier's phone, signed in, shows a code; the scanner of a locker's tablet signs them in there.

The code is signed, not stored: shown again and again it costs nothing. Used, its digest is kept
among the couriers' codes, so that it counts once.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.models import User
from parcels.models import Courier, CourierCode, LockerBank
from parcels.operations.deposits import check_open
from parcels.operations.moves import fault

#: What such a code begins with; the pick-up codes of parcels begin with K1.
SCAN = "C1"
#: A picture of the screen is worth nothing soon after.
LIFE = timedelta(minutes=2)
_signer = signing.TimestampSigner(salt="parcels.courier_scan")


def scan_code(courier: Courier) -> str:
    """What the scanner reads, for two minutes and one use. Raises ValidationError if closed."""
    held = check_open(courier)
    return f"{SCAN}:{_signer.sign(f'{held.pk}.{secrets.token_urlsafe(9)}')}"


def is_scan(text: str) -> bool:
    return text.strip().startswith(f"{SCAN}:")


def sign_in_by_scan(bank: LockerBank, text: str) -> User:
    """Whom a scanned code signs in at this bank's tablet. Raises ValidationError for any other."""
    over = fault("code", "scan_over", _("This code is over. Let your phone show a new one."))
    try:
        plain = _signer.unsign(text.strip().removeprefix(f"{SCAN}:"), max_age=LIFE)
    except signing.BadSignature as error:
        raise over from error
    now = timezone.now()
    with events.writing():
        rows = Courier.objects.select_for_update(of=("self",)).select_related("user")
        row = rows.filter(pk=plain.partition(".")[0], compound=bank.compound_id).first()
        if row is None or row.ended_at is not None:
            raise over
        used = keyring.blind_index(plain, row.compound_id, "courier_code")
        if CourierCode.objects.filter(courier=row, digest=used).exists():
            raise over
        CourierCode.objects.create(
            compound_id=row.compound_id, courier=row, digest=used, made_at=now, used_at=now,
            expires_at=now,
        )  # fmt: skip
        events.record(
            "parcels.courier_signed_in", compound=row.compound_id, actor=row.user,
            courier=row.pk, bank=bank.pk,
        )  # fmt: skip
    user: User = row.user
    return user
