"""The month's figures, each with the list behind it, and the page and file of the office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from residents import clock, statistics
from residents.models import Registration
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db
PAGE = "admin:residents_registration_statistics"


@pytest.fixture
def place():
    return factories.compound(jurisdiction="henan")


@pytest.fixture
def month():
    """The month before this one: everything in it is over."""
    first = homes.today().replace(day=1)
    return statistics.Month(clock.add_months(first, -1))


def came(place, day, code, *, days_until_submitted=1, **values):
    home = homes.letting(place, factories.unit(place, code))
    body = f"41000019940712{Registration.objects.count() + 101}"
    row = homes.submitted(home, document=homes.number(body))
    at = timezone.now().replace(year=day.year, month=day.month, day=day.day)
    given = {"moved_in_on": day, "state": "confirmed", "hukou_province": "41", "reason": "01"}
    Registration.objects.filter(pk=row.pk).update(
        **given | {"submitted_at": at + timedelta(days=days_until_submitted)} | values
    )
    return row


def test_arrivals_departures_and_what_was_in_time(place, month):
    day = month.first + timedelta(days=4)
    came(place, day, "1-1-101")
    came(place, day, "1-1-102", days_until_submitted=9, reason="07", hukou_province="34")
    came(place, day, "2-1-101", state="draft", submitted_at=None)
    came(place, month.back(3).first, "2-1-102", state="ended", ended_on=day,
         end_reason="moved_out", expected_out_on=None)  # fmt: skip
    came(factories.compound(), day, "1-1-103")  # another compound's
    found = statistics.of_month(place, month)
    assert (found.arrivals, found.departures, found.living) == (2, 1, 2)
    assert (found.origins, found.reasons) == ({"41": 1, "34": 1}, {"01": 1, "07": 1})
    assert (len(found.in_time), len(found.late)) == (1, 2)
    assert round(found.share) == 33
    year = statistics.year_before(place, month)
    assert [(one.code, a, d) for one, a, d in year if a or d] == [
        (month.back(3).code, 1, 0),
        (month.code, 2, 1),
    ]


@pytest.mark.parametrize("text", ["", "2026-13", "x-1", "9999-01", "2026-", "99999999999-1"])
def test_no_month_is_this_month(text):
    assert statistics.month_of(text, homes.today()).first == homes.today().replace(day=1)


def test_each_number_leads_to_as_many_rows(place, month, client: Client):
    day = month.first + timedelta(days=4)
    came(place, day, "1-1-101")
    came(place, day, "1-1-102", days_until_submitted=9)
    client.force_login(factories.user("desk", at=place))
    page = client.get(reverse(PAGE), {"month": month.code})
    links = [(stat.url, stat.number) for stat in page.context["stats"]]
    links += [(row["url"], row["n"]) for part in page.context["tables"] for row in part["rows"]]
    assert len(links) == 4 + 3
    for url, number in links:
        assert client.get(url).context["cl"].result_count == number, url


def test_an_empty_month_says_what_to_do_and_files_come_along(place, month, client: Client):
    client.force_login(factories.user("manager", at=place))
    assert "l-empty" in client.get(reverse(PAGE)).content.decode()
    for form in ("csv", "xlsx"):
        answer = client.get(reverse(f"{PAGE}_file", args=[form]), {"month": month.code})
        assert month.code in answer["Content-Disposition"]
        assert b"".join(answer.streaming_content)
    assert client.get(reverse(f"{PAGE}_file", args=["exe"])).status_code == 404


def test_the_page_asks_few_questions(place, month, client: Client, django_assert_max_num_queries):
    for number in range(5):
        came(place, month.first, f"{number}-1-101")
    client.force_login(factories.user("desk", at=place))
    client.get(reverse(PAGE))
    with django_assert_max_num_queries(20):
        client.get(reverse(PAGE), {"month": month.code})
