"""Two processes let visitors in and out at once: never more than there are places."""

import json

from bench import drivers
from parking import operations
from parking.models import Area, Hold, Stay
from tests.community import factories

CARS, ROUNDS = 3, 5
DRIVE = "import json; from bench.drivers import drive; print(json.dumps(drive({!r}, {}, {})))"


def test_the_last_place_is_given_to_one_car_only(start_command, transactional_db):
    compound = factories.compound()
    factories.lane(compound)
    operations.save_area(Area(compound=compound), name="地面", capacity=1, whole=True)
    for seed in (1, 2):
        drivers.let_in(compound, seed, CARS)
    how = f"cars={CARS}, rounds={ROUNDS}, threads=2"
    workers = [
        start_command("shell", "-c", DRIVE.format(compound.code, seed, how)) for seed in (1, 2)
    ]
    told = []
    for worker in workers:
        assert worker.popen.wait(120) == 0, worker.log
        told.append(json.loads(worker.log.strip().splitlines()[-1]))
    assert [(one["over"], one["failed"]) for one in told] == [(0, 0), (0, 0)]
    entered = sum(one["entered"] for one in told)
    assert entered > 0
    assert entered + sum(one["waited"] for one in told) == 2 * CARS * ROUNDS
    assert Stay.objects.of(compound).count() == entered
    assert not Stay.objects.of(compound).open().exists()
    assert not Hold.objects.exists()
