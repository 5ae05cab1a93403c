import os
import subprocess
import sys

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from community import events
from community.models import Event, HandlerRun, LedgerHead
from tests.community import factories
from tests.servers.linli import database_url

pytestmark = pytest.mark.django_db
events.declare("test.thing", "thing", ["guard"])
events.declare("test.secret", "secret", ["manager"])


def record(compound, count=1, **payload):
    with events.writing():
        for _ in range(count):
            events.record("test.thing", compound=compound, **payload)


def numbers(compound):
    return list(Event.objects.of(compound).order_by("sequence").values_list("sequence", flat=True))


def test_numbers_run_without_gap_in_each_compound():
    one, two = factories.compound(), factories.compound()
    record(one, 3)
    record(two, 1)
    record(one, 2)
    assert numbers(one) == [1, 2, 3, 4, 5]
    assert numbers(two) == [1]


def test_a_failed_verb_leaves_no_line_and_no_gap():
    compound = factories.compound()
    with pytest.raises(ZeroDivisionError), events.writing():
        events.record("test.thing", compound=compound)
        raise ZeroDivisionError
    record(compound)
    assert numbers(compound) == [1]


def test_many_lines_take_no_more_questions_than_one():
    compound = factories.compound()
    record(compound)
    with CaptureQueriesContext(connection) as one:
        record(compound)
    with CaptureQueriesContext(connection) as many:
        record(compound, 120)
    assert len(many) == len(one)
    assert numbers(compound) == list(range(1, 123))


def test_a_batch_of_which_one_line_fails_leaves_nothing():
    compound = factories.compound()
    with pytest.raises(ValueError, match="codes"), events.writing():
        for number in range(120):
            events.record("test.thing", compound=compound, row=number)
        events.record("test.thing", compound=compound, name="许知夏")
    record(compound)
    assert numbers(compound) == [1]


def test_an_inner_verb_that_fails_takes_only_its_own_lines_back():
    compound = factories.compound()
    with events.writing():
        events.record("test.thing", compound=compound, which=1)
        with pytest.raises(ZeroDivisionError), events.writing():
            events.record("test.thing", compound=compound, which=2)
            raise ZeroDivisionError
        events.record("test.thing", compound=compound, which=3)
    assert [e.payload["which"] for e in Event.objects.of(compound).order_by("sequence")] == [1, 3]


def test_recording_needs_a_verb_around_it():
    with pytest.raises(RuntimeError):
        events.record("test.thing", compound=1)


@pytest.mark.parametrize(
    "value", ["豫A12345", "Chen Guodong", "<b>", "x" * 65, object(), {"a": "free text"}, ["Ä"]]
)
def test_a_payload_holds_codes_and_numbers_only(value):
    with pytest.raises(ValueError, match="payload"), events.writing():
        events.record("test.thing", compound=factories.compound(), value=value)


def test_an_undeclared_kind_is_refused():
    with pytest.raises(LookupError), events.writing():
        events.record("test.nobody_declared_this", compound=factories.compound())


@pytest.mark.parametrize("change", [lambda q: q.update(kind="test.secret"), lambda q: q.delete()])
def test_the_database_refuses_to_change_the_past(change):
    compound = factories.compound()
    record(compound)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        change(Event.objects.of(compound))
    assert numbers(compound) == [1]


def test_below_the_low_water_mark_events_may_go():
    compound = factories.compound()
    record(compound, 3)
    LedgerHead.objects.filter(pk=compound.pk).update(low_water=2)
    Event.objects.of(compound).filter(sequence__lte=2).delete()
    assert numbers(compound) == [3]


def test_who_sees_which_kinds_where():
    here, there = factories.compound(), factories.compound()
    guard = factories.user("guard", at=here)
    for compound in (here, there):
        with events.writing():
            events.record("test.thing", compound=compound)
            events.record("test.secret", compound=compound)
    seen = Event.objects.visible_to(guard)
    assert [(e.compound_id, e.kind) for e in seen] == [(here.pk, "test.thing")]


def test_a_handler_is_promised_in_the_same_transaction():
    compound = factories.compound()
    events.on("test.thing", "test.note")(lambda event: None)
    try:
        record(compound, 2)
        assert HandlerRun.objects.filter(handler="test.note").count() == 2
    finally:
        events._handlers.pop("test.thing")


WRITER = """
import django; django.setup()
import sys
from community import events
events.declare("test.thing", "thing", ["guard"])
compound, times = map(int, sys.argv[1:])
for turn in range(times):
    try:
        with events.writing():
            for _ in range(4):
                events.record("test.thing", compound=compound)
            if turn % 5 == 4:
                events.record("test.thing", compound=compound, name="no code")
    except ValueError:
        pass
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_share_one_sequence_without_gap_or_repeat(settings):
    compound = factories.compound()
    url = database_url(settings.DATABASES["default"])
    environment = os.environ | {"DATABASE_URL": url}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(compound.pk), "25"], env=environment)
        for _ in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    # Of 25 times each, five failed: nothing of their four lines is there.
    assert numbers(compound) == list(range(1, 4 * 20 * 4 + 1))
