"""Every change of the guided set-up: one verb each, safe to repeat."""

from security.setup.operations.devices import (
    DevicePlan,
    add_barrier,
    add_camera,
    confirm_barrier,
    confirm_plate,
    draw_region,
    issue_push_address,
    test_barrier,
)
from security.setup.operations.people import add_person, add_vehicle
from security.setup.operations.places import (
    LanePlan,
    add_homes,
    change_compound,
    create_compound,
    save_lane,
)

__all__ = [
    "DevicePlan",
    "LanePlan",
    "add_barrier",
    "add_camera",
    "add_homes",
    "add_person",
    "add_vehicle",
    "change_compound",
    "confirm_barrier",
    "confirm_plate",
    "create_compound",
    "draw_region",
    "issue_push_address",
    "save_lane",
    "test_barrier",
]
