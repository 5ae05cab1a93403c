"""The demo compound's car park: areas, places, permits, homes' places, lists, and last month."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils import timezone

from community.demo import in_batches
from community.models import Compound, Unit
from parking import operations
from parking.models import (
    Area,
    Bicycle,
    Holding,
    ParkedAs,
    Permit,
    Place,
    PlateKind,
    Pool,
    Stay,
    Vehicle,
)

WUTONG = "wutong"
#: name, level, capacity, for visitors, lies in
AREAS = (
    ("全小区", "", 460, 70, None), ("地面", "", 120, 60, None), ("地下车库", "B1", 210, 10, None),
    ("地下车库", "B2", 130, 0, "地下车库 B1"), ("非机动车棚", "", 60, None, None),
)  # fmt: skip
LISTED = (
    ("豫Z18F06", "allow", "外墙维修施工车", 25),
    ("豫Z02C11", "free", "社区卫生服务中心巡诊车", None),
    ("豫Z44H97", "deny", "多次占用消防通道，业委会决议", 60),
)
GARAGE = "地下车库 B1"
#: Cars with a monthly permit; stays of last month on each day.
MONTHLY, A_DAY = 40, 14


def load(compound: Compound) -> None:
    """Once; a second load changes nothing."""
    if compound.code != WUTONG or Area.objects.of(compound).exists():
        return
    rng = Random("car park of wutong")  # noqa: S311 - the same car park at every load
    areas = _areas(compound)
    _places(rng, compound, areas[GARAGE])
    _rights(rng, compound, areas[GARAGE])
    for plate, kind, reason, days in LISTED:
        until = timezone.localdate() + timedelta(days=days) if days else None
        operations.list_plate(
            compound=compound, plate=plate, kind=kind, reason=reason, valid_until=until
        )
    _last_month(rng, compound)


def _areas(compound: Compound) -> dict[str, Area]:
    found: dict[str, Area] = {}
    for order, (name, level, capacity, visitors, parent) in enumerate(AREAS):
        title = f"{name} {level}".strip()
        area = Area(compound=compound)
        found[title] = operations.save_area(
            area, name=title if level else name, capacity=capacity, visitors=visitors,
            parent=found[parent] if parent else None, whole=not order, order=order,
            self_tickets=not order,
        )  # fmt: skip
    return found


def _places(rng: Random, compound: Compound, garage: Area) -> None:
    """Sixty numbered places: most owned or rented, some for all."""
    kinds = ["owned"] * 30 + ["rented"] * 18 + ["charging"] * 6 + ["common"] * 4 + ["disabled"] * 2
    rows: list[Model] = [
        Place(compound=compound, area=garage, number=f"B1-{number:03}", kind=kind)
        for number, kind in enumerate(kinds, start=1)
    ]
    in_batches(Place, rows)
    units = list(Unit.objects.of(compound).filter(vehicles__ended_at=None).distinct())
    units.sort(key=lambda unit: unit.code)
    held = Place.objects.of(compound).filter(kind__in=["owned", "rented"]).order_by("number")[:42]
    since = timezone.localdate() - timedelta(days=400)
    in_batches(
        Holding,
        [
            Holding(compound=compound, place=place, unit=unit, valid_from=since)
            for place, unit in zip(held, rng.sample(units, min(42, len(units))), strict=False)
        ],
    )


def _rights(rng: Random, compound: Compound, garage: Area) -> None:
    """Monthly permits, some about to end; homes with two cars on one place; bicycles."""
    today = timezone.localdate()
    cars = list(
        Vehicle.objects.of(compound).valid_on(today).filter(unit__isnull=False).order_by("plate")
    )
    permits: list[Model] = [
        Permit(
            compound=compound, kind=Permit.Kind.MONTHLY if number % 5 else Permit.Kind.OWNER,
            vehicle=car, valid_from=today - timedelta(days=rng.randint(40, 300)),
            valid_until=today + timedelta(days=rng.choice((3, 6, 12, 25, 70, 160, 330))),
        )
        for number, car in enumerate(cars[:MONTHLY])
    ]  # fmt: skip
    in_batches(Permit, permits)
    homes: dict[int, list[Vehicle]] = {}
    for car in cars[MONTHLY:]:
        homes.setdefault(car.unit_id or 0, []).append(car)
    for both in [found for found in homes.values() if len(found) == 2][:6]:
        unit = both[0].unit
        if unit is not None:
            operations.open_pool(compound=compound, unit=unit, cars=both)
    units = list(Unit.objects.of(compound).order_by("code")[:8])
    in_batches(
        Bicycle,
        [
            Bicycle(compound=compound, tag=f"E20034{number:04}", unit=unit, valid_from=today)
            for number, unit in enumerate(units)
        ],
    )


def _last_month(rng: Random, compound: Compound) -> None:
    """Stays that ended last month: visitors by day, residents overnight."""
    zone = ZoneInfo(compound.timezone)
    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    cars = list(Vehicle.objects.of(compound).registered().order_by("plate")[:120])
    rows: list[Model] = []
    for day in range(27):
        midnight = datetime.combine(first + timedelta(days=day), time.min, zone)
        for number in range(A_DAY):
            resident = number % 3 == 0
            begin = midnight + timedelta(hours=rng.uniform(17, 21) if resident else 0)
            begin += timedelta(hours=0 if resident else rng.uniform(8, 20))
            hours = rng.uniform(9, 14) if resident else rng.choice((0.2, 0.8, 1.5, 2.5, 4, 7))
            car = cars[(day + number * 9) % len(cars)] if resident else None
            rows.append(_stay(rng, compound, car, begin, hours))
    in_batches(Stay, rows)


def _stay(
    rng: Random, compound: Compound, car: Vehicle | None, begin: datetime, hours: float
) -> Stay:
    plate = car.plate if car else f"豫Y{rng.randint(10_000, 99_999)}"
    return Stay(
        compound=compound, plate=plate, vehicle=car,
        plate_kind=car.kind if car else PlateKind.BLUE.value,
        parked_as=ParkedAs.RESIDENT if car else ParkedAs.VISITOR,
        entered_at=begin, left_at=begin + timedelta(hours=hours),
    )  # fmt: skip


def settle(compound: Compound) -> None:
    """Give each car inside its right, and a place: what the lanes would have written."""
    if compound.code != WUTONG:
        return
    rng = Random("who parks where")  # noqa: S311
    rows = Stay.objects.of(compound).filter(parked_as=ParkedAs.UNKNOWN)
    stays = list(rows.select_related("vehicle__pool").order_by("pk"))
    permits = {
        permit.vehicle_id or -(permit.pool_id or 0): permit
        for permit in Permit.objects.of(compound)
    }
    taken: set[int] = set()
    for stay in stays:
        stay.parked_as, stay.permit = _right(stay, permits, taken)
    Stay.objects.bulk_update(stays, ["parked_as", "permit"], batch_size=500)
    areas = {str(area): area for area in Area.objects.of(compound)}
    inside = [stay for stay in stays if stay.left_at is None and not stay.area_id]
    in_batches(Stay, [_inner(stay, areas, rng) for stay in inside])


def _right(stay: Stay, permits: dict[int, Permit], taken: set[int]) -> tuple[str, Permit | None]:
    car = stay.vehicle
    if car is None:
        return ParkedAs.VISITOR.value, None
    if car.pk in permits:
        return ParkedAs.PERMIT.value, permits[car.pk]
    pool: Pool | None = car.pool
    if pool is None:
        return ParkedAs.RESIDENT.value, None
    if stay.left_at is None and pool.pk in taken:
        return ParkedAs.VISITOR.value, None
    if stay.left_at is None:
        taken.add(pool.pk)
    return ParkedAs.POOL.value, permits.get(-pool.pk)


def _inner(stay: Stay, areas: dict[str, Area], rng: Random) -> Stay:
    """Where the car stands: who has a right mostly below ground."""
    below = stay.parked_as != ParkedAs.VISITOR and rng.random() < 0.75
    area = areas[GARAGE] if below else areas["地面"]
    return Stay(
        compound_id=stay.compound_id, area=area, plate=stay.plate, plate_kind=stay.plate_kind,
        vehicle=stay.vehicle, parked_as=stay.parked_as, permit=stay.permit,
        entered_at=stay.entered_at, assumed=stay.assumed,
    )  # fmt: skip
