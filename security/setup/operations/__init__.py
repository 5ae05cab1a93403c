"""Every change of the guided set-up: one verb each, safe to repeat."""

from security.setup.operations.changing import add_device, change_device, remove_device
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
    "add_device",
    "add_homes",
    "add_person",
    "add_vehicle",
    "change_compound",
    "change_device",
    "confirm_barrier",
    "confirm_plate",
    "create_compound",
    "draw_region",
    "issue_push_address",
    "remove_device",
    "save_lane",
    "test_barrier",
]
