"""What the demo's money went through: debts, cash shifts, receipts, a refund, days compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils import timezone

from community.demo import in_batches
from community.models import Compound, User
from parking import operations
from parking.demo.rules import NEXT
from parking.models import CashShift, Charge, Debt, ParkedAs, Payment, PaymentAccount, Stay
from parking.operations.prices import values_of
from parking.payments import simulated
from parking.pricebook import Book, priced
from parking.tariffs.rules import dump
from residents.clock import add_months

MAIN = "wutong"
#: plate, minutes inside, hours since it left, why it went without paying, what the guard noted.
DEBTS = (
    ("豫Z31L75", 260, 3, "no_money", "手机没电，现金不够"),
    ("豫Z08K62", 700, 30, "disputed", "说中午已经离开过一次"),
    ("豫Z55T19", 130, 52, "fault", "扫码后页面打不开"),
    ("豫Z90J84", 95, 75, "emergency", "送病人去医院"),
)


class Till(NamedTuple):
    """Who counted, days ago, minutes inside of each car that paid in cash, fen missing."""

    who: str
    days: int
    long: tuple[int, ...]
    off: int = 0
    note: str = ""


SHIFTS = (
    Till("guard", 2, (95, 200, 340)),
    Till("guard2", 1, (130, 260), -500, "找零时多找了 5 元"),
    Till("guard", 0, (95, 200)),
)
COMPARED_DAYS = 5
TITLE = "芦城市小雨滴文化传播有限公司"


def load(compound: Compound, account: PaymentAccount, book: Book) -> None:
    """For the main compound, once, after its visitors' stays."""
    if compound.code != MAIN:
        return
    _next_version(compound)
    _debts(compound, account, book)
    for shift in SHIFTS:
        _cash(compound, book, shift)
    _by_the_office(compound, account)


def _next_version(compound: Compound) -> None:
    """A draft that somebody tries out on last month's stays."""
    first = add_months(timezone.localdate().replace(day=1), 1)
    operations.save_tariff(
        compound=compound, name="临时停车收费标准（讨论稿）", starts_on=first, rules=dump(NEXT),
        source="业委会讨论中",
    )  # fmt: skip


def _left(compound: Compound, plate: str, minutes: int, hours_ago: float) -> Stay:
    end = timezone.now() - timedelta(hours=hours_ago)
    return Stay(
        compound=compound, plate=plate, plate_kind="blue", parked_as=ParkedAs.VISITOR,
        entered_at=end - timedelta(minutes=minutes), left_at=end,
    )  # fmt: skip


def _charges(stays: list[Stay], book: Book) -> list[Charge]:
    rows = []
    for stay in stays:
        end = stay.left_at or timezone.now()
        values: dict[str, Any] = values_of(priced(stay, end, book), end) | {"is_final": True}
        rows.append(Charge(compound=stay.compound, stay=stay, **values))
    return rows


def _debts(compound: Compound, account: PaymentAccount, book: Book) -> None:
    stays = [_left(compound, plate, long, ago) for plate, long, ago, _why, _note in DEBTS]
    in_batches(Stay, list[Model](stays))
    charges = _charges(stays, book)
    in_batches(Charge, list[Model](charges))
    guard = User.objects.filter(username="guard").first()
    debts: list[Model] = [
        Debt(
            compound=compound, stay=charge.stay, plate=plate, amount_fen=charge.total_fen,
            reason=why, note=note, decided_by=guard, created_at=charge.priced_until,
        )
        for charge, (plate, _long, _ago, why, note) in zip(charges, DEBTS, strict=True)
        if charge.total_fen
    ]  # fmt: skip
    in_batches(Debt, debts)
    _unheard(account, charges[2])
    manager = User.objects.filter(username="manager").first()
    for debt in Debt.objects.of(compound).filter(reason=Debt.Reason.EMERGENCY):
        operations.waive(debt, "急救用车，不收费", actor=manager)


def _unheard(account: PaymentAccount, charge: Charge) -> None:
    """The driver whose page did not open has paid after all; only the provider knows."""
    at = charge.stay.left_at or timezone.now()
    row = Payment(
        compound=account.compound, stay=charge.stay, number=operations.new_number(), way="phone",
        state="closed", amount_fen=charge.total_fen, account=account, priced_until=at,
        created_at=at,
    )  # fmt: skip
    in_batches(Payment, [row])
    simulated.remember(account.pk, [(row.number, f"S{row.number}", row.amount_fen, at)])


def _cash(compound: Compound, book: Book, till: Till) -> None:
    """A shift with what was taken in it; today's is still open."""
    cashier = User.objects.filter(username=till.who).first()
    if cashier is None:
        return
    hours = till.days * 24 + 1
    stays = [
        _left(compound, f"豫Y{30_417 + 7_213 * till.days + 911 * n}", minutes, hours + n)
        for n, minutes in enumerate(till.long)
    ]
    in_batches(Stay, list[Model](stays))
    charges = _charges(stays, book)
    total = sum(charge.total_fen for charge in charges)
    for charge in charges:
        charge.paid_fen = charge.total_fen
    in_batches(Charge, list[Model](charges))
    shift = CashShift(
        compound=compound, cashier=cashier, opened_at=timezone.now() - timedelta(hours=hours + 6)
    )
    if till.days:
        shift.closed_at = timezone.now() - timedelta(hours=hours - 1)
        shift.expected_fen, shift.counted_fen = total, total + till.off
        shift.note = till.note
    in_batches(CashShift, [shift])
    in_batches(Payment, [_taken(charge, shift) for charge in charges if charge.total_fen])


def _taken(charge: Charge, shift: CashShift) -> Model:
    at = charge.stay.left_at or timezone.now()
    return Payment(
        compound=shift.compound, stay=charge.stay, number=operations.new_number(), way="cash",
        state="paid", amount_fen=charge.total_fen, priced_until=at, created_at=at, paid_at=at,
        taken_by=shift.cashier, shift=shift,
    )  # fmt: skip


def _by_the_office(compound: Compound, account: PaymentAccount) -> None:
    """Receipts, a refund, and the last days laid beside the provider's list."""
    manager = User.objects.filter(username="manager").first()
    rows = Payment.objects.filter(account=account, state="paid").select_related("stay", "compound")
    newest = list(rows.order_by("-paid_at")[:3])
    if manager is None or len(newest) < 3:
        return
    operations.issue_receipt(newest[0], title=TITLE, actor=manager)
    operations.issue_receipt(newest[1], actor=manager)
    operations.give_back(newest[2], min(500, newest[2].amount_fen), "重复收取首小时", actor=manager)
    for back in range(COMPARED_DAYS, 0, -1):
        operations.reconcile(account, timezone.localdate() - timedelta(days=back), actor=manager)
