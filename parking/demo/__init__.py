"""The cars of the demo compound. Office letters X, Y and Z are in use in few provinces, if any."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db.models import QuerySet
from django.utils import timezone

from community.demo import in_batches, plan_of
from community.models import Compound
from community.vision import grammar
from parking.demo import money as demo_money
from parking.demo import places as demo_places
from parking.demo import wishes as demo_wishes
from parking.models import PlateKind, Vehicle
from residents import operations as residents
from residents.models import Residency

COLOURS = ("白色", "白色", "白色", "黑色", "黑色", "灰色", "银色", "蓝色", "红色", "棕色", "绿色")
NEAR, FAR = "豫", "鲁冀晋陕皖鄂苏京"
OFFICES = "XYZ"
#: Where a car unknown to all stays overnight.
STRANGER = ("wutong", "豫Z60K17")
BARRED = (
    "多次占用消防通道，停用至整改完成",
    "冒用他人车牌登记",
)


def load(compound: Compound) -> None:
    """Cars of homes: most valid, some expired, two barred, a few from tomorrow on or ended."""
    # Plates have a row of chances of their own: who lives here may change between two loads.
    rng = Random(f"cars of {compound.code}")  # noqa: S311 - the same cars at every load
    plates = Random(f"plates of {compound.code}")  # noqa: S311
    holders = list(_holders(compound))
    today = timezone.localdate()
    known = set(Vehicle.objects.of(compound).values_list("plate", flat=True))
    cars: dict[str, Vehicle] = {}
    while len(cars) < plan_of(compound).cars:
        plate, kind = _plate(plates)
        car = _car(rng, compound, rng.choice(holders), today, len(cars))
        car.plate, car.kind = plate, kind
        cars.setdefault(plate, car)
    in_batches(Vehicle, [car for plate, car in cars.items() if plate not in known])
    _overnight(compound)
    demo_places.load(compound)
    demo_money.load(compound)
    demo_wishes.load(compound)


def _overnight(compound: Compound) -> None:
    """A car that nobody registered stays four nights: the office asks whose it is."""
    today = timezone.localdate()
    for back in range(1, 5) if compound.code == STRANGER[0] else ():
        day = today - timedelta(days=back)
        residents.record_sign(
            "car_night", compound=compound, source="car", key=f"{STRANGER[1]}:{day}", on=day,
            plate=STRANGER[1],
        )  # fmt: skip
    residents.weigh_signs()


def _holders(compound: Compound) -> QuerySet[Residency]:
    """Owners and tenants who live here today; families drive the same cars."""
    current = Residency.objects.of(compound).current(timezone.localdate())
    found: QuerySet[Residency] = current.filter(
        kind__in=[Residency.Kind.OWNER, Residency.Kind.TENANT]
    ).order_by("unit__code", "kind", "person__document_index")
    return found


def _plate(rng: Random) -> tuple[str, str]:
    """A plate by the grammar and its kind, in the mix of a car park."""
    start = (NEAR if rng.random() < 0.88 else rng.choice(FAR)) + rng.choice(OFFICES)
    fate = rng.random()
    digits = "".join(rng.choice(grammar.DIGITS) for _ in range(5))
    if fate < 0.68:
        # At most two letters, as the registries give them out.
        body = list(digits)
        for place in rng.sample(range(5), k=rng.choice((0, 1, 1, 2))):
            body[place] = rng.choice(grammar.LETTERS)
        return start + "".join(body), PlateKind.BLUE.value
    if fate < 0.93:
        second = rng.choice(grammar.SERIAL)
        return start + rng.choice("DDDDAF") + second + digits[:4], PlateKind.GREEN.value
    if fate < 0.96:
        return start + digits, PlateKind.YELLOW.value
    if fate < 0.98:
        return start + digits + "D", PlateKind.GREEN_LARGE.value
    return start + digits[:4] + "学", PlateKind.YELLOW.value


def _car(rng: Random, compound: Compound, holder: Residency, today: date, number: int) -> Vehicle:
    since = max(holder.started_on, today - timedelta(days=rng.randint(20, 1500)))
    car = Vehicle(
        compound=compound,
        colour=rng.choice(COLOURS),
        unit_id=holder.unit_id,
        owner_id=holder.person_id,
        valid_from=since,
        valid_until=holder.ended_on,
    )
    if number % 60 == 7:
        car.valid_until = max(since, today - timedelta(days=rng.randint(1, 40)))
    elif number % 100 == 11:
        car.valid_from, car.valid_until = today + timedelta(days=3), None
    elif number % 150 == 23:
        car.barred_reason = BARRED[(number // 150) % len(BARRED)]
    elif number % 75 == 31:
        car.ended_at = timezone.now() - timedelta(days=rng.randint(5, 200))
    return car
