"""Who may open what of the cars."""

from __future__ import annotations

from tests.rights.rule import INSTALLERS, MANAGERS, NOBODY, OFFICE, STAFF, Rule, Table, tables

TABLES = {
    "parking.vehicle": Table(
        "vehicles",
        STAFF,
        add=OFFICE,
        deeds={"bar": OFFICE, "unbar": OFFICE, "end": OFFICE},
    ),
    "parking.stay": Table("stays", STAFF, deeds={"correct": OFFICE}),
    "parking.staychange": Table("stay_changes", STAFF),
    "parking.area": Table("areas", STAFF, add=MANAGERS),
    "parking.arealane": Table("area_lanes", STAFF, add=INSTALLERS, deeds={"unlead": INSTALLERS}),
    "parking.place": Table(
        "places", STAFF, add=OFFICE, deeds={"hold": OFFICE, "give_back": OFFICE}
    ),
    "parking.permit": Table("permits", STAFF, add=OFFICE, deeds={"renew": OFFICE, "end": OFFICE}),
    "parking.pool": Table("pools", STAFF, add=OFFICE, deeds={"end": OFFICE}),
    "parking.listentry": Table("plate_lists", STAFF, add=OFFICE, deeds={"unlist": OFFICE}),
    "parking.ticket": Table(
        "tickets", frozenset({"guard", "desk", "cashier", "manager"}), add=OFFICE
    ),
    "parking.bicycle": Table("bicycles", STAFF, add=OFFICE, deeds={"end": OFFICE}),
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
