"""A process that begins a deposit: ``python -m tests.parcels.child BANK PERSON COURIER``."""

from __future__ import annotations

import sys

import django


def deposit(bank: str, person: str, courier: str) -> None:
    from parcels import operations
    from parcels.models import Courier, LockerBank
    from residents.models import Person

    who = Courier.objects.select_related("carrier").get(pk=courier)
    operations.begin_deposit(
        bank=LockerBank.objects.select_related("device").get(pk=bank),
        carrier=who.carrier,
        waybill="SF0000000001",
        person=Person.objects.get(pk=person),
        size="small",
        courier=who,
    )


if __name__ == "__main__":
    django.setup()
    deposit(*sys.argv[1:])
