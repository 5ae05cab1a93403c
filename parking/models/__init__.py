"""Vehicles, the places and rights they park by, their stays, and imports of vehicle lists."""

from parking.models.imports import VehicleImport, VehicleImportRow
from parking.models.permits import Bicycle, Hold, ListEntry, Permit, Pool, Ticket
from parking.models.places import Area, AreaLane, Holding, Place
from parking.models.stays import ParkedAs, Stay, StayChange
from parking.models.vehicles import PlateKind, Vehicle

__all__ = [
    "Area",
    "AreaLane",
    "Bicycle",
    "Hold",
    "Holding",
    "ListEntry",
    "ParkedAs",
    "Permit",
    "Place",
    "PlateKind",
    "Pool",
    "Stay",
    "StayChange",
    "Ticket",
    "Vehicle",
    "VehicleImport",
    "VehicleImportRow",
]
