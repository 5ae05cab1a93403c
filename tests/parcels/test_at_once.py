"""Several people at one compartment, bank or parcel: one outcome, and no parcel that is nowhere.

The first tests run in threads of their own; the others play what comes between, step by step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from community.devices.base import BarrierState
from community.devices.drivers import simulated_locker
from community.models import Command, Device
from parcels import operations
from parcels.models import Compartment, LockerBank, Parcel
from tests.parcels.lockers import Stand, stand


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave, all begun at the same moment; what was refused, by its code."""
    line = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            line.wait(10)
            return deed()
        except ValidationError as refusal:
            return code_of(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def code_of(refusal: ValidationError) -> str:
    return str(next(iter(refusal.error_dict.values()))[0].code)


def refused(call: Callable[..., Any], *given: Any, **named: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        call(*given, **named)
    return code_of(refusal.value)


def left_alone(row: Parcel) -> None:
    Parcel.objects.filter(pk=row.pk).update(moved_at=timezone.now() - timedelta(minutes=2))


@pytest.mark.django_db(transaction=True)
class TestInThreads:
    def test_a_double_click_puts_one_parcel_into_one_compartment(self, place: Stand) -> None:
        for number in range(3):
            one, two = together(*[lambda n=number: place.reserve(f"SF000000000{n}")] * 2)
            assert one.pk == two.pk
        assert Parcel.objects.count() == Command.objects.count() == 3
        assert Compartment.objects.filter(parcels__isnull=False).count() == 3

    def test_the_last_compartment_is_given_once(self) -> None:
        place = stand({"small": 1})
        given = together(*[lambda n=number: place.reserve(f"SF000000000{n}") for number in "abc"])
        assert sum(one in ("nothing_free", "taken") for one in given) == 2
        assert Parcel.objects.count() == Command.objects.count() == 1

    def test_one_code_typed_twice_opens_once(self, place: Stand) -> None:
        row = place.put_in()
        seen = len(simulated_locker.openings(place.device_id))
        taken = together(*[lambda: operations.take_by_code(place.bank, row.code)] * 2)
        assert {one.pk for one in taken} == {row.pk}
        assert len(simulated_locker.openings(place.device_id)) == seen + 1

    def test_the_desk_takes_it_or_the_recipient_opens_never_both(self, place: Stand) -> None:
        for _round in range(3):
            row = place.put_in()
            together(
                lambda row=row: operations.move_to_desk(row, shelf=place.shelf),
                lambda row=row: operations.take(row),
            )
            row.refresh_from_db()
            assert row.state in ("desk", "taking")
            opened = row.steps.filter(what="opened_to_take").exists()
            assert opened == (row.state == "taking")
            Parcel.objects.all().delete()


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_while_the_desk_takes_it_out_nobody_else_opens(self, place: Stand) -> None:
        row = place.put_in()
        operations.open_at_desk(row, actor=place.clerk)
        place.deliver(row)
        assert refused(operations.take, row) == "desk_there"
        assert refused(operations.take_by_code, place.bank, row.code) == "desk_there"
        row = operations.move_to_desk(row, shelf=place.shelf, actor=place.clerk)
        assert row.state == "desk"

    def test_the_desk_left_and_the_recipient_may_again(self, place: Stand) -> None:
        row = place.put_in()
        operations.open_at_desk(row, actor=place.clerk)
        Command.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        assert operations.take(row).state == "taking"

    def test_what_the_recipient_opens_is_not_moved_by_the_desk(self, place: Stand) -> None:
        row = operations.take(place.put_in())
        assert refused(operations.move_to_desk, row, shelf=place.shelf) == "somebody_there"
        assert refused(operations.open_at_desk, row) == "somebody_there"
        assert refused(operations.say_what_is_there, row, "fetched") == "somebody_there"
        left_alone(row)
        assert operations.move_to_desk(row, shelf=place.shelf).state == "desk"

    def test_the_clerk_who_looks_and_shuts_has_not_fetched_it(self, place: Stand) -> None:
        """The recipient opened and left; the clerk opens, sees it inside, and pushes it shut."""
        row = place.deliver(operations.take(place.put_in()))
        left_alone(row)
        row = place.deliver(operations.open_at_desk(row, actor=place.clerk))
        operations.watch(place.bank)
        simulated_locker.shut(place.device_id, row.compartment.number)
        operations.watch(place.bank)
        operations.resolve_left(timezone.now() + timedelta(minutes=5))
        row.refresh_from_db()
        assert (row.state, row.doubt) == ("stored", "maybe_empty")
        assert operations.say_what_is_there(row, "inside").doubt == ""

    def test_too_small_clicked_twice_opens_one_other_door(self, place: Stand) -> None:
        client = Client()
        client.force_login(place.courier.user)
        row = place.begin()
        change = f"/courier/parcels/{row.pk}/larger/"
        for _click in range(2):
            client.post(change, {"at": row.compartment_id})
        row.refresh_from_db()
        assert (row.compartment.number, Command.objects.count()) == (3, 2)
        assert (
            f'name="at" value="{row.compartment_id}"'
            in client.get(f"/courier/parcels/{row.pk}/").content.decode()
        )

    def test_a_compartment_whose_door_stands_open_is_given_last(self, place: Stand) -> None:
        row = place.begin()
        operations.look(row)
        operations.undo_deposit(Parcel.objects.get())
        assert place.begin().compartment.number == 2
        simulated_locker.shut(place.device_id, 1)
        operations.watch(place.bank)
        assert place.begin().compartment.number == 1

    def test_an_open_door_is_better_than_none(self) -> None:
        place = stand({"small": 1})
        operations.look(place.begin())
        operations.undo_deposit(Parcel.objects.get())
        assert place.begin().compartment.number == 1

    def test_a_bank_switched_off_in_the_middle_keeps_nothing(self, place: Stand) -> None:
        row = place.reserve()
        Device.objects.filter(pk=place.device_id).update(is_active=False)
        assert operations.look(place.deliver(row)).state == "undone"
        place.bank.refresh_from_db()
        assert refused(place.reserve) == "bank_silent"

    def test_a_bank_without_a_device_says_so(self, place: Stand) -> None:
        row = place.begin()
        LockerBank.objects.update(device=None)
        assert refused(operations.reopen, row) == "bank_silent"
        assert refused(operations.another_compartment, row, size="large") == "bank_silent"

    def test_a_door_read_before_the_last_order_says_nothing_of_it(self, place: Stand) -> None:
        row = place.begin()
        operations.look(row)
        stale = Parcel.objects.select_related("compartment__bank__device", "command").get()
        place.deliver(operations.reopen(row))
        operations.look(row)
        operations.take_door(stale, BarrierState.CLOSED)
        assert not operations.resolve(stale, BarrierState.CLOSED)
        assert Parcel.objects.get().state == "opening"
