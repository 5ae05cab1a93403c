"""Who may open what of lockers and parcels."""

from __future__ import annotations

from tests.rights.rule import (
    ANYBODY,
    INSTALLERS,
    MANAGERS,
    NOBODY,
    OFFICE,
    STAFF,
    Rule,
    Table,
    tables,
)

#: What the desk does with a parcel; "sign" leads to a page of its own.
DEEDS = ("open", "found", "to_desk", "hand", "sign", "give_back")
BANK_DEEDS = {"tablet": INSTALLERS, "condition": INSTALLERS}
TABLES = {
    "parcels.lockerbank": Table("lockers", STAFF, add=INSTALLERS, deeds=BANK_DEEDS),
    "parcels.compartment": Table("compartments", STAFF, deeds={"trail": OFFICE}),
    "parcels.parcel": Table("parcels", OFFICE, deeds=dict.fromkeys(DEEDS, OFFICE)),
    "parcels.parcelstep": Table("parcel_steps", OFFICE),
    "parcels.parcelreport": Table("parcel_reports", OFFICE, deeds={"reply": OFFICE}),
    "parcels.carrier": Table("carriers", OFFICE, add=OFFICE),
    "parcels.courier": Table("couriers", OFFICE, add=OFFICE, deeds={"code": OFFICE, "end": OFFICE}),
    "parcels.shelf": Table("shelves", OFFICE, add=OFFICE),
    "parcels.keepingrule": Table("keeping", OFFICE, add=MANAGERS),
    "parcels.deliverychoice": Table("choices", OFFICE),
    "parcels.parcelquestion": Table("questions", OFFICE),
}
#: For couriers with an account, and for people with a file: nobody here has either. Whom they let
#: in, and to which rows: tests/parcels.
OWN, OWN_DEED = Rule(NOBODY), Rule(NOBODY, posts=True)
ROW, ROW_DEED = Rule(NOBODY, {"pk": 0}), Rule(NOBODY, {"pk": 0, "deed": "shut"}, posts=True)
#: The tablet at a locker is known by a secret.
GUESSED = Rule(NOBODY, {"secret": "none"})
BANK, BANK_DEED = (
    Rule(INSTALLERS, {"pk": "lockers"}),
    Rule(INSTALLERS, {"pk": "lockers"}, posts=True),
)
PAGES = {
    "locker-bank": BANK,
    "locker-connect": BANK,
    "locker-sizes": BANK,
    "locker-label": BANK,
    "locker-ask": BANK_DEED,
    "locker-test": BANK_DEED,
    "locker-tested": Rule(INSTALLERS, {"pk": "lockers", "order": 0}, empty=True),
    "courier": OWN,
    "courier-sign-in": Rule(ANYBODY),
    "courier-code": Rule(ANYBODY, empty=True),
    "courier-sign-out": Rule(ANYBODY, posts=True),
    "courier-bank": OWN_DEED,
    "courier-leave": OWN_DEED,
    "courier-read": OWN_DEED,
    "courier-gate": OWN,
    "courier-tablet": OWN,
    "courier-question": ROW,
    "courier-asked": ROW,
    "courier-settle": Rule(NOBODY, {"pk": 0, "deed": "gone"}, posts=True),
    "courier-put": OWN_DEED,
    "courier-desk": OWN_DEED,
    "courier-parcel": ROW,
    "courier-state": ROW,
    "courier-act": ROW_DEED,
    "locker-tablet": GUESSED,
    "home-parcel-near": Rule(NOBODY, {"token": "none"}),
    "locker-shown": GUESSED,
    "locker-act": Rule(NOBODY, {"secret": "none"}, posts=True),
    "locker-state": GUESSED,
    "home-card-parcels": OWN,
    "home-parcels": OWN,
    "home-parcel-ways": OWN,
    "home-parcel": ROW,
    "home-parcel-question": ROW,
    "parcel-state": ROW,
    "parcel-act": ROW_DEED,
    "parcel-in": Rule(OFFICE),
    "parcel-load": Rule(OFFICE),
    "parcel-load-file": Rule(OFFICE, {"form": "csv"}),
    "parcel-faults": Rule(OFFICE),
    "parcel-faults-file": Rule(OFFICE, {"form": "csv"}),
    "parcel-sign": Rule(OFFICE, {"pk": "parcels"}),
    "parcel-picture": Rule(OFFICE, {"pk": "parcel_pictures"}),
}
RULES = tables(TABLES) | PAGES
