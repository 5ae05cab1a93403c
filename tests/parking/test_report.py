"""The car park's report: figures, their lists, the file, and what is asked for wrongly."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from community.models import Event
from parking import operations, reports
from parking.models import Area, Charge, Payment, Stay
from parking.spans import DAY, MONTH, YEAR, Span
from tests.community import factories
from tests.parking import money

pytestmark = pytest.mark.django_db
#: The beginning of a part, as the report names it.
clock = datetime.fromisoformat
MONTH_BEFORE = Span(MONTH, date(2026, 3, 1))


@pytest.fixture
def compound():
    found = factories.compound()
    Area.objects.create(compound=found, name="全部", whole=True, capacity=2)
    return found


def stay(compound, plate: str, entered: str, left: str | None = None, **values) -> Stay:
    """Times on the compound's clock, such as "03-05 08:10"."""
    moments = [text and datetime.fromisoformat(f"2026-{text}:00+08:00") for text in (entered, left)]
    row = {"compound": compound, "plate": plate, "parked_as": "visitor"} | values
    return Stay.objects.create(**row, entered_at=moments[0], left_at=moments[1])


@pytest.fixture
def march(compound):
    """Three cars at once on the 5th, one overnight from February. On the 6th 18 yuan less 3 came in
    for two stays of a capped day (30) and two begun hours (10) each."""
    money.tariff(compound)
    stay(compound, "皖A00001", "02-28 22:00", "03-01 07:30")
    kept = [stay(compound, f"皖A0000{n}", "03-05 08:10", "03-06 09:20") for n in (2, 3)]
    stay(compound, "皖A00004", "03-05 23:50", "03-06 00:10", parked_as="permit")
    at = datetime(2026, 3, 6, 1, 15, tzinfo=UTC)
    cashier = factories.user("cashier", at=compound)
    for number, each in enumerate(kept):
        operations.close_charge(each)
        payment = money.cash(each, cashier, 900)
        Payment.objects.filter(pk=payment.pk).update(paid_at=at)
        Charge.objects.filter(stay=each).update(paid_fen=900)
        if not number:
            refund = operations.give_back(payment, 300, "太多", actor=cashier)
            type(refund).objects.filter(pk=refund.pk).update(done_at=at)
    return compound


def test_a_month_is_counted_by_days_and_by_hours(march):
    found = reports.of(march, MONTH_BEFORE)
    assert (found.total.entered, found.total.left, found.total.most_inside) == (3, 4, 3)
    assert (found.total.earned_fen, found.total.charged_fen) == (1500, 8000)
    first, fifth, sixth = (clock(f"2026-03-0{day}") for day in (1, 5, 6))
    fifth, sixth = found.parts[fifth], found.parts[sixth]
    assert (fifth.entered, fifth.left, fifth.most_inside) == (3, 0, 3)
    assert (sixth.left, sixth.earned_fen, sixth.most_inside) == (3, 1500, 3)
    assert found.parts[first].most_inside == 1
    assert [hour for hour, slot in enumerate(found.hours) if slot.entered] == [8, 23]
    assert found.by_right == {"permit": 1, "visitor": 2}
    assert (found.debts, len(found.parts)) == (0, 31)


def test_a_day_has_hours_and_a_year_has_months_that_add_up(march):
    day = reports.of(march, Span(DAY, date(2026, 3, 6)))
    assert day.parts[clock("2026-03-06T09:00")].left == 2
    assert day.parts[clock("2026-03-06")].most_inside == 3
    year = reports.of(march, Span(YEAR, date(2026, 1, 1)))
    months = {moment.month: slot for moment, slot in year.parts.items()}
    assert (months[2].entered, months[2].left, months[3].left) == (1, 0, 4)
    assert year.total.earned_fen == 1500


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("2026", YEAR, "2026-01-01"),
        ("2026-02", MONTH, "2026-02-01"),
        ("2026-02-28", DAY, "2026-02-28"),
        ("2026-02-30", MONTH, "2026-05-01"),
        ("", MONTH, "2026-05-01"),
        ("0001-01", MONTH, "2026-05-01"),
        ("9999", MONTH, "2026-05-01"),
        ("２０２６", MONTH, "2026-05-01"),
        ("<b>" * 900, MONTH, "2026-05-01"),
    ],
)
def test_what_is_asked_for_is_a_span_or_the_month_of_today(text, kind, first):
    found = Span.parse(text, date(2026, 5, 9))
    assert (found.kind, found.first.isoformat()) == (kind, first)


def test_each_number_leads_to_the_rows_that_it_counts(march):
    client = Client()
    client.force_login(factories.user("manager", at=march))
    page = client.get("/desk/parking/report/?when=2026-03").content.decode()
    links = {
        (unescape(url).split("?")[0], number)
        for url, number in re.findall(r'<td[^>]*><a href="(/admin/[^"]+)">([^<]+)</a>', page)
    }
    assert ("/admin/parking/stay/", "3") in links
    seen = 0
    for url, number in re.findall(r'<td[^>]*><a href="(/admin/[^"]+)">([\d,]+)</a>', page):
        listed = client.get(unescape(url))
        assert listed.context["cl"].result_count == int(number)
        seen += 1
    assert seen == 3
    paid = re.search(r'<td[^>]*><a href="(/admin/parking/payment/[^"]+)">¥15.00</a>', page)
    assert client.get(unescape(paid.group(1))).context["cl"].result_count == 2


def test_the_file_holds_the_table_and_it_is_noted_who_took_it(march):
    client = Client()
    client.force_login(factories.user("manager", at=march))
    answer = client.get("/desk/parking/report/csv/?when=2026-03", headers={"accept-language": "en"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[7].split(",")[:4] == ["03-06", "0", "3", "3"]
    assert lines[-1].split(",")[1:] == ["3", "4", "3", "15.0", "80.0"]
    assert Event.objects.get(kind="list.exported").payload["table"] == "parking.report"
    assert client.get("/desk/parking/report/exe/").status_code == 404


def test_a_month_without_cars_says_what_to_do_and_areas_are_counted_apart(march):
    client = Client()
    client.force_login(factories.user("desk", at=march))
    assert "l-empty" in client.get("/desk/parking/report/?when=2025-03").content.decode()
    shed = Area.objects.create(compound=march, name="车棚", capacity=5)
    stay(march, "皖A00009", "03-07 10:00", "03-07 11:00", area=shed)
    inner = reports.of(march, MONTH_BEFORE, shed)
    assert (inner.total.entered, inner.has_income) == (1, False)
    page = client.get(f"/desk/parking/report/?when=2026-03&area={shed.pk}")
    assert page.context["found"].total.entered == 1
    for strange in ("x", "999999999999999999999", "-1"):
        assert client.get(f"/desk/parking/report/?when=2026-03&area={strange}").status_code == 200


def test_the_first_page_tells_of_permits_about_to_end(compound):
    client, today = Client(), date.today()  # noqa: DTZ011
    client.force_login(factories.user("manager", at=compound))
    for number, days in enumerate((3, 29, 90)):
        car = operations.register_vehicle(compound=compound, plate=f"皖A5000{number}")
        operations.give_permit(
            compound=compound, kind="monthly", vehicle=car, valid_from=today,
            valid_until=today + timedelta(days=days),
        )  # fmt: skip
    stats = {stat.url.split("?")[0]: stat for stat in client.get("/admin/").context["stats"]}
    ending = stats["/admin/parking/permit/"]
    assert ending.number == 2
    assert client.get(ending.url).context["cl"].result_count == 2
