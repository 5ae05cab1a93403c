"""Days, working days, months and years of residence: over leap years, month ends and holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residents import clock
from residents.clock import Calendar, Span, add_months, add_working_days, due

DAY = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
#: Up to three weeks of any calendar: holidays on weekdays, working weekends.
CALENDARS = st.dictionaries(st.integers(0, 60), st.booleans(), max_size=21)


def shifted(said, day):
    return Calendar({day + offset * DAY: works for offset, works in said.items()})


@given(DAYS, st.integers(-600, 600))
def test_months_land_in_their_month_on_that_day_or_its_last(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_more_months_are_never_earlier(day, few, more):
    assert add_months(day, few) <= add_months(day, few + more)


@given(DAYS, CALENDARS, st.integers(1, 15))
def test_working_days_are_counted_one_by_one(day, said, count):
    days = shifted(said, day)
    last = add_working_days(day, count, days)
    between = [day + n * DAY for n in range(1, (last - day).days + 1)]
    assert days.works(last)
    assert sum(days.works(one) for one in between) == count


@given(DAYS, CALENDARS, st.integers(0, 40), st.sampled_from(["days", "months", "years"]))
def test_a_last_day_that_rolls_is_a_working_day_and_never_earlier(day, said, amount, measure):
    amount = amount % 4 if measure == "years" else amount
    days = shifted(said, day)
    plain, rolled = (due(day, Span(amount, measure, rolls), days) for rolls in (False, True))
    assert plain <= rolled
    assert days.works(rolled)
    assert not any(days.works(plain + n * DAY) for n in range((rolled - plain).days))


@given(DAYS, st.integers(1, 30))
def test_an_endorsement_is_possible_for_the_month_before_the_full_year(start, year):
    step = clock.endorsement(start, year)
    assert step.due_on + DAY == add_months(start, 12 * year)
    assert step.opens_on == add_months(step.due_on + DAY, -1)
    assert 27 <= (step.due_on - step.opens_on).days <= 30


@given(DAYS, st.lists(st.integers(0, 27), min_size=1, max_size=8))
def test_endorsed_in_time_each_year_the_years_go_on(start, waits):
    counts, until = start, None
    for wait in waits:
        step = clock.next_endorsement(counts, until)
        counts, until = clock.endorsed(counts, until, step.opens_on + wait * DAY)
    assert counts == start
    assert until == add_months(start, 12 * len(waits))


@given(DAYS, st.integers(1, 2000), st.integers(0, 3))
def test_endorsed_late_the_years_count_anew_from_that_day(start, late, years):
    until = add_months(start, 12 * years) if years else None
    on = clock.next_endorsement(start, until).due_on + late * DAY
    assert clock.endorsed(start, until, on) == (on, on)
    assert clock.next_endorsement(on, on).due_on == add_months(on, 12) - DAY


@given(DAYS, st.integers(1, 300))
def test_an_endorsement_before_its_month_is_refused(start, early):
    opens = clock.next_endorsement(start, None).opens_on
    with pytest.raises(ValueError, match=opens.isoformat()):
        clock.endorsed(start, None, opens - early * DAY)


@given(DAYS, st.lists(st.integers(-30, 60), max_size=6), st.integers(-90, 90))
def test_the_next_reminder_is_the_first_step_that_is_still_to_come(last, steps, offset):
    after = last + offset * DAY
    found = clock.next_reminder(last, steps, after)
    coming = [last - step * DAY for step in steps if last - step * DAY > after]
    assert found == (min(coming) if coming else None)


@pytest.mark.parametrize(
    ("start", "months", "found"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_known_months(start, months, found):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-02-12", "2026-02-24"),  # Fri, the working Sat 14, then nine days off
        ("2026-09-30", "2026-10-10"),  # the week of October; Sat 10 works: 8, 9, 10
        ("2026-11-20", "2026-11-25"),  # a plain weekend
    ],
)
def test_three_working_days_in_the_calendar_that_comes_with_linli(start, last):
    from residents.obligations import Book

    days = Book().calendar
    assert add_working_days(date.fromisoformat(start), 3, days) == date.fromisoformat(last)
    assert days.knows(2026)
    assert not days.knows(1999)
