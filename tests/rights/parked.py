"""One row of everything by which cars park."""

from __future__ import annotations

from community.models import Lane
from parking import operations
from parking.models import Area, AreaLane, Place, Stay
from tests.community import factories


def parked(area: Area, stay: Stay, lane: Lane) -> dict[str, int]:
    """The keys of the rows, in the compound of ``area``."""
    at = area.compound
    unit = factories.unit(at, "3-2-1204")
    car = operations.register_vehicle(compound=at, plate="皖A90C32", unit=unit)
    pool = operations.open_pool(compound=at, unit=unit, cars=[car])
    permit = operations.give_permit(compound=at, kind="monthly", vehicle=car)
    place = operations.save_place(Place(compound=at, area=area, number="B1-001", kind="owned"))
    led = operations.lead_lane(AreaLane(compound=at, lane=lane, inner=area))
    entry = operations.list_plate(compound=at, plate="皖A90C33", kind="deny", reason="x")
    ticket = operations.make_ticket(compound=at)
    bicycle = operations.register_bicycle(compound=at, tag="E2003411", unit=unit)
    operations.correct_stay(stay, reason="x", parked_as="free")
    rows = {
        "areas": area, "area_lanes": led, "places": place, "permits": permit, "pools": pool,
        "plate_lists": entry, "tickets": ticket, "bicycles": bicycle,
        "stay_changes": stay.changes.latest("pk"),
    }  # fmt: skip
    return {name: row.pk for name, row in rows.items()}
