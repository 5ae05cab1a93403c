"""Lists of residents are applied by real processes: killed half-way, and two at once."""

import pytest

from residents import operations
from residents.models import Person, Registration, Residency, ResidentImport
from tests.community import factories
from tests.residents.lists import HOME, check, sheet, tenant

ROWS = 200


@pytest.fixture
def released(transactional_db):
    compound = factories.compound()
    factories.unit(compound, HOME)
    rows = [tenant(number, 姓名=f"许知{number}", 与户主关系="合住") for number in range(ROWS)]
    batch = check(compound, sheet(*rows))
    assert batch.state == "checked", batch.faults[:3]
    return operations.start_list(batch.pk)


def applied(batch):
    return ResidentImport.objects.get(pk=batch.pk).applied


def expect_all_once(batch):
    compound = batch.compound
    done = ResidentImport.objects.get(pk=batch.pk)
    assert (done.state, done.applied) == ("applied", ROWS)
    for model in (Person, Residency, Registration):
        assert model.objects.of(compound).count() == ROWS
    kinds = list(compound.events.values_list("kind", flat=True))
    for kind in ("person_added", "residency_added", "registration_accepted"):
        assert kinds.count(f"residents.{kind}") == ROWS
    assert kinds.count("residents.import_applied") == 1
    assert not batch.staged.filter(applied_at=None).exists()


def test_a_killed_import_goes_on_where_it_stopped(start_command, released):
    resume = ("import_residents", "--resume", "--compound", released.compound.code)
    first = start_command(*resume)
    first.wait_until(lambda: applied(released) > 0, seconds=90)
    first.kill()
    stopped_at = applied(released)
    assert 0 < stopped_at < ROWS
    assert Person.objects.of(released.compound).count() == stopped_at
    second = start_command(*resume)
    second.wait_until(lambda: applied(released) == ROWS, seconds=90)
    expect_all_once(released)


def test_two_processes_share_the_rows(start_command, released):
    resume = ("import_residents", "--resume", "--compound", released.compound.code)
    workers = [start_command(*resume) for _ in range(2)]
    for worker in workers:
        worker.wait_until(lambda: applied(released) == ROWS, seconds=90)
    expect_all_once(released)
