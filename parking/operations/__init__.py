"""Every change of vehicles and stays: one verb, one short transaction, one line in the ledger."""

from parking.operations.corrections import correct_crossing
from parking.operations.imports import (
    apply_import,
    apply_waiting,
    check_import,
    start_import,
    tidy_imports,
)
from parking.operations.overnight import note_overnight
from parking.operations.stays import vehicle_entered, vehicle_left
from parking.operations.vehicles import (
    bar_vehicle,
    change_vehicle,
    end_cars_of,
    end_home_cars,
    end_rights,
    end_vehicle,
    forget_owner,
    move_cars,
    register_vehicle,
    unbar_vehicle,
)

__all__ = [
    "apply_import",
    "apply_waiting",
    "bar_vehicle",
    "change_vehicle",
    "check_import",
    "correct_crossing",
    "end_cars_of",
    "end_home_cars",
    "end_rights",
    "end_vehicle",
    "forget_owner",
    "move_cars",
    "note_overnight",
    "register_vehicle",
    "start_import",
    "tidy_imports",
    "unbar_vehicle",
    "vehicle_entered",
    "vehicle_left",
]
