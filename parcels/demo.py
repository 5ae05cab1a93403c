"""The locker banks of the demo compound."""

from __future__ import annotations

from community import events, operations
from community.demo import plan_of
from community.models import Compound, Device
from parcels.models import Compartment, LockerBank

Size = Compartment.Size
#: A usual cabinet: many small ones, few large ones.
SIZES = (*(Size.SMALL,) * 18, *(Size.MEDIUM,) * 12, *(Size.LARGE,) * 6)


def load(compound: Compound) -> None:
    """Three banks of 36 compartments, one compartment out of order."""
    for name, place in plan_of(compound).locker_banks:
        with events.writing():
            _bank(compound, name, place)


def _bank(compound: Compound, name: str, place: str) -> None:
    device = Device.objects.of(compound).filter(name=name).first()
    if device is None:
        device = Device(
            compound=compound, name=name, kind=Device.Kind.LOCKER_BANK, driver="simulated"
        )
        operations.save_row(device, actor=None)
    bank, _ = LockerBank.objects.get_or_create(
        compound=compound, name=name, defaults={"place": place, "device": device}
    )
    known = set(bank.compartments.values_list("number", flat=True))
    Compartment.objects.bulk_create(
        Compartment(bank=bank, number=number, size=size, is_faulty=number == 31)
        for number, size in enumerate(SIZES, start=1)
        if number not in known
    )
