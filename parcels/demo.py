"""The demo compound's lockers, couriers and parcels in every state: all invented."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from community import events, operations
from community.demo import plan_of
from community.devices import operations as devices
from community.devices.base import BarrierState
from community.models import Command, Compound, Device, User
from parcels import operations as parcels
from parcels.models import (
    Carrier,
    Compartment,
    Courier,
    KeepingRule,
    LockerBank,
    Parcel,
    Shelf,
)
from residents.models import Person, Residency

Size = Compartment.Size
#: A usual cabinet: many small ones, few large ones.
SIZES = (*(Size.SMALL,) * 18, *(Size.MEDIUM,) * 12, *(Size.LARGE,) * 6)
#: How the cabinet is built: six above one another; what fits in, in centimetres.
LOOKS = {
    "rows": 6, "small_cm": "35 × 45 × 10", "medium_cm": "35 × 45 × 20", "large_cm": "35 × 45 × 35",
}  # fmt: skip
MAIN = "wutong"
CARRIERS = (("顺丰", "赵师傅", "SF"), ("中通", "钱师傅", "ZT"), ("中国邮政", "孙师傅", "XA"))
SOURCE = "演示小区自定, 请按物业服务合同修改"
#: Kind of what came to the desk.
AT_DESK = ("registered", "letter", "parcel", "parcel")


def load(compound: Compound) -> None:
    """Three banks of 36 compartments, one out of order; parcels in the main compound."""
    for name, place in plan_of(compound).locker_banks:
        with events.writing():
            _bank(compound, name, place)
    if compound.code == MAIN and not Carrier.objects.of(compound).exists():
        _parcels(compound)


def _bank(compound: Compound, name: str, place: str) -> None:
    device = Device.objects.of(compound).filter(name=name).first()
    if device is None:
        device = Device(
            compound=compound, name=name, kind=Device.Kind.LOCKER_BANK, driver="simulated_locker"
        )
        operations.save_row(device, actor=None)
    bank, _ = LockerBank.objects.get_or_create(
        compound=compound, name=name, defaults={"place": place, "device": device, **LOOKS}
    )
    known = set(bank.compartments.values_list("number", flat=True))
    Compartment.objects.bulk_create(
        Compartment(bank=bank, number=number, size=size, is_faulty=number == 31)
        for number, size in enumerate(SIZES, start=1)
        if number not in known
    )


def _parcels(compound: Compound) -> None:
    parcels.save_rule(KeepingRule(compound=compound, source=SOURCE, answer_minutes=120))
    shelves = [
        parcels.save_shelf(Shelf(compound=compound, name=name))
        for name in ("前台 A 架", "前台 B 架", "挂号柜")
    ]
    couriers = [_courier(compound, *one, number) for number, one in enumerate(CARRIERS)]
    homes = _homes(compound)
    for person, _unit in homes[:24]:
        parcels.choose(person, "locker")
    bank = _with_tablet(compound)
    for number, (person, unit) in enumerate(homes[:24]):
        if bank is not None:
            row = _put_in(bank, couriers[number % 2], number, person, unit)
            _later(row, number)
    for number, (person, unit) in enumerate(homes[24:32]):
        kind = AT_DESK[number % 4]
        row = parcels.receive_at_desk(
            shelf=shelves[2 if kind == "registered" else number % 2],
            carrier=couriers[2 if kind == "registered" else 0].carrier,
            waybill=f"XA{20261100 + number:08}CN", kind=kind, person=person, unit=unit,
        )  # fmt: skip
        if number == 3:
            parcels.report(row, what="damaged", text="外箱压扁, 里面的杯子碎了。")
    parcels.receive_at_desk(
        shelf=shelves[0], carrier=couriers[0].carrier, waybill="SF142809169999",
        label="王小明 139****2222 5 号楼",
    )  # fmt: skip
    _at_the_gate(couriers, homes)


def _with_tablet(compound: Compound) -> LockerBank | None:
    """The last bank, with an address for its tablet; phones open the others with labels."""
    rows = LockerBank.objects.of(compound).select_related("device").order_by("name")
    bank: LockerBank | None = rows.last()
    if bank is not None:
        parcels.tablet_of(bank)
    return bank


def _at_the_gate(couriers: list[Courier], homes: list[tuple[Person, Any]]) -> None:
    """A pass of today, within the hours of delivery, and a recipient who is asked just now."""
    with suppress(ValidationError):
        parcels.gate_pass(couriers[0], plate="皖A20J68")
    for person, unit in homes[:1]:
        parcels.choose(person, "ask", carrier=couriers[2].carrier)
        parcels.ask_recipient(couriers[2], waybill="XA20261199CN", person=person, unit=unit)


def _courier(compound: Compound, carrier: str, name: str, _mark: str, number: int) -> Courier:
    row = parcels.save_carrier(Carrier(compound=compound, name=carrier))
    return parcels.add_courier(carrier=row, name=name, phone=f"1390000110{number}")


def _homes(compound: Compound) -> list[tuple[Person, Any]]:
    """The resident of the demo first, then others who live here."""
    rows = Residency.objects.of(compound).current(timezone.localdate())
    lived = rows.exclude(person__phone_index="").select_related("person", "unit")
    user = User.objects.filter(username="resident").first()
    found = sorted(lived.order_by("pk")[:400], key=lambda row: row.person.user_id != user_pk(user))
    people: dict[int, tuple[Person, Any]] = {}
    for row in found:
        people.setdefault(row.person_id, (row.person, row.unit))
    mine = list(people.values())
    # The resident of the demo has two in the locker.
    return [mine[0], *mine] if mine else []


def user_pk(user: User | None) -> int:
    return user.pk if user else 0


def _put_in(bank: LockerBank, courier: Courier, number: int, person: Person, unit: Any) -> Parcel:
    mark = next(one[2] for one in CARRIERS if one[0] == courier.carrier.name)
    with devices.inline():
        row = parcels.begin_deposit(
            bank=bank, carrier=courier.carrier, waybill=f"{mark}1428{number:04}{6631 + number}",
            person=person, unit=unit, size=("small", "small", "medium", "large")[number % 4],
            courier=courier, actor=courier.user,
        )  # fmt: skip
    return _open_and_shut(row, courier.user)


def _open_and_shut(row: Parcel, actor: User | None = None) -> Parcel:
    """The door as whoever stood there moved it.

    In a load that is one transaction nobody could ask the bank: the order counts as carried out.
    """
    waiting = Command.objects.filter(pk=row.command_id or 0, state=Command.State.PENDING)
    now = timezone.now()
    waiting.update(state=Command.State.DONE, sent_at=now, finished_at=now)
    parcels.take_door(row, BarrierState.OPEN)
    return parcels.take_door(row, BarrierState.CLOSED, actor=actor)


def _later(row: Parcel, number: int) -> None:
    """Some were fetched since, some wait past their time."""
    if number < 2 or row.state != Parcel.State.STORED:
        return
    ago = timedelta(hours=(number * 7) % 80)
    moved = timezone.now() - ago
    Parcel.objects.filter(pk=row.pk).update(
        created_at=moved, moved_at=moved, keep_until=moved + timedelta(hours=48),
        command=None,  # given just now, it would say that the desk stands there
    )  # fmt: skip
    row.steps.filter(what="stored").update(at=moved)
    row.steps.filter(what="opened_for_deposit").update(at=moved - timedelta(seconds=40))
    if number % 2:
        with devices.inline():
            taken = parcels.take(row, what="opened_by_code")
        _open_and_shut(taken)
