"""Who may open what of the lockers."""

from __future__ import annotations

from tests.rights.rule import INSTALLERS, STAFF, Table, tables

TABLES = {
    "parcels.lockerbank": Table("lockers", STAFF, add=INSTALLERS),
    "parcels.compartment": Table("compartments", STAFF),
}
RULES = tables(TABLES)
