"""What is written by kept SQL is what Django would have written."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from community import prepared_writes
from community.models import Command, Compound, Device, Notification
from community.prepared import NotPrepared
from tests.community import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)

_seen = prepared_writes.Update(
    lambda device, code, now: (
        Device.objects.filter(pk=device, is_active=True, compound__code__gt=""),
        {"last_seen_at": now, "health_code": code, "health": Device.Health.ONLINE},
    ),
    device=int, code=str, now=datetime,
)  # fmt: skip


def _order(device: Device, **given: Any) -> Command:
    told = {"action": "open", "created_at": NOW, "expires_at": NOW, "parameters": {"n": [1, None]}}
    return Command(compound=device.compound, device=device, **(told | given))


def test_a_change_is_made_of_the_rows_it_describes_and_counted() -> None:
    place = factories.compound()
    device, other = (factories.device(place, name=name) for name in "ab")
    for moment, code in ((NOW, "x"), (NOW.replace(year=2027), "y")):
        assert _seen(device=device.pk, code=code, now=moment) == 1
        device.refresh_from_db()
        assert (device.last_seen_at, device.health_code, device.health) == (moment, code, "online")
    other.refresh_from_db()
    assert other.last_seen_at is None
    assert _seen(device=device.pk + 1000, code="", now=NOW) == 0


def test_every_such_change_of_the_house_can_be_written() -> None:
    found = [one for one in gc.get_objects() if type(one) is prepared_writes.Update]
    own = [one for one in found if not one.build.__module__.startswith("tests.")]
    assert len(own) >= 4
    for one in own:
        assert one._write()[0].startswith("UPDATE ")


@pytest.mark.parametrize(
    "build",
    [
        lambda device: (Device.objects.filter(pk=1), {"name": "a"}),  # not named in it
        lambda device: (Device.objects.filter(pk=device), {"name": token_hex(8)}),
    ],
)
def test_what_is_not_the_same_each_time_is_refused(build: Any) -> None:
    with pytest.raises(NotPrepared):
        prepared_writes.Update(build, device=int)(device=1)
    with pytest.raises(NotPrepared):
        _seen(device=1, code="")


def test_a_new_row_is_as_save_would_write_it(django_assert_num_queries: Any) -> None:
    device = factories.device(factories.compound())
    user = factories.user("guard", at=device.compound)
    written, saved = _order(device, key="a", requested_by=user), _order(device, key="b")
    saved.requested_by = user
    saved.save()
    with django_assert_num_queries(1):
        prepared_writes.insert(written)
    assert (written._state.adding, written._state.db) == (False, "default")
    one, other = (Command.objects.filter(pk=row.pk).values().get() for row in (written, saved))
    assert one | {"id": 0, "key": ""} == other | {"id": 0, "key": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared_writes.insert(_order(device, key="a"))
    assert Command.objects.count() == 2


def test_secrets_and_what_the_database_works_out_are_written_as_ever() -> None:
    place = factories.compound()
    told = {"compound": place, "key": "k", "kind": "x", "private": {"c": "7"}}
    row = Notification(address="13800000000", address_index="a", **told)
    row.look_at = Now()
    prepared_writes.insert(row)
    row.refresh_from_db()
    assert (row.address, row.private) == ("13800000000", {"c": "7"})
    assert row.look_at is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM community_notification")
        assert "13800000000" not in cursor.fetchone()[0]


def test_only_the_named_columns_of_a_row_are_written() -> None:
    place = factories.compound()
    place.name, place.address = "new", "not yet"
    prepared_writes.save(place, ["name"])
    fresh = Compound.objects.get(pk=place.pk)
    assert (fresh.name, fresh.address == "not yet") == ("new", False)
    device = factories.device(place, last_seen_at=NOW)
    device.last_seen_at, device.clock_offset_ms = None, 3
    prepared_writes.save(device, ["last_seen_at", "clock_offset_ms"])
    device.clock_offset_ms = F("clock_offset_ms") + 1
    prepared_writes.save(device, ["clock_offset_ms"])
    device.refresh_from_db()
    assert (device.last_seen_at, device.clock_offset_ms) == (None, 4)
    Device.objects.filter(pk=device.pk).delete()
    with pytest.raises(DatabaseError, match="0 rows"):
        prepared_writes.save(device, ["name"])


def test_many_new_rows_go_in_one_statement(django_assert_num_queries: Any) -> None:
    device = factories.device(factories.compound())
    for count, asked in ((2, 2), (9, 1)):
        rows = [_order(device, key=f"{count}-{number}") for number in range(count)]
        with django_assert_num_queries(asked):
            prepared_writes.insert_all(rows)
        assert all(row.pk for row in rows)
    assert Command.objects.count() == 11
