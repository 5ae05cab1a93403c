"""What the demo compound's residents asked for and reported of their cars: all invented."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.utils import timezone

from community.models import Compound, Device
from community.vision import pictures
from community.vision.plates import PlateKind
from community.vision.render import plates, scenes
from parking import operations
from parking.demo import own_stays
from parking.models import CarWish, FireLane, Place, Vehicle
from residents import visiting
from residents.models import Person

MAIN, RESIDENT = "wutong", "resident"
ASKED, MINE, STRANGER = "豫Z52D81", "豫Z36P25", "豫Z71G40"
#: The lane runs slantwise through the picture.
CORNERS = [[0.08, 0.4], [0.62, 0.22], [0.95, 0.5], [0.9, 0.95], [0.2, 0.95]]


def load(compound: Compound) -> None:
    """Once: a car that waits, a dispute, a car in the way, one in a fire lane."""
    person = Person.objects.of(compound).filter(user__username=RESIDENT).first()
    homes = visiting.homes_of(person) if person else []
    if compound.code != MAIN or person is None or not homes:
        return
    if CarWish.objects.of(compound).exists():
        return
    rng = np.random.default_rng(7)
    licence = pictures.encode_jpeg(plates.plate_picture(ASKED, PlateKind.BLUE, rng, width=480))
    operations.ask_car(
        person, unit=homes[0], plate=ASKED, kind="blue", colour="白色", picture=licence
    )
    mine = Vehicle.objects.of(compound).registered().filter(plate=MINE).first()
    if mine is None:
        mine = operations.register_vehicle(
            compound=compound, plate=MINE, kind="blue", colour="灰色", unit=homes[0], owner=person
        )
    _place(person, mine)
    own_stays.load(person, mine, rng)
    _in_the_way(person, mine)
    _fire_lane(compound, rng)


def _place(person: Person, car: Vehicle) -> None:
    """The home holds a place, and the car a monthly permit that ends soon."""
    free = Place.objects.of(car.compound).filter(kind="rented", holdings=None).order_by("number")
    place, today = free.first(), timezone.localdate()
    if place is None or car.unit is None:
        return
    operations.hold_place(place, unit=car.unit, valid_from=today - timedelta(days=120))
    operations.give_permit(
        compound=car.compound, kind="monthly", vehicle=car, place=place,
        valid_from=today - timedelta(days=24), valid_until=today + timedelta(days=6),
    )  # fmt: skip


def _in_the_way(person: Person, car: Vehicle) -> None:
    others = Person.objects.of(car.compound_id).whole().exclude(pk=person.pk)
    other = others.filter(residencies__ended_on=None, residencies__isnull=False).order_by("pk")
    found = other.first()
    if found is not None:
        operations.report_blocked(found, plate=car.plate, place="地下车库 B1-117 车位前")


def _fire_lane(compound: Compound, rng: np.random.Generator) -> None:
    """A stranger's car that stood there for a quarter of an hour this morning."""
    cameras = Device.objects.of(compound).active().filter(kind=Device.Kind.CAMERA)
    camera = cameras.order_by("pk").first()
    if camera is None:
        return
    lane = operations.save_fire_lane(
        FireLane(
            compound=compound, name="3 号楼北侧消防车道", camera=camera, corners=CORNERS,
            is_active=False,
        )
    )  # fmt: skip
    begin = timezone.now() - timedelta(minutes=40)
    frame, _box = scenes.scene(STRANGER, PlateKind.BLUE, rng, (640, 360))
    picture = pictures.encode_jpeg(frame)
    for minute in range(0, 16, 3):
        operations.note_in_zone(lane, STRANGER, begin + timedelta(minutes=minute), picture)
