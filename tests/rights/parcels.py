"""Who may open what of lockers and parcels."""

from __future__ import annotations

from tests.rights.rule import INSTALLERS, MANAGERS, OFFICE, STAFF, Rule, Table, tables

#: What the desk does with a parcel; "sign" leads to a page of its own.
DEEDS = ("open", "found", "to_desk", "hand", "sign", "give_back")
TABLES = {
    "parcels.lockerbank": Table("lockers", STAFF, add=INSTALLERS),
    "parcels.compartment": Table("compartments", STAFF),
    "parcels.parcel": Table("parcels", OFFICE, deeds=dict.fromkeys(DEEDS, OFFICE)),
    "parcels.parcelstep": Table("parcel_steps", OFFICE),
    "parcels.parcelreport": Table("parcel_reports", OFFICE, deeds={"reply": OFFICE}),
    "parcels.carrier": Table("carriers", OFFICE, add=OFFICE),
    "parcels.courier": Table("couriers", OFFICE, add=OFFICE, deeds={"code": OFFICE, "end": OFFICE}),
    "parcels.shelf": Table("shelves", OFFICE, add=OFFICE),
    "parcels.keepingrule": Table("keeping", OFFICE, add=MANAGERS),
    "parcels.deliverychoice": Table("choices", OFFICE),
}
PAGES = {
    "parcel-sign": Rule(OFFICE, {"pk": "parcels"}),
    "parcel-picture": Rule(OFFICE, {"pk": "parcel_pictures"}),
}
RULES = tables(TABLES) | PAGES
