"""What became of money that was to go back: by the provider's answer, or by its notice."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from community import events
from parking.models import Charge, Payment, PaymentAccount, PaymentNotice, Refund
from parking.operations.prices import locked_stay
from parking.payments.base import DONE, FAILED, PENDING, Returned

State, Outcome = Refund.State, PaymentNotice.Outcome
STATES = {
    DONE: State.DONE, PENDING: State.SENDING, FAILED: State.FAILED, "unknown": State.UNKNOWN,
}  # fmt: skip


def move(payment: Payment, fen: int) -> None:
    """So many fen of a payment are held back from what counts as paid. Call with it locked."""
    Payment.objects.filter(pk=payment.pk).update(refunded_fen=F("refunded_fen") + fen)
    Charge.objects.filter(stay_id=payment.stay_id).update(paid_fen=F("paid_fen") - fen)


def locked_refund(refund: Refund) -> Refund:
    """Locks go stay → payment → refund, as when it was written."""
    locked_stay(refund.payment.stay)
    Payment.objects.select_for_update(of=("self",)).get(pk=refund.payment_id)
    rows = Refund.objects.select_for_update(of=("self",)).select_related("payment")
    found: Refund = rows.get(pk=refund.pk)
    return found


def settle(row: Refund, said: str, code: str = "", at: datetime | None = None) -> None:
    """Book how a refund stands. Call with it locked.

    Money that did not go back is the payer's no more: it counts as paid again. Where the provider
    managed it after all, it is given back again.
    """
    before = row.state
    row.state, row.code = STATES.get(said, State.FAILED), code[:64]
    if row.state == before:
        return
    if row.state == State.DONE:
        # A provider's clock that is ahead of ours changes no day of the books.
        row.done_at = min(at or timezone.now(), timezone.now())
    if row.state == State.FAILED:
        move(row.payment, -row.amount_fen)
    elif before == State.FAILED:
        move(row.payment, row.amount_fen)
    row.save()
    events.record(
        "parking.refund_told", compound=row.compound_id, refund=row.pk, state=str(row.state)
    )


def told_of(
    account: PaymentAccount, told: Returned
) -> tuple[Payment | None, PaymentNotice.Outcome]:
    """Book what a notice says of a refund, if all fits; what does not fit changes nothing."""
    rows = Refund.objects.select_related("payment__stay")
    found = rows.filter(number=told.number, payment__account=account).first()
    if found is None or found.payment.number != told.payment_number:
        return None, Outcome.UNKNOWN
    row = locked_refund(found)
    if told.amount_fen != row.amount_fen:
        return row.payment, Outcome.WRONG_AMOUNT
    if STATES[told.state] == row.state:
        return row.payment, Outcome.REPEATED
    if told.state == PENDING or row.state == State.DONE:
        return row.payment, Outcome.OVERTAKEN
    late = row.state == State.FAILED
    if late and row.amount_fen > row.payment.amount_fen - row.payment.refunded_fen:
        # Refused, given back another way, and now it went through as well.
        return row.payment, Outcome.WRONG_AMOUNT
    settle(row, told.state, at=told.done_at)
    return row.payment, Outcome.LATE if late else Outcome.APPLIED
