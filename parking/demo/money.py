"""The demo's tariff, a coupon, an account that moves no money, and some weeks of charges."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db.models import Model
from django.utils import timezone

from community.demo import in_batches
from community.models import Compound
from parking import operations
from parking.demo import books
from parking.demo.rules import RULES
from parking.models import Charge, ParkedAs, Payment, PaymentAccount, Stay, Tariff
from parking.operations.prices import values_of
from parking.payments import simulated
from parking.pricebook import book_of, priced
from parking.tariffs.rules import dump

STAYS = 36
COUPON = "FRUIT90"


def load(compound: Compound) -> None:
    """Once: what people change afterwards stays."""
    if Tariff.objects.of(compound).exists():
        return
    first = timezone.localdate().replace(month=1, day=1)
    tariff = Tariff(
        compound=compound, name="临时停车收费标准", starts_on=first, rules=dump(RULES),
        source="业主大会 2025-11-30", switched_on_at=timezone.now(),
    )  # fmt: skip
    in_batches(Tariff, [tariff])
    account = operations.save_account(
        compound=compound, name="演示收款（模拟）", driver="simulated", settings={},
        credentials={"secret": f"demo {compound.code}"},
    )  # fmt: skip
    operations.give_coupon(
        compound=compound, kind="minutes", value=90, giver="小区鲜果店", code=COUPON,
        valid_from=timezone.now(), valid_until=timezone.now() + timedelta(days=365), most_uses=500,
    )  # fmt: skip
    _charges(compound, account, first)
    _without_a_plate(compound)


def _without_a_plate(compound: Compound) -> None:
    """A car that came by ticket and was let go unpaid: a debt that no plate finds again."""
    left = timezone.now() - timedelta(days=3, hours=2)
    begun = left - timedelta(hours=3, minutes=10)
    ticket = operations.make_ticket(compound=compound, note="白色面包车，无牌", at=begun)
    ticket.ended_at = left
    ticket.save(update_fields=["ended_at"])
    stay = Stay.objects.create(
        compound=compound, ticket=ticket, parked_as=ParkedAs.VISITOR, entered_at=begun,
        left_at=left,
    )  # fmt: skip
    operations.close_charge(stay)


def _charges(compound: Compound, account: PaymentAccount, first: date) -> None:
    """Visitors of the last six weeks, nearly all of whom paid on the phone."""
    rng = Random(f"visitors' cars of {compound.code}")  # noqa: S311 - the same at every load
    now = timezone.now()
    stays: list[Stay] = []
    for number in range(STAYS):
        left = now - timedelta(minutes=rng.randint(60 * 5, 60 * 24 * (6 if number % 2 else 42)))
        long = timedelta(minutes=rng.choice((25, 50, 95, 130, 200, 340, 700, 1500)))
        plate = f"豫Z{rng.randint(10000, 99999)}"
        stays.append(
            Stay(
                compound=compound, plate=plate, plate_kind="blue", parked_as=ParkedAs.VISITOR,
                entered_at=left - long, left_at=left,
            )
        )  # fmt: skip
    stays.sort(key=lambda stay: stay.left_at or now)
    in_batches(Stay, list(stays))
    book = book_of(compound)
    charges: list[Model] = []
    payments: list[Model] = []
    for stay in stays:
        until = stay.left_at or now
        values = values_of(priced(stay, until, book), until) | {"is_final": True}
        fen = values["total_fen"]
        charges.append(Charge(compound=compound, stay=stay, paid_fen=fen, **values))
        if fen:
            payments.append(_paid(compound, account, stay, fen))
    in_batches(Charge, charges)
    in_batches(Payment, payments)
    told_provider(account)
    books.load(compound, account, book)


def told_provider(account: PaymentAccount) -> None:
    """The simulated provider knows the payments too, or each would be a difference next day."""
    rows = Payment.objects.filter(account=account, state=Payment.State.PAID)
    columns = ("number", "provider_number", "amount_fen", "paid_at")
    simulated.remember(account.pk, rows.values_list(*columns))


def _paid(compound: Compound, account: PaymentAccount, stay: Stay, fen: int) -> Payment:
    at = stay.left_at or timezone.now()
    return Payment(
        compound=compound, stay=stay, number=operations.new_number(), way="phone", state="paid",
        amount_fen=fen, account=account, provider_number=f"DEMO{stay.pk}", priced_until=at,
        created_at=at, paid_at=at,
    )  # fmt: skip
