"""An e-mail address is a person's own once they typed the code that was sent to it."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import keyring
from community.models import AddressProof, Channel, Compound, ContactPoint, Medium, User
from community.notifications import readers
from community.notifications.operations import tell

LIFE = timedelta(minutes=30)
#: Codes that one person may ask for in a day, and guesses that one code allows.
MOST_A_DAY, MOST_TRIES = 5, 5


def ask_email(user: User, compound: Compound, address: str) -> AddressProof:
    """Send a code to an address; the one before counts no more.

    Raises ValidationError for what is no address, without e-mail here, or asked too often.
    """
    address, now = address.strip()[:200], timezone.now()
    validate_email(address)
    channels = Channel.objects.filter(compound=compound, medium=Medium.EMAIL, is_active=True)
    if not channels.exists():
        raise ValidationError(_("E-mail is not set up here. Choose another way."), "no_channel")
    code = f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        row = AddressProof.objects.filter(user=user, compound=compound).first()
        row = row or AddressProof(user=user, compound=compound, since=now)
        if now - row.since > timedelta(days=1):
            row.since, row.asked = now, 0
        if row.asked >= MOST_A_DAY:
            raise ValidationError(_("Too many codes for today. Try again tomorrow."), "too_many")
        row.address, row.digest = address, _digest(user, compound, code)
        row.made_at, row.tries, row.asked = now, 0, row.asked + 1
        row.save()
    tell(
        address,
        "account.email_code",
        compound=compound,
        key=f"email-proof:{row.pk}:{now.timestamp()}",
        private={"code": code},
        via=Medium.EMAIL,
        expires_at=now + LIFE,
    )
    proof: AddressProof = row
    return proof


def prove_email(user: User, compound: Compound, code: str) -> ContactPoint:
    """The address is theirs. Raises ValidationError; after five wrong codes a new one is needed."""
    text = _("This code does not count. Compare it, or ask for a new one.")
    with transaction.atomic():
        rows = AddressProof.objects.select_for_update(of=("self",))
        row = rows.filter(user=user, compound=compound).exclude(digest="").first()
        fresh = row is not None and row.made_at > timezone.now() - LIFE and row.tries < MOST_TRIES
        if row is not None and fresh:
            given = _digest(user, compound, "".join(code.split())[:12])
            if hmac.compare_digest(given, row.digest):
                return _keep(row)
            row.tries += 1
            row.save(update_fields=["tries"])
    raise ValidationError(text, "code")


def _keep(row: AddressProof) -> ContactPoint:
    point = readers.set_address(row.user, row.compound, Medium.EMAIL, row.address)
    assert point is not None  # noqa: S101 - only an empty address is none
    # The row stays, emptied: it counts what was asked for today.
    row.address = row.digest = ""
    row.save(update_fields=["address", "digest"])
    return point


def waiting(user: User, compound: Compound) -> AddressProof | None:
    """The proof whose code is still awaited."""
    rows = AddressProof.objects.filter(user=user, compound=compound).exclude(digest="")
    found: AddressProof | None = rows.filter(made_at__gt=timezone.now() - LIFE).first()
    return found


def _digest(user: User, compound: Compound, code: str) -> str:
    return keyring.blind_index(code, compound.pk, f"email-proof.{user.pk}")
