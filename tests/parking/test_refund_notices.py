"""WeChat Pay tells of money that went back: signed, repeated, late, out of order."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from community.models import Event, RetentionRule
from parking import operations
from parking.models import (
    CashShift,
    Debt,
    Payment,
    PaymentAccount,
    PaymentNotice,
    Receipt,
    Refund,
    Stay,
)
from tests.community import factories
from tests.contracts import wechat
from tests.parking import money

pytestmark = pytest.mark.django_db
Outcome = PaymentNotice.Outcome


@pytest.fixture
def paid(settings):
    """A stay of 15 yuan that was paid by WeChat Pay, which takes its time to give back."""
    settings.DEVICE_LOOPBACK = True
    compound = factories.compound()
    money.tariff(compound)
    till = wechat.Till()
    with wechat.Provider(till) as server:
        account = operations.save_account(
            compound=compound, name="微信支付", driver="wechat_pay",
            settings=wechat.settings(server.url) | {"site": "https://linli.example"},
            credentials=wechat.credentials(),
        )  # fmt: skip
        payment = operations.ask_payment(money.inside(compound, 150), "code")
        till.pay(payment.number)
        till.slow = True
        cashier = factories.user("cashier", at=compound)
        found = SimpleNamespace(till=till, account=account, payment=payment, cashier=cashier)
        assert tell(found, *till.notice(payment.number)) == Outcome.APPLIED
        yield found


def tell(paid: Any, headers: dict[str, str], body: bytes) -> str | None:
    """What came of a notice that reaches our door; None where it was refused."""
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    door = f"/park/notices/{paid.account.secret}/"
    answer = Client().post(door, body, content_type="application/json", **sent)
    if answer.status_code != 200:
        return None
    return PaymentNotice.objects.get(key=json.loads(body)["id"]).outcome


def back(paid: Any, fen: int) -> Refund:
    return operations.give_back(paid.payment, fen, "多收", actor=paid.cashier)


def books(paid: Any) -> tuple[int, int]:
    """What was given back, and what counts as paid."""
    payment = Payment.objects.select_related("stay__charge").get(pk=paid.payment.pk)
    return payment.refunded_fen, payment.stay.charge.paid_fen


def test_a_refund_under_way_is_done_when_its_notice_comes_once(paid):
    refund = back(paid, 400)
    assert (refund.state, paid.till.refunds[refund.number]["notify_url"]) == (
        "sending", f"https://linli.example/park/notices/{paid.account.secret}/",
    )  # fmt: skip
    notice = paid.till.refund_notice(refund.number)
    assert [tell(paid, *notice) for _time in range(2)] == [Outcome.APPLIED] * 2
    again = wechat.notified("refund", "SUCCESS", "again", unsealed(notice[1]))
    assert tell(paid, *again) == Outcome.REPEATED
    refund.refresh_from_db()
    assert (refund.state, refund.done_at.isoformat()) == ("done", "2026-03-02T03:00:00+00:00")
    assert books(paid) == (400, 1100)
    assert Event.objects.filter(kind="parking.refund_told").count() == 1


def unsealed(body: bytes) -> Any:
    from parking.payments import signatures

    held = json.loads(body)["resource"]
    return json.loads(
        signatures.unseal(wechat.SEAL, held["nonce"], held["associated_data"], held["ciphertext"])
    )


def test_a_refund_that_failed_counts_as_paid_again_and_may_succeed_after_all(paid):
    refund = back(paid, 1500)
    assert books(paid) == (1500, 0)
    failed = paid.till.refund_notice(refund.number, "ABNORMAL")
    assert tell(paid, *failed) == Outcome.APPLIED
    assert books(paid) == (0, 1500)
    done = paid.till.refund_notice(refund.number)
    assert tell(paid, *done) == Outcome.LATE
    assert books(paid) == (1500, 0)
    older = paid.till.refund_notice(refund.number, "CLOSED")
    assert tell(paid, *older) == Outcome.OVERTAKEN
    refund.refresh_from_db()
    assert (refund.state, books(paid)) == ("done", (1500, 0))


def test_what_does_not_fit_is_kept_and_changes_nothing(paid):
    refund = back(paid, 400)
    assert tell(paid, *paid.till.refund_notice(refund.number, fen=1)) == Outcome.WRONG_AMOUNT
    notice = paid.till.refund_notice(refund.number)
    unsigned = dict(notice[0]) | {"Wechatpay-Signature": "AAAA"}
    assert tell(paid, unsigned, notice[1]) is None
    assert tell(paid, notice[0], notice[1].replace(b"refund", b"refnud")) is None
    other = dict(paid.till.refunds[refund.number])
    paid.till.refunds["LRunknown"] = other
    assert tell(paid, *paid.till.refund_notice("LRunknown")) == Outcome.UNKNOWN
    refund.refresh_from_db()
    assert (refund.state, books(paid)) == ("sending", (400, 1100))
    assert Event.objects.filter(kind="parking.notice_refused").count() == 2


def test_refused_given_back_in_another_way_and_then_done_after_all_is_told_of(paid):
    first = back(paid, 1500)
    assert tell(paid, *paid.till.refund_notice(first.number, "ABNORMAL")) == Outcome.APPLIED
    second = back(paid, 1500)
    assert tell(paid, *paid.till.refund_notice(first.number)) == Outcome.WRONG_AMOUNT
    assert (books(paid), Event.objects.filter(kind="parking.notice_refused").count()) == (
        (1500, 0), 1,
    )  # fmt: skip
    assert second.state == "sending"


def test_money_goes_when_its_time_is_over_and_not_before(paid):
    compound, now = paid.account.compound, timezone.now()
    operations.issue_receipt(paid.payment)
    refund = back(paid, 400)
    Payment.objects.filter(pk=paid.payment.pk).update(paid_at=now)
    money.leave(paid.payment.stay)
    other = money.inside(compound, 90, "皖A11111")
    operations.take_cash(other, 1000, actor=paid.cashier)
    operations.close_shift(CashShift.objects.get(), 1000)
    debt = money.leave(money.inside(compound, 90, "皖A22222")).debt
    RetentionRule.objects.create(compound=compound, subject="payments", days=1, source="x")
    assert operations.retire(now + timedelta(days=30))["money"] == 0
    # One's refund is under way, the other's car is inside, a debt is owed.
    assert operations.retire(now + timedelta(days=40))["money"] == 0
    tell(paid, *paid.till.refund_notice(refund.number))
    money.leave(other)
    later = now + timedelta(days=40)
    assert operations.retire(later)["money"] == 2
    for model in (Payment, Refund, Receipt, CashShift):
        assert not model.objects.exists()
    assert (Stay.objects.count(), PaymentAccount.objects.count()) == (3, 1)
    operations.waive(debt, "误判")
    assert operations.retire(now + timedelta(days=1095))["money"] == 0
    assert operations.retire(now + timedelta(days=1097))["money"] == 1
    assert not Debt.objects.filter(pk=debt.pk).exists()
    assert Debt.objects.open().count() == 1
