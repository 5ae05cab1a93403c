"""The same exit twice at once, a payment told of twice at once: one charge."""

from __future__ import annotations

import pytest

from parking import operations
from parking.models import Charge, Payment, PaymentNotice
from tests.community import factories
from tests.parking import money
from tests.security.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stay():
    compound = factories.compound()
    money.tariff(compound)
    money.account(compound)
    return money.inside(compound, 90)


def test_a_payment_told_of_twice_at_once_is_booked_once(stay):
    payment = operations.ask_payment(stay, "code")
    headers, body = money.paid(payment)
    tell = lambda: operations.take_notice(payment.account, headers, body)  # noqa: E731
    look = lambda: operations.look(payment)  # noqa: E731
    together(tell, tell, look, tell)
    assert Charge.objects.get().paid_fen == 1000
    assert PaymentNotice.objects.count() == 1


def test_the_same_exit_twice_at_once_is_one_order_and_one_payment(stay):
    guard = factories.user("guard", at=stay.compound)
    ask = lambda: operations.ask_payment(stay, "code")  # noqa: E731
    together(ask, ask)
    assert Payment.objects.filter(state="waiting").count() == 1
    pay = lambda: operations.take_cash(stay, 1000, actor=guard)  # noqa: E731
    together(pay, pay, pay)
    assert Charge.objects.get().paid_fen == 1000
    assert Payment.objects.filter(state="paid").count() == 1
