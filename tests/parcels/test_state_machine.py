"""Whatever couriers, recipients, proxies, the clock, faults and restarts do, in whatever order:
no parcel is ever in two places or in none, and what the bank holds is what we say it holds.

The model beside the database is the world: which compartment really has a thing in it.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from community.devices.drivers import simulated_locker
from parcels import operations
from parcels.models import ENDED, IN_LOCKER, Parcel, ParcelStep
from tests.parcels.lockers import Stand, stand

SIZES = st.sampled_from(["small", "medium", "large"])
FAULTS = st.sampled_from(
    [
        {},
        {"jam": [1, 2]},
        {"vanish": True},
        {"drop_answer": True},
        {"deaf": True},
        {"lie": {"1": "closed", "3": "open"}},
    ]
)


class Parcels(RuleBasedStateMachine):
    """Each run works in a transaction of its own, which is rolled back."""

    given: Any = Bundle("given")

    def __init__(self) -> None:
        super().__init__()
        # Orders are claimed in transactions of their own, as in any test.
        self.whole: Any = transaction.atomic()
        self.whole._from_testcase = True
        self.whole.__enter__()
        self.place: Stand = stand()
        self.place.behave()
        simulated_locker._path(self.place.device_id, "log").unlink(missing_ok=True)
        self.later = timedelta(0)
        self.made = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def fresh(self, row: Parcel) -> Parcel:
        return Parcel.objects.select_related("compartment__bank").get(pk=row.pk)

    @rule(target=given, size=SIZES, again=st.booleans())
    def deposit(self, size: str, again: bool) -> Parcel:
        """A new waybill, or one that is here already."""
        self.made += 0 if again and self.made else 1
        waybill = f"SF{self.made:010}"
        with contextlib.suppress(ValidationError):
            return self.place.begin(waybill, size)
        return Parcel(pk=0)

    @rule(row=given, size=SIZES, broken=st.booleans())
    def choose_another(self, row: Parcel, size: str, broken: bool) -> None:
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist):
            changed = operations.another_compartment(row, size=size, is_broken=broken)
            self.place.deliver(changed)

    @rule(row=given)
    def undo(self, row: Parcel) -> None:
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist):
            operations.undo_deposit(row)

    @rule(row=given, pushes=st.booleans(), says=st.booleans())
    def shut(self, row: Parcel, pushes: bool, says: bool) -> None:
        """The door is seen, perhaps pushed shut, and its shutting perhaps said."""
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist):
            held = self.fresh(row)
            operations.look(held)
            if pushes and held.compartment:
                simulated_locker.shut(self.place.device_id, held.compartment.number)
            operations.look(held)
            if says:
                operations.say_shut(held, operations.door_of(held))

    @rule(row=given, with_code=st.booleans(), proxy=st.booleans())
    def fetch(self, row: Parcel, with_code: bool, proxy: bool) -> None:
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist, operations.WrongCode):
            held = self.fresh(row)
            if proxy:
                code = operations.let_fetch(held, name="王阿姨").code
                self.place.deliver(operations.take_by_code(self.place.bank, code))
            elif with_code:
                self.place.deliver(operations.take_by_code(self.place.bank, held.code))
            else:
                self.place.deliver(operations.take(held))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.later += timedelta(hours=hours)
        operations.climb(timezone.now() + self.later)

    @rule(behaviour=FAULTS)
    def fault(self, behaviour: dict[str, Any]) -> None:
        self.place.behave(**behaviour)

    @rule()
    def restart(self) -> None:
        """All processes died; what they left is resolved by asking the doors."""
        operations.resolve_left(timezone.now() + timedelta(minutes=5))

    @rule(row=given, found=st.sampled_from(["inside", "never_put_in", "fetched"]))
    def desk_looks(self, row: Parcel, found: str) -> None:
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist):
            operations.say_what_is_there(row, found)

    @rule(row=given, then=st.sampled_from(["stays", "handed", "back"]))
    def to_the_desk(self, row: Parcel, then: str) -> None:
        with contextlib.suppress(ValidationError, Parcel.DoesNotExist):
            held = operations.move_to_desk(row, shelf=self.place.shelf)
            if then == "handed":
                operations.hand_over(held)
            elif then == "back":
                operations.give_to_carrier(held)

    @invariant()
    def each_is_in_one_place(self) -> None:
        taken = []
        for row in Parcel.objects.all():
            places = [row.compartment_id, row.shelf_id]
            where = sum(place is not None for place in places)
            assert where == (0 if row.state in ENDED else 1)
            assert (row.compartment_id is not None) == (row.state in IN_LOCKER)
            assert (row.ended_at is not None) == (row.state in ENDED)
            if row.compartment_id:
                taken.append(row.compartment_id)
        assert len(taken) == len(set(taken))

    @invariant()
    def each_has_a_trail_that_ends_where_it_is(self) -> None:
        for row in Parcel.objects.all():
            assert ParcelStep.objects.filter(parcel=row).exists()
            # Who could open for it can, and nobody else any more.
            assert bool(row.code) == (row.state in ("stored", "taking"))

    @invariant()
    def each_waybill_is_here_once(self) -> None:
        live = list(Parcel.objects.live().values_list("waybill", flat=True))
        assert len(live) == len(set(live))


@pytest.mark.django_db
def test_no_parcel_is_ever_in_two_places_or_in_none(tmp_path):
    quick = settings(
        max_examples=15,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with override_settings(VAR_DIR=tmp_path, MEDIA_ROOT=tmp_path):
        run_state_machine_as_test(Parcels, settings=quick)
