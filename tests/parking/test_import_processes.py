"""Lists are applied by real processes: killed half-way, and two at once."""

from parking import operations
from parking.models import Vehicle, VehicleImport
from tests.community import factories
from tests.parking import cars

ROWS = 400


def released(compound):
    body = cars.csv_of("车牌", *cars.plates(ROWS))
    batch = cars.check(compound, body)
    return operations.start_import(batch.pk)


def applied(batch):
    return VehicleImport.objects.get(pk=batch.pk).applied


def expect_all_once(compound, batch):
    done = VehicleImport.objects.get(pk=batch.pk)
    assert (done.state, done.applied) == ("applied", ROWS)
    assert Vehicle.objects.of(compound).count() == ROWS
    kinds = list(compound.events.values_list("kind", flat=True))
    assert kinds.count("parking.vehicle_registered") == ROWS
    assert kinds.count("parking.import_applied") == 1
    assert not batch.staged.filter(applied_at=None).exists()


def test_a_killed_import_goes_on_where_it_stopped(start_command, transactional_db):
    compound = factories.compound()
    batch = released(compound)
    resume = ("import_vehicles", "--resume", "--compound", compound.code)
    first = start_command(*resume)
    first.wait_until(lambda: applied(batch) > 0, seconds=90)
    first.kill()
    stopped_at = applied(batch)
    assert 0 < stopped_at < ROWS
    assert Vehicle.objects.of(compound).count() == stopped_at
    second = start_command(*resume)
    second.wait_until(lambda: applied(batch) == ROWS, seconds=90)
    expect_all_once(compound, batch)


def test_two_processes_share_the_rows(start_command, transactional_db):
    compound = factories.compound()
    batch = released(compound)
    workers = [
        start_command("import_vehicles", "--resume", "--compound", compound.code) for _ in range(2)
    ]
    for worker in workers:
        worker.wait_until(lambda: applied(batch) == ROWS, seconds=90)
    expect_all_once(compound, batch)
