"""Numbered receipts: the numbers of a year have no gaps, and each payment has one."""

from __future__ import annotations

import secrets
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from parking.models import Payment, Receipt
from parking.operations.rules import clean_text


def issue_receipt(payment: Payment, *, title: str = "", actor: User | None = None) -> Receipt:
    """The receipt of a payment; asked for again, it is the same one.

    Raises ValidationError where nothing was paid.
    """
    title = clean_text("title", title, 80)
    with events.writing():
        # One at a time in a compound, so that the numbers follow each other.
        held = Compound.objects.select_for_update(no_key=True).get(pk=payment.compound_id)
        known = Receipt.objects.filter(payment=payment).first()
        if known is not None:
            return known
        row = Payment.objects.get(pk=payment.pk)
        if row.state != Payment.State.PAID:
            raise ValidationError(_("There is a receipt once it is paid."))
        now = timezone.now()
        year = now.astimezone(ZoneInfo(held.timezone)).year
        rows = Receipt.objects.filter(compound=held, year=year)
        last = rows.aggregate(last=Max("serial"))["last"] or 0
        receipt = Receipt.objects.create(
            compound=held, payment=row, year=year, serial=last + 1,
            secret=secrets.token_urlsafe(24), title=title, issued_at=now,
        )  # fmt: skip
        events.record(
            "parking.receipt_issued", compound=held, actor=actor, receipt=receipt.pk,
            payment=row.pk,
        )  # fmt: skip
    return receipt
