"""A compound with a simulated locker bank, a courier and a recipient who agreed to the locker."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from community.devices import operations as devices
from community.devices.drivers import simulated_locker
from community.models import Compound, Unit, User
from parcels import operations
from parcels.models import Carrier, Courier, LockerBank, Parcel, Shelf
from residents.models import Person
from residents.operations import add_person, add_residency
from tests.community import factories

_number = itertools.count(1)


@dataclass
class Stand:
    """What a test stands on; ``put_in`` goes the whole way of a deposit."""

    compound: Compound
    bank: LockerBank
    carrier: Carrier
    courier: Courier
    person: Person
    unit: Unit
    shelf: Shelf
    clerk: User

    @property
    def device_id(self) -> int:
        assert self.bank.device_id
        return int(self.bank.device_id)

    def begin(self, waybill: str = "", size: str = "small", **values: Any) -> Parcel:
        return self.deliver(self.reserve(waybill, size, **values))

    def reserve(self, waybill: str = "", size: str = "small", **values: Any) -> Parcel:
        """Begun, and the order not yet on its way."""
        values = {"bank": self.bank, "person": self.person, "unit": self.unit} | values
        return operations.begin_deposit(
            carrier=self.carrier, waybill=waybill or f"SF{next(_number):010}", size=size,
            courier=self.courier, **values,
        )  # fmt: skip

    def deliver(self, row: Parcel) -> Parcel:
        """The order reaches the bank."""
        row.refresh_from_db()
        if row.command_id:
            devices.deliver(row.command_id)
        return row

    def shut(self, row: Parcel) -> Parcel:
        """The door is seen open, pushed shut, and seen shut."""
        assert row.compartment
        operations.look(row)
        simulated_locker.shut(self.device_id, row.compartment.number)
        return operations.look(row)

    def put_in(self, waybill: str = "", **values: Any) -> Parcel:
        return self.shut(self.begin(waybill, **values))

    def behave(self, **behaviour: Any) -> None:
        simulated_locker.behave(self.device_id, **{"shut_after_ms": 0} | behaviour)


def stand(
    sizes: dict[str, int] | None = None, *, agrees: bool = True, phone_proof: str = "none"
) -> Stand:
    compound = factories.compound()
    device = factories.device(
        compound, "locker_bank", "simulated_locker", settings={"shut_after_ms": 0}
    )
    bank = operations.add_bank(
        compound=compound, name="1 号快递柜", place="南门岗亭旁", device=device,
        sizes=sizes or {"small": 2, "medium": 1, "large": 1}, phone_proof=phone_proof,
    )  # fmt: skip
    carrier = operations.save_carrier(Carrier(compound=compound, name="顺丰"))
    courier = operations.add_courier(carrier=carrier, name="赵师傅", phone="13900001111")
    unit = factories.unit(compound)
    person = somebody(compound, unit, "许青", "13800006120")
    if agrees:
        operations.choose(person, "locker")
    shelf = operations.save_shelf(Shelf(compound=compound, name="A1"))
    clerk = factories.user("desk", at=compound)
    return Stand(compound, bank, carrier, courier, person, unit, shelf, clerk)


def somebody(compound: Compound, unit: Unit, name: str, phone: str) -> Person:
    person = add_person(compound=compound, name=name, phone=phone)
    add_residency(person=person, unit=unit, kind="owner", started_on=timezone.localdate())
    return person
