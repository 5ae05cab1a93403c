"""What should not be put in, each through the address or verb that takes it; nothing changes.

Elsewhere: the same exit twice at once and a plate of another kind in tests/security/test_odd_cars,
a notice told twice or of another amount in test_payments, clocks that differ in
test_stay_corrections, and a hole named with its hour through the office's form in test_pay_pages.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.models import CouponUse, Stay, Tariff
from parking.pay.tickets import pay_path
from parking.tariffs.rules import Rate, Rules, Window
from tests.community import factories
from tests.parking import money

pytestmark = pytest.mark.django_db
#: Two yuan each begun hour by day, five for the whole night from 22:00 to 07:00.
NIGHTS = Rules((Rate((Window(420, 1320, 60, 200), Window(1320, 420, 0, 500))),))
DAY = {"from": "07:00", "to": "22:00", "step_minutes": 60, "step_fen": 200}
NIGHT = {"from": "22:00", "to": "07:00", "step_minutes": 0, "step_fen": 500}


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


def save(compound: Compound, *windows: dict[str, Any], **rate: Any) -> Tariff:
    rules = {"rates": [{"workdays": list(windows), **rate}]}
    return operations.save_tariff(
        compound=compound, name="x", starts_on=timezone.localdate(), rules=rules
    )


@pytest.mark.parametrize(
    ("day", "night", "hours"),
    [
        (DAY, NIGHT | {"from": "23:30"}, ("22:00", "23:30")),
        (DAY, NIGHT | {"from": "20:15"}, ("20:15", "22:00")),
        (DAY, NIGHT | {"to": "06:00"}, ("06:00", "07:00")),
        (DAY, NIGHT | {"to": "07:45"}, ("07:00", "07:45")),
    ],
)
def test_a_hole_or_an_overlap_is_refused_at_saving_with_its_hours(compound, day, night, hours):
    with pytest.raises(ValidationError) as refused:
        save(compound, day, night)
    (said,) = refused.value.message_dict["rules"]
    assert all(hour in said for hour in hours)
    assert not Tariff.objects.exists()


def test_a_window_that_crosses_midnight_is_sold_once_for_the_night(compound):
    money.tariff(compound, NIGHTS)
    for begin, end, fen in (
        ((10, 21, 30), (11, 7, 30), 200 + 500 + 200),
        ((10, 23, 0), (11, 6, 59), 500),
        ((10, 0, 10), (10, 0, 20), 500),
        ((10, 23, 50), (12, 0, 10), 500 + 15 * 200 + 500),
    ):
        entered, left = (
            datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
            for day, hour, minute in (begin, end)
        )
        stay = Stay.objects.create(
            compound=compound, plate="皖A11111", entered_at=entered, left_at=left
        )
        charge = operations.close_charge(stay)
        assert charge is not None
        assert charge.total_fen == fen, (begin, end)
        assert sum(line["fen"] for line in charge.lines) == fen


@pytest.mark.parametrize(
    "harm",
    [
        {"free_minutes": -30},
        {"cap_day_fen": -1},
        {"workdays": [DAY | {"step_minutes": -60}, NIGHT]},
        {"workdays": [DAY | {"step_fen": -200}, NIGHT]},
        {"workdays": [DAY | {"first_minutes": -5}, NIGHT]},
        {"workdays": [DAY | {"from": "-1:00"}, NIGHT]},
    ],
)
def test_negative_durations_and_prices_are_refused(compound, harm):
    with pytest.raises(ValidationError):
        save(compound, DAY, NIGHT, **harm)
    assert not Tariff.objects.exists()


@pytest.mark.parametrize("code", ["x" * 10_000, "券" * 10_000, "<script>", "", "\x00"])
def test_a_coupon_of_ten_thousand_characters_is_refused_in_words(compound, code):
    money.tariff(compound)
    stay = money.inside(compound, 90)
    answer = Client().post(pay_path(stay), {"deed": "coupon", "code": code})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="code-error"' in page
    assert "x" * 100 not in page
    assert not CouponUse.objects.exists()
