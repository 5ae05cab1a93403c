"""The gates of the demo compound: the cars of its clips, and yesterday's passages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from django.utils import timezone

from community.demo import plan_of
from community.models import Compound, Device, Gate, Lane, Unit, User
from community.models.places import whole_picture
from community.verdicts import Outcome
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking import operations as parking
from parking.demo import places as demo_places
from parking.models import Stay, Vehicle
from security import (
    demo_camera,
    demo_desk,
    demo_duty,
    demo_foot,
    demo_rows,
    demo_stays,
    demo_traffic,
    demo_visits,
    pictures,
)
from security.models import FaceRule, LaneCheck, Passage, Picture
from security.operations.faces import set_face_rule

CARS = Path(__file__).parent / "demo_clips" / "cars.json"
BODIES = {
    "white": "白色", "black": "黑色", "silver": "银色", "grey": "灰色", "red": "红色",
    "blue": "蓝色", "brown": "棕色", "beige": "米色", "green": "绿色",
}  # fmt: skip
BATCH = 30
#: Passages that get a picture: drawing one takes some 30 ms.
PICTURES = 16


def load(compound: Compound) -> None:
    """Register the cars of the clips; write a day of passages where there are none yet."""
    # OpenCV's pool of threads does not survive the fork of a camera worker: make none here.
    cv2.setNumThreads(1)
    if compound.lanes.filter(camera__driver="video").exists():
        _register_clip_cars(compound)
        _aim_cameras(compound)
        _call_lanes_tried(compound)
    _put_up_tablets(compound)
    _take_faces(compound)
    demo_visits.load(compound)
    demo_duty.walk(compound)
    if not Passage.objects.of(compound).exists():
        demo_stays.load(compound)
        _write_history(compound)
        demo_desk.set_out(compound)
    demo_foot.load(compound)
    demo_camera.load(compound)
    demo_duty.hand_over(compound)


def _put_up_tablets(compound: Compound) -> None:
    """A tablet for each door of people; a manager issues its token in the office.

    The first door has a contact that tells who went through.
    """
    first = compound.lanes.filter(gate__kind=Gate.Kind.PEDESTRIAN).order_by("pk")[:1]
    Lane.objects.filter(pk__in=[lane.pk for lane in first]).filter(crossing="assumed").update(
        crossing=Lane.Crossing.CONTACT
    )
    for lane in compound.lanes.filter(gate__kind=Gate.Kind.PEDESTRIAN).order_by("pk"):
        Device.objects.get_or_create(
            compound=compound,
            name=f"{lane.gate.name}{lane.name}平板",
            defaults={"kind": "kiosk", "driver": "browser", "settings": {"lane": lane.pk}},
        )


def _take_faces(compound: Compound) -> None:
    """The first gate for people takes faces, beside a second way: nobody watches it."""
    gate = compound.gates.filter(kind=Gate.Kind.PEDESTRIAN).order_by("order", "pk").first()
    if gate is not None and not FaceRule.objects.of(compound).exists():
        set_face_rule(gate, is_on=True)


def clip_cars() -> dict[str, dict[str, Any]]:
    """The cars that the clips show and that homes registered, by plate."""
    lanes = json.loads(CARS.read_text(encoding="utf-8"))
    cars = [car for lane in lanes.values() for car in lane["cars"]]
    return {car["plate"]: car for car in cars if car["registered"]}


def _aim_cameras(compound: Compound) -> None:
    """Each lane's region of interest, where its clip shows cars."""
    for name, plan in json.loads(CARS.read_text(encoding="utf-8")).items():
        compound.lanes.filter(name=name, roi=whole_picture()).update(roi=plan["roi"])


def _call_lanes_tried(compound: Compound) -> None:
    """The demo's devices need no installer: its check list is done."""
    installer = User.objects.filter(username="installer").first()
    lanes = compound.lanes.filter(camera__isnull=False, barrier__isnull=False)
    for lane in lanes if installer else ():
        for step in LaneCheck.Step:
            device = lane.barrier_id if step == LaneCheck.Step.BARRIER else lane.camera_id
            values = {"device_id": device, "passed_by": installer, "passed_at": timezone.now()}
            LaneCheck.objects.get_or_create(
                compound=compound, lane=lane, step=step, defaults=values
            )


def _register_clip_cars(compound: Compound) -> None:
    known = set(Vehicle.objects.of(compound).values_list("plate", flat=True))
    homes = Unit.objects.of(compound).filter(residencies__ended_on=None).distinct()
    units = list(homes.order_by("code"))
    since = timezone.localdate() - timedelta(days=200)
    for number, (plate, car) in enumerate(sorted(clip_cars().items())):
        if plate not in known:
            parking.register_vehicle(
                compound=compound,
                plate=plate,
                kind=car["kind"],
                colour=BODIES.get(car.get("body", ""), ""),
                unit=units[number * 37 % len(units)],
                valid_from=since,
            )


def _write_history(compound: Compound) -> None:
    rng = Random(f"gates of {compound.code}")  # noqa: S311 - a plausible day, not a secret
    now = timezone.now().astimezone(ZoneInfo(compound.timezone))
    # The cars of the clips start outside: the first thing that one of them does is come in.
    registered = Vehicle.objects.of(compound).registered().exclude(plate__in=clip_cars())
    cars = list(registered.select_related("unit").order_by("plate"))
    trips = demo_traffic.day(rng, cars, plan_of(compound).passages, now)
    _park(rng, compound, cars, trips, now)
    lanes = list(
        Lane.objects.of(compound)
        .filter(gate__kind=Gate.Kind.VEHICLE)
        .select_related("camera", "barrier")
    )
    chosen = _worth_a_picture(trips)
    day = demo_rows.Day(compound, lanes, rng)
    for start in range(0, len(trips), BATCH):
        batch = trips[start : start + BATCH]
        day.write(batch, {trip: _picture(rng, compound, trip) for trip in batch if trip in chosen})
    demo_places.settle(compound)


def _park(
    rng: Random,
    compound: Compound,
    cars: list[Vehicle],
    trips: list[demo_traffic.Trip],
    now: datetime,
) -> None:
    """Who is inside when the day begins: whoever leaves first, and cars that do not move."""
    moving = {trip.plate for trip in trips}
    leaving = {trip.plate for trip in trips if trip.direction == "exit" and trip.vehicle}
    begin = now - demo_traffic.DAY
    demo_rows.open_stays(
        Stay(
            compound=compound,
            plate=car.plate,
            plate_kind=car.kind,
            vehicle=car,
            entered_at=begin - timedelta(hours=rng.uniform(2, 60)),
            assumed=True,
        )
        for car in cars
        if car.plate in leaving or (car.plate not in moving and rng.random() < 0.6)
    )


def _worth_a_picture(trips: list[demo_traffic.Trip]) -> set[demo_traffic.Trip]:
    """What a guard looks up: failed and doubtful reads, and the latest passages."""
    odd = [trip for trip in trips if trip.story.outcome is not Outcome.ALLOW]
    return set(odd[-PICTURES // 2 :]) | set(trips[-PICTURES // 2 :])


def _picture(rng: Random, compound: Compound, trip: demo_traffic.Trip) -> Picture | None:
    """A drawn car with the trip's plate; without one, where it could not be read."""
    kind = PlateKind(trip.kind) if trip.plate else PlateKind.BLUE
    frame, _ = scenes.scene(
        trip.plate or None, kind, np.random.default_rng(rng.randrange(2**31)), (960, 540)
    )
    ok, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])
    if not ok:
        return None
    return pictures.write(jpeg.tobytes(), compound_id=compound.pk, lane_id=None, taken_at=trip.at)
