"""Money given back: written first, sent after, and what came of it is written then."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parking.models import Payment, Refund
from parking.operations.addresses import notify_url
from parking.operations.cash import begin_shift
from parking.operations.prices import locked_stay
from parking.operations.returned import locked_refund, move, settle
from parking.operations.rules import clean_text
from parking.payments import NotTaken, Return, Unsure, provider_for

ENDED = (Refund.State.DONE, Refund.State.FAILED)


def give_back(payment: Payment, amount_fen: int, reason: str, *, actor: User) -> Refund:
    """Give back some or all of a payment; cash is given back at the booth, in the actor's shift.

    Raises ValidationError for more than was paid, a payment that is not paid, no reason.
    """
    reason = clean_text("reason", reason, 80)
    if not reason:
        raise ValidationError({"reason": [_("Say why. The reason is kept.")]})
    refund = _written(payment, amount_fen, reason, actor)
    if refund.state != Refund.State.SENDING:
        return refund
    return send(refund)


def _written(payment: Payment, amount_fen: int, reason: str, actor: User) -> Refund:
    with events.writing():
        locked_stay(payment.stay)
        row: Payment = (
            Payment.objects.select_for_update(of=("self",))
            .select_related("compound")
            .get(pk=payment.pk)
        )
        if row.state != Payment.State.PAID:
            raise ValidationError({"amount": [_("This payment is not paid.")]})
        if not 1 <= amount_fen <= row.amount_fen - row.refunded_fen:
            raise ValidationError({"amount": [_("No more than was paid can be given back.")]})
        is_cash = row.way == Payment.Way.CASH
        now = timezone.now()
        refund = Refund.objects.create(
            compound_id=row.compound_id, payment=row, number="LR" + secrets.token_hex(14),
            amount_fen=amount_fen, reason=reason, by=actor, created_at=now,
            state=Refund.State.DONE if is_cash else Refund.State.SENDING,
            done_at=now if is_cash else None,
            shift=begin_shift(row.compound, actor) if is_cash else None,
        )  # fmt: skip
        # Held back at once: a second press cannot give the same money twice.
        move(row, amount_fen)
        events.record(
            "parking.refund_begun", compound=row.compound_id, actor=actor, payment=row.pk,
            refund=refund.pk, fen=amount_fen,
        )  # fmt: skip
    return refund


def send(refund: Refund) -> Refund:
    """Hand a refund over, or once more where nobody knows: its number makes it the same one."""
    payment = refund.payment
    if payment.account is None:
        return refund
    back = Return(
        number=refund.number,
        payment_number=payment.number,
        amount_fen=refund.amount_fen,
        total_fen=payment.amount_fen,
        reason=refund.reason,
        notify_url=notify_url(payment.account),
    )
    try:
        said, code = provider_for(payment.account).give_back(back), ""
    except NotTaken as refusal:
        said, code = "failed", refusal.code
    except Unsure as doubt:
        said, code = "unknown", doubt.code
    return _heard(refund, said, code)


def _heard(refund: Refund, said: str, code: str) -> Refund:
    """What the provider answered. A notice that was quicker stays."""
    with events.writing():
        row = locked_refund(refund)
        if row.state not in ENDED:
            settle(row, said, code)
    return row


def resend_unknown() -> int:
    """Refunds of which nobody knows are asked for again under their number; returns how many."""
    states = [Refund.State.UNKNOWN, Refund.State.SENDING]
    cut = timezone.now() - timedelta(minutes=1)
    rows = Refund.objects.filter(state__in=states, created_at__lt=cut)
    found = list(rows.select_related("payment__account").order_by("pk")[:20])
    for refund in found:
        send(refund)
    return len(found)
