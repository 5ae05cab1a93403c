"""Accounts at providers of payments: kept by managers, secrets sealed."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from parking.models import PaymentAccount
from parking.operations.rules import clean_text
from parking.payments import DRIVERS, NotTaken
from parking.payments.registry import build


def save_account(
    *,
    compound: Compound,
    name: str,
    driver: str,
    settings: dict[str, Any],
    credentials: dict[str, Any] | None = None,
    is_active: bool = True,
    account: PaymentAccount | None = None,
    actor: User | None = None,
) -> PaymentAccount:
    """Keep an account; ``credentials`` of None leaves those that are on file.

    Raises ValidationError for settings that no provider could work with, and for a second account
    in use.
    """
    name = clean_text("name", name, 60)
    if not name or driver not in DRIVERS:
        raise ValidationError({"name": [_("Give a name and choose a provider.")]})
    row = account or PaymentAccount(compound=compound, secret=secrets.token_urlsafe(24))
    row.name, row.driver, row.settings, row.is_active = name, driver, settings, is_active
    if credentials is not None:
        row.credentials = credentials  # type: ignore[assignment]  # a sealed JSON column
    try:
        build(driver, 0, row.settings, row.credentials)
    except NotTaken as refusal:
        text = _("These settings cannot work. Compare them with the provider's page.")
        raise ValidationError({"settings": [text]}) from refusal
    with events.writing():
        row.trouble = ""
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            text = _("Another account is in use. Take that one out of use first.")
            raise ValidationError({"is_active": [text]}) from error
        events.record("parking.account_saved", compound=compound, actor=actor, account=row.pk)
    return row
