"""Payments: asked for at a provider, booked once when the money is there.

Locks go stay → payment. No exchange with a provider happens inside a transaction: an order is
written first, handed over after, and what came of it is written then.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from parking.models import Charge, Debt, Payment, PaymentAccount, PaymentNotice, Stay
from parking.operations.addresses import notify_url
from parking.operations.prices import charge_until, locked_stay
from parking.operations.returned import told_of
from parking.payments import NotTaken, Order, Told, Unsure, provider_for
from parking.payments.base import CLOSED, FAILED, PAID, Returned
from parking.pricebook import book_of, due

State, Outcome = Payment.State, PaymentNotice.Outcome
#: How long a price that was asked may be paid; then it is asked anew.
OPEN_FOR = timedelta(minutes=10)
#: An order that is to end within this is not shown to anybody any more.
MARGIN = timedelta(minutes=2)
#: What a phone opens holds for five minutes at WeChat Pay; a minute before it is asked for anew.
LINK_FOR = timedelta(minutes=4)


def ask_payment(
    stay: Stay, way: str, *, payer_address: str = "127.0.0.1", actor: User | None = None
) -> Payment | None:
    """Something to pay for a stay now; None where nothing is due.

    While an order of the same amount waits, it is the same order: however often and wherever it
    is asked for. Raises ValidationError where the compound has no account, or the provider does
    not take the order.
    """
    payment, old = _ordered(stay, way, actor)
    for each in old:
        close_there(each)
    if payment is None or payment.link:
        return payment
    return _hand_over(payment, payer_address)


def _ordered(stay: Stay, way: str, actor: User | None) -> tuple[Payment | None, list[Payment]]:
    with events.writing():
        row = locked_stay(stay)
        now = timezone.now()
        at = row.left_at or now
        owed = due(row, at, book_of(row.compound))
        rows = Payment.objects.select_for_update(of=("self",)).select_related("account")
        waiting = rows.filter(stay=row, state=State.WAITING).first()
        if waiting is not None and owed.due_fen and _is_good(waiting, owed.due_fen, way, now):
            return waiting, []
        old = []
        if waiting is not None:
            waiting.state = State.CLOSED
            waiting.save(update_fields=["state"])
            old.append(waiting)
        if not owed.due_fen:
            return None, old
        charge_until(row, owed.until, owed.priced)
        account = account_of(row.compound)
        payment = Payment.objects.create(
            compound_id=row.compound_id, stay=row, number=new_number(), way=way,
            amount_fen=owed.due_fen, account=account, priced_until=owed.until, created_at=now,
            expires_at=now + OPEN_FOR,
        )  # fmt: skip
        return payment, old


def _is_good(waiting: Payment, fen: int, way: str, now: datetime) -> bool:
    return waiting.amount_fen == fen and waiting.way == way and may_be_opened(waiting, now)


def may_be_opened(waiting: Payment, now: datetime) -> bool:
    """Whether what the code shows or the phone opens still leads to this order."""
    in_time = waiting.expires_at is not None and waiting.expires_at - MARGIN > now
    by_link = waiting.way == Payment.Way.PHONE
    return in_time and not (by_link and now > waiting.created_at + LINK_FOR)


def account_of(compound: Compound) -> PaymentAccount:
    """Raises ValidationError where nothing can be paid by phone here."""
    rows = PaymentAccount.objects.of(compound).filter(is_active=True)
    account: PaymentAccount | None = rows.first()
    if account is None:
        raise ValidationError(_("Nothing can be paid by phone here. Please pay at the gate."))
    return account


def new_number() -> str:
    """Thirty letters and digits: nobody guesses a payment's number."""
    return "LP" + secrets.token_hex(14)


def _hand_over(payment: Payment, payer_address: str) -> Payment:
    account = payment.account
    if account is None or payment.expires_at is None:
        raise LookupError(payment.pk)
    order = Order(
        number=payment.number,
        amount_fen=payment.amount_fen,
        about=gettext("Parking %(plate)s") % {"plate": _car(payment.stay)},
        way=payment.way,
        notify_url=notify_url(account),
        expires_at=payment.expires_at,
        payer_address=payer_address,
    )
    try:
        link = provider_for(account).place(order)
    except NotTaken as refusal:
        _give_up(payment, refusal.code if refusal.ours else "")
        text = _("Paying by phone does not work just now. Please pay at the gate.")
        raise ValidationError(text) from refusal
    except Unsure as doubt:
        # It may be there: the order stays, and can be asked for once more under its number.
        text = _("The payment service did not answer. Please try once more.")
        raise ValidationError(text) from doubt
    Payment.objects.filter(pk=payment.pk).update(link=link)
    payment.link = link
    return payment


def _car(stay: Stay) -> str:
    """As the payer's wallet names it."""
    if stay.ticket is not None:
        return gettext("Ticket %(number)s") % {"number": stay.ticket.number}
    return stay.plate


def _give_up(payment: Payment, trouble: str) -> None:
    with events.writing():
        rows = Payment.objects.select_for_update(of=("self",))
        row = rows.get(pk=payment.pk)
        if row.state == State.WAITING:
            row.state = State.FAILED
            row.save(update_fields=["state"])
        if trouble:
            PaymentAccount.objects.filter(payments=row).update(trouble=trouble[:64])


def close_there(payment: Payment) -> None:
    """Best effort: an order that is paid all the same is booked as late when we hear of it."""
    if payment.account is None or not payment.link:
        return
    try:
        provider_for(payment.account).close(payment.number)
    except (NotTaken, Unsure):
        return


# The money is there.


def take_notice(account: PaymentAccount, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
    """Book what a provider tells, once, however often and in whatever order it tells it.

    Raises ``BadNotice`` for what the provider did not send, ``NotTaken`` for a broken account.
    """
    notice = provider_for(account).read_notice(headers, body, timezone.now())
    try:
        return _booked(account, notice.key, notice.told)
    except IntegrityError:
        # Another process took the same notice at the same moment.
        return PaymentNotice.objects.get(account=account, key=notice.key)


def _booked(account: PaymentAccount, key: str, told: Told | Returned) -> PaymentNotice:
    with events.writing():
        known = PaymentNotice.objects.filter(account=account, key=key).first()
        if known is not None:
            return known
        if isinstance(told, Returned):
            payment, outcome = told_of(account, told)
        else:
            payment, outcome = _settle(account, told)
        taken = PaymentNotice.objects.create(
            compound_id=account.compound_id, account=account, key=key, payment=payment,
            told_number=told.number, told_fen=told.amount_fen, outcome=outcome,
            at=timezone.now(),
        )  # fmt: skip
        if outcome in (Outcome.WRONG_AMOUNT, Outcome.UNKNOWN, Outcome.OTHER_NUMBER):
            events.record(
                "parking.notice_refused", compound=account.compound_id, notice=taken.pk,
                outcome=str(outcome),
            )  # fmt: skip
    return taken


def look(payment: Payment) -> Payment:
    """Ask the provider how a waiting order stands, where its notice may be late or lost.

    What cannot be asked changes nothing.
    """
    if payment.state != State.WAITING or payment.account is None:
        return payment
    try:
        told = provider_for(payment.account).ask(payment.number)
    except (NotTaken, Unsure):
        return payment
    with events.writing():
        if told.state == PAID:
            _settle(payment.account, told)
        elif told.state in (CLOSED, FAILED):
            _close_here(payment)
    payment.refresh_from_db()
    return payment


def _close_here(payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk, state=State.WAITING).update(state=State.CLOSED)


def _settle(account: PaymentAccount, told: Told) -> tuple[Payment | None, PaymentNotice.Outcome]:
    """Book an order as paid, if all fits; what does not fit changes nothing."""
    found = Payment.objects.filter(number=told.number, account=account).first()
    if found is None:
        return None, Outcome.UNKNOWN
    stay = locked_stay(found.stay)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if told.state != PAID:
        return payment, Outcome.NOT_PAID
    if told.amount_fen != payment.amount_fen:
        return payment, Outcome.WRONG_AMOUNT
    if payment.state == State.PAID:
        same = payment.provider_number == told.provider_number
        return payment, Outcome.REPEATED if same else Outcome.OTHER_NUMBER
    late = payment.state != State.WAITING
    payment.provider_number = told.provider_number
    book(payment, stay, told.paid_at or timezone.now())
    return payment, Outcome.LATE if late else Outcome.APPLIED


def book(payment: Payment, stay: Stay, at: datetime, actor: User | None = None) -> None:
    """The one place where money is booked. Call with stay and payment locked."""
    # A provider's clock that is ahead of ours gives no longer grace.
    payment.state, payment.paid_at = State.PAID, min(at, timezone.now())
    payment.save()
    charge = Charge.objects.filter(stay=stay)
    charge.update(
        paid_fen=F("paid_fen") + payment.amount_fen, paid_at=payment.paid_at,
        paid_until=payment.priced_until,
    )  # fmt: skip
    _pay_debt(stay, payment, actor)
    events.record(
        "parking.paid", compound=payment.compound_id, actor=actor, payment=payment.pk,
        stay=stay.pk, fen=payment.amount_fen, way=str(payment.way),
    )  # fmt: skip


def _pay_debt(stay: Stay, payment: Payment, actor: User | None) -> None:
    debt = Debt.objects.open().filter(stay=stay).first()
    if debt is None or payment.amount_fen < debt.amount_fen:
        return
    debt.settled_at = payment.paid_at
    debt.save(update_fields=["settled_at"])
    events.record(
        "parking.debt_paid", compound=debt.compound_id, actor=actor, debt=debt.pk,
        payment=payment.pk,
    )  # fmt: skip


def close_expired(now: datetime | None = None) -> int:
    """Orders that nobody paid in time: the provider is asked a last time. Returns how many."""
    now = now or timezone.now()
    rows = Payment.objects.filter(state=State.WAITING, expires_at__lte=now)
    ended = 0
    for payment in rows.select_related("account", "stay").order_by("pk")[:50]:
        looked = look(payment)
        if looked.state == State.WAITING:
            close_there(looked)
            with transaction.atomic():
                _close_here(looked)
        ended += 1
    return ended
