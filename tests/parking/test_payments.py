"""Money is booked once, whoever tells of it, how often and in whatever order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.demo import money as demo_money
from parking.models import (
    Charge,
    Debt,
    ParkedAs,
    Payment,
    PaymentNotice,
    Permit,
    PriceChange,
    Refund,
    Stay,
)
from parking.payments import BadNotice, simulated
from parking.pricing import book_of, due
from tests.community import factories
from tests.parking import money
from tests.parking.cars import car

pytestmark = pytest.mark.django_db
Outcome = PaymentNotice.Outcome


@pytest.fixture
def compound() -> Compound:
    made = factories.compound()
    money.tariff(made)
    money.account(made)
    return made


def owed(stay: Stay, minutes: float = 0) -> int:
    at = timezone.now() + timedelta(minutes=minutes)
    row = Stay.objects.select_related("vehicle", "permit").get(pk=stay.pk)
    return due(row, at, book_of(row.compound)).due_fen


def test_quote_charge_and_audit_are_the_same(compound):
    stay = money.inside(compound, 90)
    assert owed(stay) == 1000
    payment = operations.ask_payment(stay, "code")
    assert payment.amount_fen == 1000
    assert money.told(payment).outcome == Outcome.APPLIED
    charge = money.leave(stay).charge
    assert (charge.total_fen, charge.paid_fen, charge.is_final) == (1000, 1000, True)
    assert sum(line["fen"] for line in charge.lines) == 1000
    assert operations.reprice(stay, "corrected").total_fen == 1000
    assert not Debt.objects.exists()


def test_who_has_paid_may_leave_within_the_grace_and_pays_the_rest_after_it(compound):
    stay = money.inside(compound, 119)
    money.told(operations.ask_payment(stay, "phone"))
    assert owed(stay, 14) == 0
    assert owed(stay, 16) == 500
    late = money.leave(stay, timezone.now() + timedelta(minutes=16))
    assert late.charge.total_fen == 1500
    assert late.debt.amount_fen == 500


def test_an_order_asked_for_again_is_the_same_order(compound):
    stay = money.inside(compound)
    first = operations.ask_payment(stay, "code")
    assert operations.ask_payment(stay, "code").pk == first.pk
    Stay.objects.filter(pk=stay.pk).update(entered_at=timezone.now() - timedelta(minutes=200))
    dearer = operations.ask_payment(stay, "code")
    first.refresh_from_db()
    assert (first.state, dearer.amount_fen) == ("closed", 2000)


def test_a_notice_is_booked_once_however_often_it_comes(compound):
    payment = operations.ask_payment(money.inside(compound), "code")
    headers, body = money.paid(payment)
    taken = [operations.take_notice(payment.account, headers, body) for _time in range(3)]
    again = simulated.notice_of(payment.account_id, payment.number, money.SECRET, key="another")
    assert operations.take_notice(payment.account, *again).outcome == Outcome.REPEATED
    assert {each.pk for each in taken} == {taken[0].pk}
    assert Charge.objects.get().paid_fen == 1000


def test_another_amount_or_a_strange_order_changes_nothing_and_is_kept(compound):
    payment = operations.ask_payment(money.inside(compound), "code")
    assert money.told(payment, 1).outcome == Outcome.WRONG_AMOUNT
    other = factories.compound()
    elsewhere = money.account(other)
    headers, body = simulated.notice_of(payment.account_id, payment.number, money.SECRET)
    assert operations.take_notice(elsewhere, headers, body).outcome == Outcome.UNKNOWN
    payment.refresh_from_db()
    assert (payment.state, Charge.objects.get().paid_fen) == ("waiting", 0)


def test_a_notice_that_the_provider_did_not_sign_is_refused(compound):
    payment = operations.ask_payment(money.inside(compound), "code")
    headers, body = money.paid(payment)
    for bad in (body.replace(b"1000", b"9000"), b"", b"[]", b"\xff" * 50_000):
        with pytest.raises(BadNotice):
            operations.take_notice(payment.account, headers, bad)
    assert not PaymentNotice.objects.exists()


def test_a_late_notice_of_a_closed_order_is_booked_and_one_out_of_order_is_not(compound):
    stay = money.inside(compound)
    payment = operations.ask_payment(stay, "code")
    headers, body = simulated.notice_of(payment.account_id, payment.number, money.SECRET)
    assert operations.take_notice(payment.account, headers, body).outcome == Outcome.NOT_PAID
    Payment.objects.filter(pk=payment.pk).update(state="closed")
    assert money.told(payment).outcome == Outcome.LATE
    assert owed(stay) == 0


def test_a_lost_notice_is_made_up_for_by_asking(compound):
    payment = operations.ask_payment(money.inside(compound), "code")
    simulated.pay(payment.account_id, payment.number)
    assert operations.look(payment).state == "paid"
    assert operations.look(payment).state == "paid"
    assert Charge.objects.get().paid_fen == 1000


def test_orders_that_nobody_paid_end_and_a_paid_one_is_found_at_the_last_look(compound):
    one = operations.ask_payment(money.inside(compound), "code")
    two = operations.ask_payment(money.inside(compound, plate="皖A11111"), "code")
    simulated.pay(two.account_id, two.number)
    assert operations.close_expired(timezone.now() + timedelta(minutes=11)) == 2
    states = dict(Payment.objects.values_list("pk", "state"))
    assert states == {one.pk: "closed", two.pk: "paid"}


@pytest.mark.parametrize("trouble", ["refuse", "vanish", "silent"])
def test_a_provider_in_trouble_is_said_in_words_and_charges_nobody(compound, trouble):
    stay = money.inside(compound)
    simulated.behave(operations.ask_payment(stay, "code").account_id, **{trouble: True})
    with pytest.raises(ValidationError, match=r"."):
        operations.ask_payment(stay, "phone")
    assert owed(stay) == 1000


def test_cash_is_booked_once_and_the_shift_adds_up(compound):
    guard = factories.user("guard", at=compound)
    stay = money.inside(compound)
    with pytest.raises(ValidationError):
        operations.take_cash(stay, 900, actor=guard)
    first = operations.take_cash(stay, 1000, actor=guard)
    assert operations.take_cash(stay, 1000, actor=guard).pk == first.pk
    back = operations.give_back(first, 400, "价格有误", actor=guard)
    assert back.state == Refund.State.DONE
    shift = operations.close_shift(first.shift, 550, note="少五角", actor=guard)
    assert (shift.expected_fen, shift.counted_fen) == (600, 550)


def test_money_goes_back_once_and_never_more_than_was_paid(compound):
    cashier = factories.user("cashier", at=compound)
    stay = money.inside(compound)
    payment = operations.ask_payment(stay, "code")
    with pytest.raises(ValidationError):
        operations.give_back(payment, 100, "x", actor=cashier)
    money.told(payment)
    operations.give_back(payment, 700, "多收", actor=cashier)
    with pytest.raises(ValidationError):
        operations.give_back(payment, 400, "多收", actor=cashier)
    payment.refresh_from_db()
    assert (payment.refunded_fen, Charge.objects.get().paid_fen) == (700, 300)


def test_a_refund_of_which_nobody_knows_is_asked_for_again_under_its_number(compound):
    cashier = factories.user("cashier", at=compound)
    payment = operations.ask_payment(money.inside(compound), "code")
    money.told(payment)
    simulated.behave(payment.account_id, silent=True)
    unsure = operations.give_back(payment, 1000, "多收", actor=cashier)
    assert unsure.state == Refund.State.UNKNOWN
    simulated.behave(payment.account_id)
    Refund.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert operations.resend_unknown() == 1
    unsure.refresh_from_db()
    payment.refresh_from_db()
    assert (unsure.state, payment.refunded_fen) == (Refund.State.DONE, 1000)


def test_each_difference_with_the_providers_list_is_named_and_explained(compound):
    account = compound.payment_accounts.get()
    good, lost, ours = (
        operations.ask_payment(money.inside(compound, plate=f"皖A1111{n}"), "code")
        for n in range(3)
    )
    money.told(good)
    simulated.pay(lost.account_id, lost.number)
    Payment.objects.filter(pk=ours.pk).update(
        state="paid", paid_at=timezone.now(), provider_number="x"
    )
    day = timezone.localdate()
    row = operations.reconcile(account, day)
    told = {each["number"]: (each["what"], each["why"]) for each in row.differences}
    assert told == {
        lost.number: ("only_theirs", "notice_missing"),
        ours.number: ("only_ours", "not_in_list"),
    }
    operations.look(lost)
    assert len(operations.reconcile(account, day).differences) == 1


def test_receipts_are_numbered_without_gaps_and_asked_for_twice_they_are_the_same(compound):
    payments = []
    for n in range(2):
        payment = operations.ask_payment(money.inside(compound, plate=f"皖A1111{n}"), "code")
        with pytest.raises(ValidationError):
            operations.issue_receipt(payment)
        money.told(payment)
        payments.append(payment)
    serials = [operations.issue_receipt(each).serial for each in (*payments, payments[0])]
    assert serials == [1, 2, 1]


def test_a_coupon_is_put_on_a_stay_once_and_bad_ones_are_refused(compound):
    stay = money.inside(compound)
    times = {"valid_from": timezone.now(), "valid_until": timezone.now() + timedelta(days=1)}
    coupon = operations.give_coupon(
        compound=compound, kind="minutes", value=90, giver="鲜果店", code="abc 123", **times
    )
    for code in ("", "ABC124", "x" * 10_000, "<b>", None):
        with pytest.raises(ValidationError):
            operations.use_coupon(stay, code)
    assert operations.use_coupon(stay, " abc123 ").pk == operations.use_coupon(stay, "ABC123").pk
    assert owed(stay) == 0
    with pytest.raises(ValidationError, match=r"used up|用完"):
        operations.use_coupon(money.inside(compound, plate="皖A11111"), coupon.code)


def test_a_stay_put_right_is_priced_anew_with_a_trace(compound):
    stay = money.leave(money.inside(compound, 90))
    assert stay.debt.amount_fen == 1000
    Stay.objects.filter(pk=stay.pk).update(entered_at=stay.left_at - timedelta(minutes=40))
    assert operations.reprice(stay, "corrected").total_fen == 500
    stay.debt.refresh_from_db()
    change = PriceChange.objects.get()
    assert (change.before_fen, change.after_fen, stay.debt.amount_fen) == (1000, 500, 500)


def test_a_month_is_priced_anew_and_only_what_differs_is_traced(compound):
    day = timezone.localdate().replace(day=1)
    stays = [money.leave(money.inside(compound, 90, plate=f"皖A1111{n}")) for n in range(3)]
    assert operations.reprice_month(compound, day) == 0
    Stay.objects.filter(pk=stays[0].pk).update(entered_at=stays[0].left_at - timedelta(minutes=20))
    assert operations.reprice_month(compound, day) == 1
    assert PriceChange.objects.get().charge.stay_id == stays[0].pk
    assert Charge.objects.get(stay=stays[0]).total_fen == 0


def test_rights_pay_for_their_time(compound):
    today = timezone.localdate()
    owner = car(compound, "皖A22222")
    ended = Permit.objects.create(
        compound=compound, kind="monthly", vehicle=owner, valid_from="2024-01-01",
        valid_until=today - timedelta(days=2),
    )  # fmt: skip
    # Whatever the hour: at least a day of it was under the permit, and a day was not.
    minutes = 72 * 60
    cases = {
        ParkedAs.FREE: {}, ParkedAs.RESIDENT: {"vehicle": owner}, ParkedAs.POOL: {},
    }  # fmt: skip
    for number, (right, values) in enumerate(cases.items()):
        stay = money.inside(compound, minutes, f"皖A3333{number}", parked_as=right, **values)
        assert owed(stay) == 0, right
    ran_out = money.inside(compound, minutes, "皖A22222", parked_as="permit", permit=ended)
    assert 0 < owed(ran_out) < owed(money.inside(compound, minutes, "皖A44444"))


def test_clocks_that_disagree_and_a_lost_entry_charge_nobody(compound):
    stay = money.inside(compound, 5)
    before = stay.entered_at - timedelta(seconds=1)
    told = due(stay, before, book_of(compound)).priced.price
    assert (told.total, told.fault) == (0, "times_disagree")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.filter(pk=stay.pk).update(left_at=before)
    lost = Stay.objects.create(compound=compound, plate="皖A55555", left_at=timezone.now())
    operations.close_charge(lost)
    assert (lost.charge.total_fen, lost.charge.fault) == (0, "entry_unknown")


def test_a_tariff_in_force_stays_as_it_is_and_bad_rules_name_the_hour(compound):
    on = compound.tariffs.get()
    with pytest.raises(ValidationError):
        operations.save_tariff(
            compound=compound, name="x", starts_on=on.starts_on, rules=on.rules, tariff=on
        )
    hole = {"rates": [{"workdays": [{"from": "07:00", "to": "23:00", "step_fen": 100}]}]}
    with pytest.raises(ValidationError) as refused:
        operations.save_tariff(
            compound=compound, name="x", starts_on=timezone.localdate(), rules=hole
        )
    assert "23:00" in str(refused.value)
    for rules in ({}, {"rates": [{}]}, {"rates": [{"workdays": [{"from": "x", "to": "y"}]}]}):
        with pytest.raises(ValidationError):
            operations.save_tariff(
                compound=compound, name="x", starts_on=timezone.localdate(), rules=rules
            )


def test_a_stay_keeps_the_tariff_of_the_day_on_which_it_began(compound):
    stay = money.inside(compound, 90)
    other = money.tariff(compound, starts_on=timezone.localdate() + timedelta(days=1))
    money.leave(stay)
    assert stay.charge.tariff_id != other.pk


def test_the_demo_has_a_tariff_a_coupon_and_charges_and_loads_once():
    fresh = factories.compound()
    for _time in range(2):
        demo_money.load(fresh)
    assert fresh.tariffs.count() == fresh.coupons.count() == fresh.payment_accounts.count() == 1
    charges = Charge.objects.of(fresh)
    assert charges.count() == demo_money.STAYS + 1
    paid = sum(fresh.payments.values_list("amount_fen", flat=True))
    owed = fresh.debts.get()
    assert (owed.plate, owed.stay.ticket is not None) == ("", True)
    assert paid + owed.amount_fen == sum(charges.values_list("total_fen", flat=True)) > paid


def test_an_exit_told_again_at_another_time_prices_the_stay_anew(compound):
    stay = money.leave(money.inside(compound, 200))
    assert stay.charge.total_fen == 2000
    money.leave(stay, stay.entered_at + timedelta(minutes=45))
    assert Charge.objects.get().total_fen == 500
    assert PriceChange.objects.get().why == "corrected"
