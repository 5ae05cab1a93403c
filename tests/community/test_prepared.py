"""Questions whose SQL is kept answer as querysets do, and refuse what could not be kept."""

import gc
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from community.models import Building, Compound, Device, Unit
from community.prepared import NotPrepared, Prepared, prepared
from tests.community import factories

NOW = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)


@prepared(compound=int, kind=str)
def _devices(compound: int, kind: str) -> QuerySet[Any, Device]:
    rows = Device.objects.filter(compound=compound, kind=kind, is_active=True)
    return rows.select_related("compound").defer("credentials").order_by("-pk")


@prepared(since=datetime)
def _names(since: datetime) -> QuerySet[Any, Any]:
    return Device.objects.filter(last_seen_at__gte=since).values_list("name", flat=True)


@pytest.fixture
def compound(db: None) -> Compound:
    return factories.compound()


@pytest.mark.django_db
def test_rows_are_those_of_the_queryset_each_time(compound: Compound) -> None:
    other = factories.compound("other")
    made = [factories.device(place, name=f"{place.pk} {number}")
            for place in (compound, other) for number in range(2)]  # fmt: skip
    for place in (compound, other, compound):
        found = _devices(compound=place.pk, kind=made[0].kind)
        assert found == list(_devices.build(place.pk, made[0].kind))
        assert [row.compound for row in found] == [place, place]
        assert found[0].get_deferred_fields() == {"credentials"}
    assert _devices(compound=compound.pk, kind="nothing") == []
    assert _devices(compound=10**30, kind=made[0].kind) == []
    assert _devices.first(compound=compound.pk, kind="nothing") is None
    assert _devices.first(compound=compound.pk, kind=Device.Kind(made[0].kind)) == made[1]


@pytest.mark.django_db
def test_no_sql_is_written_twice(
    compound: Compound, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    _devices(compound=1, kind="camera")
    monkeypatch.setattr(_devices, "build", None)
    with django_assert_num_queries(1):
        assert _devices(compound=compound.pk, kind="camera") == []


@pytest.mark.django_db
def test_moments_count_in_whatever_zone_they_are_said(compound: Compound) -> None:
    factories.device(compound, name="north", last_seen_at=NOW)
    here = timezone.localtime(NOW)
    assert _names(since=here) == ["north"]
    assert _names(since=here + timedelta(microseconds=1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"compound": None, "kind": "camera"},
        {"compound": True, "kind": "camera"},
        {"compound": "1", "kind": "camera"},
        {"compound": [1], "kind": "camera"},
        {"compound": 1, "kind": None},
        {"compound": 1},
        {"compound": 1, "kind": "camera", "more": 1},
    ],
)
def test_other_values_are_refused(values: dict[str, Any]) -> None:
    """None would have to be IS NULL, and a list as many places as it is long."""
    with pytest.raises(NotPrepared):
        _devices(**values)


@pytest.mark.django_db
def test_a_moment_is_no_day() -> None:
    @prepared(day=date)
    def on(day: date) -> QuerySet[Any, Compound]:
        return Compound.objects.filter(devices__last_seen_at__date=day)

    assert on(day=date(1999, 1, 1)) == []
    with pytest.raises(NotPrepared):
        on(day=NOW)


@pytest.mark.django_db
def test_what_is_not_the_same_each_time_is_refused() -> None:
    @prepared(kind=str)
    def lately(kind: str) -> QuerySet[Any, Device]:
        return Device.objects.filter(kind=kind, last_seen_at__lte=timezone.now())

    with pytest.raises(NotPrepared, match="not the same"):
        lately(kind="camera")


@pytest.mark.django_db
def test_a_value_that_does_not_stand_as_it_is_given_is_refused() -> None:
    """The text of LIKE has its signs escaped, and a sum is another number."""

    @prepared(start=str)
    def beginning(start: str) -> QuerySet[Any, Device]:
        return Device.objects.filter(name__startswith=start)

    @prepared(more=int)
    def after(more: int) -> QuerySet[Any, Device]:
        return Device.objects.filter(pk__gt=F("compound") * (more + 1))

    for asked, given in ((beginning, {"start": "a"}), (after, {"more": 1})):
        with pytest.raises(NotPrepared):
            asked(**given)


def test_a_kind_that_cannot_stand_as_it_is_is_refused() -> None:
    with pytest.raises(NotPrepared):
        prepared(share=float)(Device.objects.all)


@pytest.mark.django_db
def test_what_is_fetched_beside_is_fetched_too(compound: Compound) -> None:
    @prepared(code=str)
    def homes(code: str) -> QuerySet[Any, Building]:
        return Building.objects.filter(code=code).prefetch_related("units")

    building = Building.objects.create(compound=compound, code="7", floors=3)
    for _turn in range(2):
        unit = Unit.objects.create(
            compound=compound, building=building, floor=1, room=str(_turn), code=f"7-{_turn}"
        )
        assert unit in homes(code="7")[0].units.all()


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction(transactional_db: None) -> None:
    compound = factories.compound()

    @prepared(key=int)
    def held(key: int) -> QuerySet[Any, Compound]:
        return Compound.objects.select_for_update().filter(pk=key)

    with transaction.atomic():
        assert held(key=compound.pk) == [compound]
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            held(key=compound.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_their_own_connections_at_once(transactional_db: None) -> None:
    compound = factories.compound()
    rows = [factories.device(compound, name=str(number)) for number in range(8)]

    @prepared(key=int)
    def one(key: int) -> QuerySet[Any, Device]:
        return Device.objects.filter(pk=key)

    wrong: list[Any] = []

    def ask(row: Device) -> None:
        try:
            wrong.extend(found for _ in range(50) for found in one(key=row.pk) if found != row)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.django_db
def test_every_one_of_the_house_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked once each: what is not the same each time it is built, or next year, says so here."""
    samples = {int: 7, str: "京A12345", datetime: NOW, date: NOW.date()}
    known = [one for one in gc.get_objects() if type(one) is Prepared]
    house = [one for one in known if one.build.__module__.split(".")[0] != "tests"]
    assert len(house) > 10
    for one in house:
        asked = {name: samples[kind] for name, kind in one.kinds.items()}
        assert one(**asked) == list(one.build(**asked)), one.__name__
    kept = {one: one._compiled(connection, 0) for one in house}
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for one, before in kept.items():
        then = one._compiled(connection, 0)
        assert (then.sql, then.given) == (before.sql, before.given), one.__name__


@pytest.mark.django_db
def test_no_row_has_a_number_that_no_database_takes() -> None:
    one = prepared(pk=int)(lambda pk: Compound.objects.filter(pk=pk))
    assert one(pk=2**63) == []
