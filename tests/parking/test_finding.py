"""Cars inside, as a guard looks for them: each with the area that it stands in itself."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community.models import Compound, Lane
from parking import finding, operations
from parking.models import Area, AreaLane, Stay
from tests.community import factories

pytestmark = pytest.mark.django_db


def leads_into(compound: Compound, name: str) -> tuple[Area, Lane]:
    area = operations.save_area(Area(compound=compound), name=name, capacity=9)
    lane = factories.lane(compound)
    operations.lead_lane(AreaLane(compound=compound), lane=lane, inner=area)
    return area, lane


def drives(stay: Stay, lane: Lane, passage: int) -> None:
    operations.ticket_crossed(stay.ticket, lane, timezone.now(), passage)


def test_cars_on_tickets_are_found_each_in_its_own_area():
    entry = factories.lane(factories.compound())
    deep, down = leads_into(entry.compound, "地下车库")
    yard, over = leads_into(entry.compound, "东院")
    first, second, third = (operations.enter_by_ticket(entry, passage_id=n) for n in (1, 2, 3))
    drives(first, down, 4)
    drives(second, over, 5)
    rows = list(finding.inside(entry.compound, "", 0))
    shown = {one.ticket: one.area for one in finding.described(rows)}
    assert shown == {
        str(first.ticket): "地下车库",
        str(second.ticket): "东院",
        str(third.ticket): "",
    }
    assert list(finding.inside(entry.compound, "", deep.pk)) == [first]
    assert list(finding.inside(entry.compound, "", yard.pk)) == [second]
