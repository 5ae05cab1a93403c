"""The pure price: examples worked out by hand, and what must hold for every tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.tariffs import Discount, Rate, Rules, Span, Window, faults, price
from parking.tariffs.rules import DAY, dump, minute_of, parse

pytestmark = pytest.mark.pure
ZONE = ZoneInfo("Asia/Shanghai")
#: 5 yuan for the first hour and 2 for each half hour by day; 10 for a night; 40 a day.
DAYTIME = Window(7 * 60, 22 * 60, 30, 200, first_minutes=60, first_fen=500)
NIGHT = Window(22 * 60, 7 * 60, 0, 1000)
RATE = Rate((DAYTIME, NIGHT), free_minutes=30, cap_day_fen=4000)
RULES = Rules((RATE,))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def cost(begin: str, end: str, rules: Rules = RULES, **more: Any) -> int:
    return price(rules, entered=at(begin), left=at(end), zone=ZONE, **more).total


@pytest.mark.parametrize(
    ("begin", "end", "fen"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:30", 0),  # the free minutes to their last second
        ("2026-03-02 09:00", "2026-03-02 09:31", 500),  # and then from the first minute
        ("2026-03-02 09:00", "2026-03-02 10:00", 500),
        ("2026-03-02 09:00", "2026-03-02 10:01", 700),
        ("2026-03-02 09:00", "2026-03-02 11:00", 900),
        ("2026-03-02 21:30", "2026-03-02 22:29", 500),  # what was bought is not cut at 22:00
        ("2026-03-02 21:30", "2026-03-02 22:31", 1500),
        ("2026-03-02 21:30", "2026-03-03 07:00", 1500),  # one night, also after midnight
        ("2026-03-02 21:30", "2026-03-03 07:01", 1700),
        ("2026-03-02 22:00", "2026-03-04 06:59", 5000),  # night 10, day held at 40, second night 0
    ],
)
def test_a_stay_costs_what_the_board_at_the_gate_says(begin: str, end: str, fen: int):
    assert cost(begin, end) == fen


def test_free_minutes_may_be_taken_off_a_longer_stay_too():
    rules = Rules((replace(RATE, free_deducted=True),))
    assert cost("2026-03-02 09:00", "2026-03-02 10:30", rules) == 500
    assert cost("2026-03-02 09:00", "2026-03-02 10:31", rules) == 700


def test_the_day_may_count_from_the_entry():
    flat = Rate((Window(0, 0, 60, 100),), cap_day_fen=1000)
    spans = ("2026-03-02 12:00", "2026-03-03 12:00")
    assert cost(*spans, Rules((flat,))) == 2000
    assert cost(*spans, Rules((flat,), day_counts="entry")) == 1000


def test_a_window_and_a_stay_have_caps_of_their_own():
    night = replace(NIGHT, step_minutes=60, step_fen=300, cap_fen=1200)
    rate = Rate((DAYTIME, night), cap_stay_fen=2000)
    assert cost("2026-03-02 22:00", "2026-03-03 07:00", Rules((rate,))) == 1200
    told = price(
        Rules((rate,)), entered=at("2026-03-02 22:00"), left=at("2026-03-06 07:00"), zone=ZONE
    )
    assert told.total == 2000
    assert {"cap_window", "cap_stay"} <= {line.code for line in told.lines}


def test_new_energy_cars_and_holidays_have_prices_of_their_own():
    green = Rate((Window(0, 0, 60, 100),), kinds=("green", "green_large"), free_minutes=120)
    feast = replace(RATE, holidays=(Window(0, 0, 60, 50),))
    rules = Rules((feast, green))
    span = ("2026-03-02 09:00", "2026-03-02 11:30")
    assert cost(*span, rules, kind="green") == 300
    assert cost(*span, rules, kind="blue") == 1100
    assert cost(*span, rules, kind="blue", holidays={date(2026, 3, 2)}) == 150


def test_a_night_before_a_holiday_ends_at_midnight_where_the_holiday_sells_other_hours():
    rules = Rules((replace(RATE, free_minutes=0, holidays=(Window(0, 0, 60, 50),)),))
    holidays = {date(2026, 3, 3)}
    assert cost("2026-03-02 23:00", "2026-03-03 02:00", rules, holidays=holidays) == 1100


def test_a_permit_that_ends_in_mid_stay_pays_until_its_end():
    covered = [Span(at("2026-01-01 00:00"), at("2026-03-02 10:00"))]
    assert cost("2026-03-01 18:00", "2026-03-02 10:30", covered=covered) == 0
    assert cost("2026-03-01 18:00", "2026-03-02 11:30", covered=covered) == 700
    assert (
        cost("2026-03-01 18:00", "2026-03-02 11:30", covered=[replace(covered[0], end=None)]) == 0
    )


@pytest.mark.parametrize(
    ("coupon", "fen"),
    [
        (Discount("minutes", 60), 500),
        (Discount("off", 300), 600),
        (Discount("off", 5000), 0),
        (Discount("percent", 50), 450),
        (Discount("whole"), 0),
    ],
)
def test_a_coupon_takes_off_what_it_says_and_never_pays_out(coupon: Discount, fen: int):
    assert cost("2026-03-02 09:00", "2026-03-02 11:00", discounts=[coupon]) == fen


@pytest.mark.parametrize(
    ("entered", "fault"),
    [(None, "entry_unknown"), (at("2026-03-02 09:00:01"), "times_disagree")],
)
def test_nobody_pays_for_a_guess(entered: datetime | None, fault: str):
    told = price(RULES, entered=entered, left=at("2026-03-02 09:00"), zone=ZONE)
    assert (told.total, told.fault) == (0, fault)


# A tariff with a hole or an overlap is named with its hour.


@pytest.mark.parametrize(
    ("windows", "code", "hours"),
    [
        ([(7, 22), (23, 7)], "hole", ("22:00", "23:00")),
        ([(7, 22), (21, 7)], "overlap", ("21:00", "22:00")),
        ([(7, 22)], "hole", ("00:00", "07:00")),
        ([(0, 24), (8, 9)], "overlap", ("08:00", "09:00")),
        ([], "hole", ("00:00", "24:00")),
    ],
)
def test_a_hole_or_overlap_is_named_with_its_hour(
    windows: list[tuple[int, int]], code: str, hours: tuple[str, str]
):
    rate = Rate(tuple(Window(start * 60, end * 60, 60, 100) for start, end in windows))
    first = faults(Rules((rate,)))[0]
    assert (first.code, first.at, first.until) == (code, *hours)


def test_a_tariff_needs_one_rate_for_all_others_and_sane_figures():
    assert faults(RULES) == []
    green = replace(RATE, kinds=("green",))
    assert [each.code for each in faults(Rules((green, green)))][:2] == [
        "rate_for_others_missing",
        "kind_twice",
    ]
    wrong = replace(RATE, free_minutes=-1, cap_day_fen=-5, workdays=(replace(DAYTIME, end=420),))
    codes = {each.code for each in faults(Rules((wrong,), "week", 999))}
    assert codes == {"free_out_of_range", "price_out_of_range", "day_unknown", "grace_out_of_range"}


@pytest.mark.parametrize("text", ["25:00", "07", "7:60", "", "-1:00", "24:01", "７:00"])
def test_a_time_of_day_is_one(text: str):
    with pytest.raises(ValueError, match="no time of day"):
        minute_of(text)


def test_rules_are_stored_and_read_back_the_same():
    assert parse(dump(RULES)) == RULES


# What holds for every tariff, worked out by chance.

FEN = st.integers(0, 3000)
CAP = st.none() | st.integers(0, 9000)


@st.composite
def windows(draw: Any) -> tuple[Window, ...]:
    """A day without hole or overlap: cuts of the clock, the last window crossing midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, DAY - 1), min_size=1, max_size=4)))
    ends = [*cuts[1:], cuts[0]] if len(cuts) > 1 else [cuts[0]]
    return tuple(
        Window(
            start, end, draw(st.sampled_from([0, 15, 30, 60, 170])), draw(FEN),
            draw(st.sampled_from([0, 60])), draw(FEN), draw(CAP),
        )
        for start, end in zip(cuts, ends, strict=True)
    )  # fmt: skip


rates = st.builds(
    Rate, windows(), st.just(()) | windows(), free_minutes=st.integers(0, 120),
    free_deducted=st.booleans(), cap_day_fen=CAP, cap_stay_fen=CAP,
)  # fmt: skip
tariffs = st.builds(Rules, st.tuples(rates), st.sampled_from(["calendar", "entry"]))
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
moments = st.integers(0, 9 * 24 * 3600).map(lambda s: FIRST + timedelta(seconds=s))
coupons = st.lists(
    st.builds(
        Discount, st.sampled_from(["minutes", "off", "percent", "whole"]), st.integers(0, 99)
    ),
    max_size=2,
)
cover = st.lists(st.builds(lambda a, b: Span(min(a, b), max(a, b)), moments, moments), max_size=2)


@settings(max_examples=120, deadline=None)
@given(tariffs, st.lists(moments, min_size=3, max_size=3), coupons, cover)
def test_a_longer_stay_never_costs_less_and_lines_add_up(rules, times, discounts, covered):
    entered, sooner, later = sorted(times)
    given_ = {"zone": ZONE, "holidays": {date(2026, 3, 4)}, "covered": covered}
    short = price(rules, entered=entered, left=sooner, discounts=discounts, **given_)
    long = price(rules, entered=entered, left=later, discounts=discounts, **given_)
    assert 0 <= short.total <= long.total
    for told in (short, long):
        assert sum(line.fen for line in told.lines) == told.total
    # The same question has the same answer, whoever asks: quote, charge or audit.
    assert long == price(
        parse(dump(rules)), entered=entered, left=later, discounts=discounts, **given_
    )
