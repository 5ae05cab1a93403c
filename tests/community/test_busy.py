"""Writers in line, connections that stay open, and what a page says when no turn came."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from community import busy
from community.models import Compound
from community.sqlite3 import idle
from community.sqlite3.turns import Turns
from tests.community import factories


def test_turns_come_in_the_order_of_asking_and_whoever_gives_up_is_passed_over():
    line, order = Turns(), []
    assert line.take(0)

    def wait(name: str) -> None:
        assert line.take(30)
        order.append(name)
        line.give()

    threads = []
    for name in "abc":
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        while len(line._waiting) < len(threads):
            time.sleep(0.001)
        assert not line.take(0.001)
    line.give()
    for one in threads:
        one.join()
    assert order == ["a", "b", "c"]
    assert line.take(0)


@pytest.mark.django_db(transaction=True)
def test_many_threads_write_one_after_another():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has writers of its own")
    place = factories.compound()
    at_once, most, failed = [0], [0], []

    def write() -> None:
        try:
            for _each in range(5):
                with transaction.atomic():
                    at_once[0] += 1
                    most[0] = max(most[0], at_once[0])
                    Compound.objects.filter(pk=place.pk).update(address=str(at_once[0]))
                    at_once[0] -= 1
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _each in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (most[0], failed) == (1, [])


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_lock_that_another_process_has_is_waited_for_and_not_for_ever(monkeypatch):
    place = factories.compound()
    file = connection.settings_dict["NAME"]
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pytest.fail("two write at once")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 20)
    leaving = threading.Timer(0.05, other.execute, ["COMMIT"])
    leaving.start()
    with transaction.atomic():
        Compound.objects.filter(pk=place.pk).update(address="after it")
    leaving.join()
    assert Compound.objects.get(pk=place.pk).address == "after it"
    # Whatever is written without a transaction waits for the other process as well.
    other.execute("BEGIN IMMEDIATE")
    leaving = threading.Timer(0.05, other.execute, ["COMMIT"])
    leaving.start()
    Compound.objects.filter(pk=place.pk).update(address="alone")
    leaving.join()
    assert Compound.objects.get(pk=place.pk).address == "alone"
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("community.sqlite3.base.WAIT_S", 0.05)
    with pytest.raises(OperationalError, match="locked"):
        Compound.objects.filter(pk=place.pk).update(address="never")
    other.close()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_connection_taken_anew_keeps_what_it_prepared_and_its_foreign_keys():
    factories.compound()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 WHERE 1 = %s", [1])
    raw = connection.connection
    raw.execute("PRAGMA foreign_keys = OFF")
    connection.close()
    connection.ensure_connection()
    assert connection.connection is raw
    assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_connection_is_kept_for_this_very_file_only(tmp_path: Path):
    path = tmp_path / "one.sqlite3"
    raw = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    raw.execute("CREATE TABLE thing (id integer)")
    assert idle.keep(str(path), raw)
    assert idle.take(str(path)) is raw
    raw.execute("BEGIN")
    assert not idle.keep(str(path), raw)
    raw.execute("ROLLBACK")
    assert idle.keep(str(path), raw)
    path.rename(tmp_path / "old.sqlite3")
    path.touch()
    assert idle.take(str(path)) is None


def test_a_busy_page_says_so_and_gives_back_what_was_typed(rf):
    request = rf.post("/courier/?x=1", {"waybill": 'SF"1<', "tail": "6120"})
    answer = busy.Busy(lambda _request: None).process_exception(
        request, OperationalError("database is locked")
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    text = answer.content.decode()
    assert 'name="waybill" value="SF&quot;1&lt;"' in text
    assert 'action="/courier/?x=1"' in text
    secret = rf.post("/sign-in/", {"password": "geheim"})
    secret.sensitive_post_parameters = "__ALL__"
    assert "geheim" not in busy.answer(secret, OperationalError("x")).content.decode()
    asked = busy.answer(rf.get("/x/", headers={"accept": "application/json"}), OperationalError())
    assert asked["Content-Type"] == "application/json"
    assert busy.Busy(lambda _request: None).process_exception(request, ValueError()) is None


@pytest.mark.django_db
def test_a_busy_call_is_told_when_to_ask_again(client, monkeypatch):
    def refuse(_view: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("parcels.api.BankViewSet.get_queryset", refuse)
    client.force_login(factories.user("manager", at=factories.compound()))
    answer = client.get("/api/v1/lockers/")
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "2", "busy")
