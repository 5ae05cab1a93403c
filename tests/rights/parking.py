"""Who may open what of the cars."""

from __future__ import annotations

from tests.rights.rule import (
    GUARDS,
    INSTALLERS,
    MANAGERS,
    NOBODY,
    OFFICE,
    STAFF,
    Rule,
    Table,
    tables,
)

TABLES = {
    "parking.vehicle": Table(
        "vehicles",
        STAFF,
        add=OFFICE,
        deeds={"bar": OFFICE, "unbar": OFFICE, "end": OFFICE},
    ),
    "parking.stay": Table("stays", STAFF, deeds={"correct": OFFICE, "join": OFFICE}),
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
#: The guard too, where the car stands.
WATCH = frozenset({"guard", "desk", "manager"})
TABLES |= {
    "parking.carwish": Table("car_wishes", OFFICE, deeds={"approve": OFFICE, "refuse": OFFICE}),
    "parking.renewalwish": Table("renewals", OFFICE, deeds={"grant": OFFICE, "refuse": OFFICE}),
    "parking.dispute": Table("disputes", OFFICE, deeds={"settle": OFFICE}),
    "parking.firelane": Table("fire_lanes", OFFICE | INSTALLERS, add=INSTALLERS),
}
#: For people with a file: nobody here has one. Whom they let in, and to which rows: tests/parking.
OWN = {
    "home-cars": Rule(NOBODY),
    "home-car-new": Rule(NOBODY),
    "home-stays": Rule(NOBODY),
    "home-blocked": Rule(NOBODY),
    "home-stay": Rule(NOBODY, {"pk": 0}),
    "home-car-licence": Rule(NOBODY, {"pk": 0}),
    "home-stay-picture": Rule(NOBODY, {"pk": 0, "way": "in"}),
    "home-car-withdraw": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-permit-renew": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-car-come": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-stay-dispute": Rule(NOBODY, {"pk": 0}, posts=True),
    "home-blocked-over": Rule(NOBODY, {"pk": 0}, posts=True),
}
GATE = {
    "guard-cars": Rule(GUARDS),
    "guard-levels": Rule(GUARDS),
    "guard-disputes": Rule(GUARDS),
    "guard-fire-lanes": Rule(GUARDS),
    "guard-blocked-over": Rule(GUARDS, {"key": "blocked"}, posts=True),
    "guard-dispute-answer": Rule(GUARDS, {"key": "disputes"}, posts=True),
    "guard-fire-paper": Rule(GUARDS, {"key": "fire_cases"}),
    "guard-fire-picture": Rule(GUARDS, {"key": "fire_sightings"}),
    "parking-picture": Rule(OFFICE, {"of": "licence", "pk": "car_wishes"}),
    "dispute-picture": Rule(WATCH, {"pk": "disputes", "way": "in"}, empty=True),
}
RULES = (
    tables(TABLES)
    | OWN
    | GATE
    | {
        # A card of one's own home; see residents.py.
        "home-card-vehicles": Rule(NOBODY),
        "admin:parking_vehicle_take_in": Rule(OFFICE),
        "admin:parking_vehicleimport_progress": Rule(OFFICE, {"pk": "vehicle-imports"}),
    }
)
