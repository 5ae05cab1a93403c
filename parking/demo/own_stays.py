"""Two stays of the demo resident's own car: one paid, one disputed. Pictures come with the gates.

Both times the home's place was taken by another car, so that it parked like a visitor.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.utils import timezone

from community.demo import in_batches
from community.vision import pictures
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking import operations
from parking.models import Charge, ParkedAs, Payment, PaymentAccount, Stay, Vehicle
from parking.operations.prices import values_of
from parking.pricebook import book_of, priced
from residents.models import Person

GREY = (128, 126, 124)
SAID = "那天下午五点就开走了，不是晚上。"


def load(person: Person, car: Vehicle, rng: np.random.Generator) -> None:
    """Called once, by the residents' wishes."""
    paid, disputed = _stay(car, hours_ago=100, minutes=215), _stay(car, hours_ago=26, minutes=840)
    in_batches(Stay, [paid, disputed])
    _pay(paid)
    operations.close_charge(disputed)
    frame, _box = scenes.scene(car.plate, PlateKind(car.kind), rng, (640, 400), colour=GREY)
    operations.dispute_stay(
        disputed, person, what="times", text=SAID, picture=pictures.encode_jpeg(frame)
    )


def _stay(car: Vehicle, hours_ago: int, minutes: int) -> Stay:
    left = timezone.now() - timedelta(hours=hours_ago)
    return Stay(
        compound=car.compound, plate=car.plate, plate_kind=car.kind, colour=car.colour,
        vehicle=car, parked_as=ParkedAs.VISITOR, entered_at=left - timedelta(minutes=minutes),
        left_at=left,
    )  # fmt: skip


def _pay(stay: Stay) -> None:
    account = PaymentAccount.objects.of(stay.compound).filter(is_active=True).first()
    at = stay.left_at
    if account is None or at is None:
        return
    values = values_of(priced(stay, at, book_of(stay.compound)), at) | {"is_final": True}
    fen = values["total_fen"]
    charge = Charge(compound=stay.compound, stay=stay, paid_fen=fen, **values)
    charge.paid_at = charge.paid_until = at
    payment = Payment(
        compound=stay.compound, stay=stay, number=operations.new_number(), way="phone",
        state="paid", amount_fen=fen, account=account, provider_number=f"DEMO{stay.pk}",
        priced_until=at, created_at=at, paid_at=at,
    )  # fmt: skip
    in_batches(Charge, [charge])
    in_batches(Payment, [payment] if fen else [])
