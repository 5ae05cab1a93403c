"""Cash at the booth: a shift is begun, money is taken, the till is counted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from parking.models import CashShift, Payment, Refund, Stay
from parking.operations.paying import book, close_there, new_number
from parking.operations.prices import charge_until, locked_stay
from parking.operations.rules import clean_text
from parking.pricebook import book_of, due

MOST_FEN = 100_000_000


def begin_shift(compound: Compound, cashier: User) -> CashShift:
    """The cashier's open shift; one that is open already stays the same."""
    with events.writing():
        rows = CashShift.objects.filter(compound=compound, cashier=cashier, closed_at=None)
        shift: CashShift | None = rows.first()
        if shift is None:
            try:
                with transaction.atomic():
                    shift = CashShift.objects.create(
                        compound=compound, cashier=cashier, opened_at=timezone.now()
                    )
            except IntegrityError:
                return rows.get()
            events.record("parking.shift_begun", compound=compound, actor=cashier, shift=shift.pk)
    return shift


def take_cash(stay: Stay, amount_fen: int, *, actor: User) -> Payment:
    """The driver paid ``amount_fen`` in cash, which is what is due at this moment.

    A second press after the money was booked is the same payment. Raises ValidationError where
    another sum is due by now (the driver is asked once more), or nothing.
    """
    with events.writing():
        row = locked_stay(stay)
        owed = due(row, row.left_at or timezone.now(), book_of(row.compound))
        if not owed.due_fen:
            return _again(row, amount_fen)
        if owed.due_fen != amount_fen:
            text = _("A different amount is due by now. Tell the driver the new price.")
            raise ValidationError({"amount": [text]})
        waiting = Payment.objects.select_for_update(of=("self",)).filter(
            stay=row, state=Payment.State.WAITING
        )
        old = list(waiting.select_related("account"))
        waiting.update(state=Payment.State.CLOSED)
        charge_until(row, owed.until, owed.priced)
        now = timezone.now()
        payment = Payment(
            compound_id=row.compound_id, stay=row, number=new_number(), way=Payment.Way.CASH,
            amount_fen=amount_fen, priced_until=owed.until, created_at=now, taken_by=actor,
            shift=begin_shift(row.compound, actor),
        )  # fmt: skip
        book(payment, row, now, actor)
    for each in old:
        close_there(each)
    return payment


def _again(stay: Stay, amount_fen: int) -> Payment:
    rows = Payment.objects.filter(stay=stay, state=Payment.State.PAID, amount_fen=amount_fen)
    last: Payment | None = rows.order_by("-paid_at").first()
    if last is None:
        raise ValidationError({"amount": [_("Nothing is due for this car.")]})
    return last


def total_of(shift: CashShift) -> int:
    """Fen that should be in the till: what was taken less what was given back."""
    taken = Payment.objects.filter(shift=shift, state=Payment.State.PAID)
    back = Refund.objects.filter(shift=shift, state=Refund.State.DONE)
    sums = (rows.aggregate(n=Sum("amount_fen"))["n"] or 0 for rows in (taken, back))
    came, went = sums
    return int(came - went)


def close_shift(
    shift: CashShift, counted_fen: int, *, note: str = "", actor: User | None = None
) -> CashShift:
    """The till was counted. A difference is kept as it is; the note may say why.

    A shift that is closed stays as it is. Raises ValidationError for no amount.
    """
    if not 0 <= counted_fen <= MOST_FEN:
        raise ValidationError({"counted": [_("Give the amount that was counted.")]})
    note = clean_text("note", note, 200)
    with events.writing():
        row: CashShift = CashShift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
        if row.closed_at is not None:
            return row
        row.expected_fen, row.counted_fen, row.note = total_of(row), counted_fen, note
        row.closed_at = timezone.now()
        row.save()
        events.record(
            "parking.shift_closed", compound=row.compound_id, actor=actor, shift=row.pk,
            fen=row.expected_fen, counted=counted_fen,
        )  # fmt: skip
    return row
