"""Connections to PostgreSQL that wait for whoever asks next."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from community.models import Compound
from community.postgresql import base
from tests.community import factories

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _fresh():
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL itself")
    connection.close()
    base.close_all()
    yield
    connection.close()
    base.close_all()


def number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_is_taken_again_and_its_database_alone_counts():
    place, first = factories.compound(), number()
    connection.close()
    assert number() == first
    assert Compound.objects.get().pk == place.pk
    door = connection._door
    connection.close()
    assert base.take(f"{door} of another") is None
    raw = base.take(door)
    assert base.take(door) is None
    raw.close()
    assert not base.keep(door, raw)


def test_one_in_the_middle_of_something_is_closed():
    first = number()
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.compound()
        connection._close()
        raise RuntimeError
    connection.close()
    assert number() != first
    assert not Compound.objects.exists()


def test_one_that_the_server_ended_or_that_is_old_is_not_taken(monkeypatch):
    first = number()
    connection.close()
    with psycopg.connect(**_access()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    second = number()
    assert second != first
    connection.close()
    monkeypatch.setattr(base, "OLD_S", 0.0)
    assert number() != second


def _access() -> dict[str, object]:
    told = connection.settings_dict
    names = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER"}
    return {key: told[name] for key, name in names.items()} | {"password": told["PASSWORD"]}
