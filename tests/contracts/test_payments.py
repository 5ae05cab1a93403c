"""What every provider of payments keeps to, the simulated one included."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from parking.payments import (
    BadNotice,
    BillRow,
    NotTaken,
    Order,
    PaymentProvider,
    Return,
    Unsure,
    signatures,
    simulated,
)
from parking.payments.bills import rows_of
from parking.payments.simulated import Simulated
from parking.payments.wechat_pay import WeChatPay
from tests.community.notifications.providers import Provider
from tests.contracts import wechat

pytestmark = pytest.mark.pure
ORDER = Order(
    number="LP" + "a" * 28,
    amount_fen=1250,
    about="停车费 皖A90C31",
    way="code",
    notify_url="https://linli.example/park/notices/x/",
    expires_at=datetime(2026, 3, 2, 10, 10, tzinfo=UTC),
)
_accounts = itertools.count(9_000_000)


@dataclass
class Web:
    till: wechat.Till
    server: Provider

    def driver(self, **other: str) -> PaymentProvider:
        return WeChatPay(wechat.settings(self.server.url), wechat.credentials(**other))

    def pay(self, number: str, fen: int | None = None) -> None:
        self.till.pay(number, fen)

    def notice(self, number: str) -> tuple[dict[str, str], bytes]:
        return self.till.notice(number)

    def slow(self) -> None:
        self.till.slow = True

    def refund_notice(self, number: str, *, done: bool) -> tuple[dict[str, str], bytes]:
        return self.till.refund_notice(number, "SUCCESS" if done else "ABNORMAL")

    def make(self, trouble: str) -> None:
        if trouble == "vanish":
            self.server.vanish()
        else:
            self.server.mode = {"silent": "silent"}[trouble]

    day = timezone.localdate()


@dataclass
class Nowhere:
    account: int

    def driver(self, **_other: str) -> PaymentProvider:
        return Simulated({"account": self.account}, {"secret": "s"})

    def pay(self, number: str, fen: int | None = None) -> None:
        simulated.pay(self.account, number, fen)

    def notice(self, number: str) -> tuple[dict[str, str], bytes]:
        return simulated.notice_of(self.account, number, "s")

    def slow(self) -> None:
        simulated.behave(self.account, slow_refund=True)

    def refund_notice(self, number: str, *, done: bool) -> tuple[dict[str, str], bytes]:
        simulated.finish_refund(self.account, number, "done" if done else "failed")
        return simulated.refund_notice(self.account, number, "s")

    def make(self, trouble: str) -> None:
        simulated.behave(self.account, **{trouble: True})

    day = timezone.localdate()


@pytest.fixture(autouse=True)
def _loopback(settings: Any, tmp_path: Any) -> None:
    settings.DEVICE_LOOPBACK = True
    settings.VAR_DIR = tmp_path


@pytest.fixture(params=["wechat_pay", "simulated"])
def place(request) -> Iterator[Any]:
    if request.param == "simulated":
        yield Nowhere(next(_accounts))
        return
    till = wechat.Till()
    with Provider(till) as server:
        yield Web(till, server)


def test_it_is_a_provider(place):
    assert isinstance(place.driver(), PaymentProvider)


@pytest.mark.parametrize("way", ["code", "phone"])
def test_an_order_is_placed_paid_and_asked_for(place, way):
    provider = place.driver()
    link = provider.place(replace(ORDER, way=way))
    assert link
    assert provider.place(replace(ORDER, way=way)) == link
    assert provider.ask(ORDER.number).state == "waiting"
    place.pay(ORDER.number)
    told = provider.ask(ORDER.number)
    assert (told.state, told.amount_fen, bool(told.provider_number)) == ("paid", 1250, True)
    assert told.paid_at is not None
    assert told.paid_at.tzinfo is not None


def test_an_order_that_is_not_known_there_is_closed(place):
    assert place.driver().ask("LPunknown").state == "closed"


def test_a_closed_order_is_closed_and_a_paid_one_stays_paid(place):
    provider = place.driver()
    provider.place(ORDER)
    provider.close(ORDER.number)
    assert provider.ask(ORDER.number).state == "closed"
    other = replace(ORDER, number="LP" + "b" * 28)
    provider.place(other)
    place.pay(other.number)
    with pytest.raises(NotTaken):
        provider.close(other.number)
    assert provider.ask(other.number).state == "paid"


def test_money_goes_back_once_under_one_number(place):
    provider = place.driver()
    provider.place(ORDER)
    back = Return("LR" + "c" * 28, ORDER.number, 250, 1250, "多收")
    place.pay(ORDER.number)
    assert [provider.give_back(back) for _time in range(2)] == ["done", "done"]
    rows = sorted((row.is_refund, row.number, row.amount_fen) for row in provider.bill(place.day))
    assert rows == [(False, ORDER.number, 1250), (True, back.number, 250)]


def test_a_day_without_payments_has_an_empty_list(place):
    assert place.driver().bill(place.day) == []


def test_a_notice_tells_what_was_paid(place):
    provider = place.driver()
    provider.place(ORDER)
    place.pay(ORDER.number)
    headers, body = place.notice(ORDER.number)
    notice = provider.read_notice(headers, body, timezone.now())
    assert (notice.told.number, notice.told.amount_fen) == (ORDER.number, 1250)
    assert provider.read_notice(headers, body, timezone.now()).key == notice.key


@pytest.mark.parametrize("done", [True, False])
def test_money_that_goes_back_slowly_is_told_of(place, done):
    provider = place.driver()
    provider.place(ORDER)
    place.pay(ORDER.number)
    place.slow()
    back = Return("LR" + "d" * 28, ORDER.number, 250, 1250, "多收", ORDER.notify_url)
    assert [provider.give_back(back) for _time in range(2)] == ["pending", "pending"]
    assert not any(row.is_refund for row in provider.bill(place.day))
    notice = provider.read_notice(*place.refund_notice(back.number, done=done), timezone.now())
    told = notice.told
    assert (told.number, told.payment_number, told.amount_fen) == (back.number, ORDER.number, 250)
    assert (told.state, told.done_at is not None) == ("done" if done else "failed", done)


@pytest.mark.parametrize("harm", ["body", "signature", "nothing", "long"])
def test_a_notice_of_somebody_else_is_refused(place, harm):
    provider = place.driver()
    provider.place(ORDER)
    place.pay(ORDER.number)
    headers, body = place.notice(ORDER.number)
    if harm == "body":
        body = body.replace(b"a", b"b", 1)
    elif harm == "long":
        body *= 200
    else:
        headers = {} if harm == "nothing" else dict.fromkeys(headers, "x")
    with pytest.raises(BadNotice):
        provider.read_notice(headers, body, timezone.now())


def test_it_says_thanks_and_no_thanks_differently(place):
    provider = place.driver()
    assert provider.reply(taken=True)[0] == 200
    assert provider.reply(taken=False)[0] >= 400


@pytest.mark.parametrize(("trouble", "fault"), [("vanish", NotTaken), ("silent", Unsure)])
def test_what_is_certain_and_what_is_not_are_told_apart(place, trouble, fault):
    provider = place.driver()
    place.make(trouble)
    with pytest.raises(fault):
        provider.place(ORDER)


# WeChat Pay's own.


@pytest.fixture
def web() -> Iterator[Web]:
    till = wechat.Till()
    with Provider(till) as server:
        yield Web(till, server)


def test_an_answer_that_wechat_pay_did_not_sign_is_not_believed(web):
    web.till.unsigned = True
    with pytest.raises(Unsure, match="not_signed"):
        web.driver().place(ORDER)


def test_our_own_key_that_they_do_not_know_is_our_fault(web):
    stranger = wechat.pem(wechat.THEIRS)
    with pytest.raises(NotTaken) as refused:
        web.driver(private_key=stranger).place(ORDER)
    assert (refused.value.code, refused.value.ours) == ("sign_error", True)


def test_what_they_refuse_is_certain(web):
    with pytest.raises(NotTaken, match="param_error"):
        web.driver().place(replace(ORDER, amount_fen=666))


def test_a_notice_kept_by_somebody_is_too_old(web):
    provider = web.driver()
    provider.place(ORDER)
    web.pay(ORDER.number)
    headers, body = web.notice(ORDER.number)
    with pytest.raises(BadNotice, match="too_old"):
        provider.read_notice(headers, body, timezone.now() + timedelta(minutes=6))


def test_a_bill_that_is_not_whole_is_not_compared(web):
    provider = web.driver()
    provider.place(ORDER)
    web.till.broken_bill = True
    with pytest.raises(Unsure, match="not_whole"):
        provider.bill(web.day)


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2", wechat.HEAD + "\n`x,`y,`z,`n,`t,`SUCCESS,`0,`0,`q,`0"]
)
def test_a_file_that_is_no_bill_is_refused(text):
    with pytest.raises(ValueError, match="no "):
        rows_of(text.encode())


def test_an_order_that_is_not_there_is_known_by_the_older_code_too(web):
    web.till.not_there = "ORDERNOTEXIST"
    assert web.driver().ask("LPunknown").state == "closed"


def test_an_order_that_they_refuse_is_no_fault_of_our_keys(web):
    web.till.refuses = (403, "NOT_ENOUGH")
    with pytest.raises(NotTaken) as refused:
        web.driver().give_back(Return("LR" + "e" * 28, ORDER.number, 1, 1250, "多收"))
    assert (refused.value.code, refused.value.ours) == ("not_enough", False)
    web.till.refuses = (403, "NO_AUTH")
    with pytest.raises(NotTaken) as refused:
        web.driver().place(ORDER)
    assert refused.value.ours


def test_a_name_with_a_comma_does_not_move_the_columns_of_a_bill():
    head = "微信订单号,商户订单号,交易状态,退款状态,商户退款单号,商品名称,订单金额,申请退款金额"
    lines = [
        "`4201,`LP1,`SUCCESS,`,`0,`Parking 皖A90C31, until noon,`12.50,`0.00",
        "`4201,`LP1,`REFUND,`SUCCESS,`LR1,`停车费,`0.00,`2.50",
        "`4201,`LP1,`REFUND,`FAIL,`LR2,`停车费,`0.00,`3.00",
    ]
    found = rows_of("\r\n".join([head, *lines, "总交易单数,总额", "`3,`1"]).encode())
    assert found == [BillRow("LP1", "4201", 1250), BillRow("LR1", "4201", 250, is_refund=True)]
    with pytest.raises(ValueError, match="another length"):
        rows_of(f"{head}\r\n`4201,`LP1".encode())


def test_a_probe_with_a_false_signature_is_refused(web):
    """The provider sends such notices itself, to see whether signatures are looked at."""
    provider = web.driver()
    provider.place(ORDER)
    web.pay(ORDER.number)
    headers, body = web.notice(ORDER.number)
    probe = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:]
    with pytest.raises(BadNotice):
        provider.read_notice(headers | {"Wechatpay-Signature": probe}, body, timezone.now())


def test_amounts_of_a_bill_are_fen(web):
    provider = web.driver()
    provider.place(replace(ORDER, amount_fen=1999))
    web.pay(ORDER.number)
    assert provider.bill(web.day) == [BillRow(ORDER.number, f"42000{ORDER.number[-8:]}", 1999)]


@pytest.mark.parametrize(
    "other", [{"api_v3_key": "short"}, {"private_key": "no key"}, {"platform_key": ""}]
)
def test_settings_that_cannot_work_are_said_at_once(web, other):
    with pytest.raises(NotTaken) as refused:
        web.driver(**other)
    assert refused.value.ours


def test_what_is_sealed_is_unsealed_under_its_key_only():
    sealed = signatures.seal("k" * 32, "n" * 12, "transaction", "好".encode())
    assert signatures.unseal("k" * 32, "n" * 12, "transaction", sealed).decode() == "好"
    for key, label in (("x" * 32, "transaction"), ("k" * 32, "refund")):
        with pytest.raises(ValueError, match="not sealed"):
            signatures.unseal(key, "n" * 12, label, sealed)
