"""Handing over a shift: what is told, who signs, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Command, Compound, Device
from security import operations as gates
from security.models import Handover
from security.operations import shifts
from security.shifts import snapshot, telling
from tests.community import factories
from tests.security.duty import guard
from tests.security.gates import OTHER, drive_up, gate, told

pytestmark = pytest.mark.django_db
State = Handover.State


@pytest.fixture
def here() -> Compound:
    return gate(name="南门入口").compound


@pytest.fixture
def leaves(here):
    return guard(here, "陈国栋")


@pytest.fixture
def comes(here):
    return guard(here, "马小军")


def signed(here: Compound, user: Any, note: str = "") -> Handover:
    return shifts.sign_handover(shifts.prepare_handover(here, user, note), user)


def lines(handover: Handover, name: str) -> list[telling.Line]:
    found = {part.name: part for part in telling.sections(handover.snapshot)}
    return found[name].lines


def busy(here: Compound, user: Any) -> None:
    """A waiting car, a lane kept open, a broken camera with its alert, an order unanswered."""
    lane = here.lanes.get()
    drive_up(lane, OTHER)
    other = factories.lane(here, "exit", name="北门出口")
    gates.keep_open(
        lane=other, user=user, reason="removal", until=timezone.now() + timedelta(hours=1)
    )
    Device.objects.filter(pk=lane.camera_id).update(
        health="offline", health_code="unreachable", health_since=timezone.now()
    )
    gates.raise_alert(
        compound=here, kind="device_offline", key="k", severity=2, device=lane.camera_id
    )
    now = timezone.now()
    rows = Command.objects.filter(lane=other)
    rows.update(state="unknown", sent_at=now, finished_at=now)


def test_the_next_guard_is_told_what_is_open(here, leaves):
    busy(here, leaves)
    held = signed(here, leaves, "钥匙在抽屉里")
    assert held.note == "钥匙在抽屉里"
    assert "南门入口" in lines(held, "waiting")[0].text
    assert lines(held, "waiting")[0].plate == OTHER
    assert "北门出口" in lines(held, "kept_open")[0].text
    assert lines(held, "alerts")[0].mark == "sev2"
    assert lines(held, "devices")[0].mark == "off"
    assert lines(held, "commands")[0].mark == "off"
    assert held.snapshot["counts"]["passages"] == 1


def test_the_snapshot_stays_as_it_was_signed(here, leaves, comes):
    busy(here, leaves)
    held = signed(here, leaves)
    before = dict(held.snapshot)
    gates.close_by_key(here.pk, "k")
    drive_up(factories.lane(here), "皖A61234")
    shifts.sign_handover(held, leaves, "zu spät")
    shifts.accept_handover(held, comes)
    held.refresh_from_db()
    assert held.snapshot == before
    assert held.note == ""
    assert len(lines(held, "alerts")) == 1


def test_only_ids_codes_and_numbers_are_frozen(here, leaves):
    busy(here, leaves)
    held = signed(here, leaves, "陈国栋 knows")
    text = str(held.snapshot)
    assert OTHER not in text
    assert "南门" not in text
    assert text.isascii()


def test_what_was_erased_since_is_said_to_be_gone(here, leaves):
    busy(here, leaves)
    held = signed(here, leaves)
    held.snapshot["waiting"][0]["id"] = 10**9
    assert lines(held, "waiting")[0].plate == ""
    assert lines(held, "waiting")[0].text


def test_ten_thousand_alerts_are_counted_and_the_first_told(here, leaves, monkeypatch):
    monkeypatch.setattr(snapshot, "MOST", 3)
    for number in range(5):
        gates.raise_alert(compound=here, kind="disk_full", key=f"k{number}", severity=3)
    held = signed(here, leaves)
    part = telling.sections(held.snapshot)[0]
    assert (len(part.lines), part.total, part.more) == (3, 5, 2)


def test_the_three_steps_are_told_in_the_ledger(here, leaves, comes):
    held = shifts.prepare_handover(here, leaves)
    assert held.state == State.PREPARED
    held = shifts.sign_handover(held, leaves)
    assert held.state == State.SIGNED
    held = shifts.accept_handover(held, comes, "对讲机没电")
    assert (held.state, held.incoming, held.remark) == (State.ACCEPTED, comes, "对讲机没电")
    assert told(here, "shift") == ["shift.prepared", "shift.signed", "shift.accepted"]


def test_each_step_twice_changes_nothing(here, leaves, comes):
    held = shifts.prepare_handover(here, leaves, "a")
    assert shifts.prepare_handover(here, leaves, "b").pk == held.pk
    first = shifts.sign_handover(held, leaves)
    assert shifts.sign_handover(held, leaves).signed_at == first.signed_at
    shifts.accept_handover(held, comes, "x")
    assert shifts.accept_handover(held, comes, "y").remark == "x"
    assert told(here, "shift") == ["shift.prepared", "shift.signed", "shift.accepted"]


def test_nobody_signs_both(here, leaves):
    held = signed(here, leaves)
    with pytest.raises(ValidationError):
        shifts.accept_handover(held, leaves)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=held.pk).update(
            state=State.ACCEPTED, incoming=leaves, accepted_at=timezone.now()
        )


def test_of_two_who_take_it_over_the_first_stays(here, leaves, comes):
    held, third = signed(here, leaves), guard(here, "老秦")
    shifts.accept_handover(held, comes)
    with pytest.raises(shifts.HandoverMoved) as moved:
        shifts.accept_handover(held, third)
    assert moved.value.handover.incoming == comes
    held.refresh_from_db()
    assert held.incoming == comes


def test_the_order_of_steps_is_kept(here, leaves, comes):
    held = shifts.prepare_handover(here, leaves)
    with pytest.raises(shifts.HandoverMoved):
        shifts.accept_handover(held, comes)
    with pytest.raises(PermissionDenied):
        shifts.sign_handover(held, comes)
    shifts.withdraw_handover(held, leaves)
    with pytest.raises(shifts.HandoverMoved):
        shifts.sign_handover(held, leaves)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "signed"},
        {"state": "accepted"},
        {"state": "withdrawn"},
        {"accepted_at": timezone.now()},
    ],
)
def test_the_database_refuses_half_a_step(here, leaves, change):
    held = shifts.prepare_handover(here, leaves)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=held.pk).update(**change)


def test_who_leaves_withdraws_and_begins_anew(here, leaves, comes):
    held = signed(here, leaves)
    with pytest.raises(PermissionDenied):
        shifts.withdraw_handover(held, comes)
    shifts.withdraw_handover(held, leaves)
    again = shifts.prepare_handover(here, leaves)
    assert again.pk != held.pk
    shifts.withdraw_handover(again, factories.user("manager", at=here))
    shifts.accept_handover(signed(here, leaves), comes)
    with pytest.raises(shifts.HandoverMoved):
        shifts.withdraw_handover(Handover.objects.get(state=State.ACCEPTED), leaves)


def test_only_guards_of_the_compound_hand_over(here, leaves):
    stranger = guard(gate().compound, "外人")
    held = signed(here, leaves)
    for verb in (shifts.accept_handover, shifts.withdraw_handover):
        with pytest.raises(PermissionDenied):
            verb(held, stranger)
    with pytest.raises(PermissionDenied):
        shifts.prepare_handover(here, factories.user("desk", at=here))
    assert stranger not in shifts.guards_of(here)
    assert set(shifts.guards_of(here, [leaves.pk])) == set()


def test_too_long_a_note_changes_nothing(here, leaves):
    with pytest.raises(ValidationError):
        shifts.prepare_handover(here, leaves, "x" * 1001)
    assert not Handover.objects.exists()


def test_a_shift_begins_with_the_last_handover(here, leaves, comes):
    first = shifts.accept_handover(signed(here, leaves), comes)
    second = signed(here, comes)
    assert second.snapshot["since"] == snapshot.seconds(first.accepted_at)
    assert first.snapshot["since"] <= first.snapshot["at"] - 12 * 3600 + 5
