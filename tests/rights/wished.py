"""One row of everything that people ask for and report of their cars."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.models import FireLane, Stay
from residents.operations import add_person, add_residency
from tests.community import factories
from tests.residents.test_requests import photo

PLATE = "皖A77W71"


def wished(at: Compound) -> dict[str, int]:
    """The keys of the rows."""
    now = timezone.now()
    person = add_person(compound=at, name="周闻")
    home = factories.unit(at, "9-1-101")
    add_residency(person=person, unit=home, kind="owner", started_on=timezone.localdate())
    wish = operations.ask_car(person, unit=home, plate="皖A77W72", picture=photo((40, 30)))
    car = operations.register_vehicle(compound=at, plate=PLATE, unit=home, owner=person)
    permit = operations.give_permit(
        compound=at, kind="monthly", vehicle=car, valid_until=timezone.localdate()
    )
    renewal = operations.ask_renewal(
        permit, person, until=timezone.localdate() + timedelta(days=30)
    )
    stay = Stay.objects.create(
        compound=at, plate=PLATE, vehicle=car, entered_at=now - timedelta(hours=2), left_at=now
    )
    dispute = operations.dispute_stay(stay, person, what="times")
    blocked = operations.report_blocked(person, plate="皖A77W73", place="B2-117")
    lane = operations.save_fire_lane(
        FireLane(compound=at, name="3 号楼北侧", camera=factories.device(at))
    )
    case = operations.note_in_zone(lane, "皖A77W74", now - timedelta(minutes=1), photo((40, 30)))
    rows = {
        "car_wishes": wish, "renewals": renewal, "disputes": dispute, "blocked": blocked,
        "fire_lanes": lane, "fire_cases": case, "fire_sightings": case.sightings.get(),
    }  # fmt: skip
    return {name: row.pk for name, row in rows.items()}
