"""Who may open what of the cars."""

from __future__ import annotations

from tests.rights.rule import NOBODY, OFFICE, STAFF, Rule, Table, tables

TABLES = {
    "parking.vehicle": Table(
        "vehicles",
        STAFF,
        add=OFFICE,
        deeds={"bar": OFFICE, "unbar": OFFICE, "end": OFFICE},
    ),
    "parking.stay": Table("stays", STAFF),
    "parking.vehicleimport": Table(
        "vehicle-imports", OFFICE, add=OFFICE, deeds={"release": OFFICE}
    ),
}
RULES = tables(TABLES) | {
    # A card of one's own home; see residents.py.
    "home-card-vehicles": Rule(NOBODY),
    "admin:parking_vehicle_take_in": Rule(OFFICE),
    "admin:parking_vehicleimport_progress": Rule(OFFICE, {"pk": "vehicle-imports"}),
}
