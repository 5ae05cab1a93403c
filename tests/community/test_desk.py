"""The desk: a clerk does for a person or home what they would do themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from community import desk
from community.models import Compound, Event, Look, Unit
from parking.models import Vehicle
from residents.models import Person, Residency
from residents.operations import add_person, add_residency
from tests.community import factories
from tests.community.test_admin import office
from tests.parking import cars

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


@pytest.fixture
def unit(compound) -> Unit:
    return factories.unit(compound)


@pytest.fixture
def lin(compound, unit) -> Person:
    person = add_person(compound=compound, name="林晓青", phone="19900001234")
    add_residency(person=person, unit=unit, kind="owner", started_on=timezone.localdate())
    return person


@pytest.fixture
def user(compound):
    return factories.user("desk", at=compound)


@pytest.fixture
def clerk(user) -> Client:
    return office(user)


def url(row: Any, *rest: str) -> str:
    kind = "home" if isinstance(row, Unit) else "person"
    return "/".join([f"/desk/{kind}/{row.pk}", *rest, ""])


def done(compound: Compound) -> list[Any]:
    """The desk's own lines: deed, kind and row, by whom."""
    rows = Event.objects.of(compound).filter(kind="desk.done").order_by("sequence")
    return [
        (row.payload["deed"], row.payload["subject"], row.payload["subject_id"], row.actor_id)
        for row in rows
    ]


def test_the_first_page_finds_somebody_and_remembers_whom_one_served(clerk, lin, compound):
    page = clerk.get("/desk/")
    assert "Find the person or home first" in page.content.decode()
    assert url(lin) in clerk.get("/desk/", {"q": "林"}).content.decode()
    clerk.post(url(lin, "do", "change-file"), {"name": "林晓清"})
    assert "林晓清" in clerk.get("/desk/").content.decode()


def test_a_person_is_seen_at_a_glance_with_masked_numbers(clerk, lin, compound):
    cars.car(compound, owner=lin, unit=lin.residencies.get().unit)
    text = clerk.get(url(lin)).content.decode()
    assert "3-2-1202" in text
    assert "199****1234" in text
    assert "19900001234" not in text
    assert "52M78" in text
    assert Look.objects.get().subject_id == lin.pk


def test_a_car_is_registered_for_a_person(clerk, lin, unit, user, compound):
    sent = {"plate": "皖a·52M78", "unit": unit.pk, "valid_from": "2026-05-01", "colour": "白"}
    answer = clerk.post(url(lin, "do", "register-car"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    car = Vehicle.objects.get()
    assert (car.plate, car.owner, car.unit) == (cars.PLATE, lin, unit)
    registered = Event.objects.get(kind="parking.vehicle_registered")
    assert registered.actor_id == user.pk
    assert done(compound) == [("register-car", "person", lin.pk, user.pk)]
    assert "is registered" in clerk.get(url(lin)).content.decode()


def test_a_refused_deed_changes_nothing_and_says_why(clerk, lin, compound):
    cars.car(compound)
    count = Event.objects.count()
    answer = clerk.post(
        url(lin, "do", "register-car"), {"plate": cars.PLATE, "valid_from": "2026-05-01"}
    )
    assert answer.status_code == 422
    assert "registered already" in answer.content.decode()
    assert Event.objects.count() == count
    assert not done(compound)


def test_a_home_takes_a_car_without_asking_which_home(clerk, unit):
    page = clerk.get(url(unit, "do", "register-car"))
    assert "unit" not in page.context["form"].fields
    sent = {"plate": cars.PLATE, "valid_from": "2026-05-01"}
    assert clerk.post(url(unit, "do", "register-car"), sent).status_code == 302
    assert Vehicle.objects.get().unit == unit


def test_a_car_is_changed_and_ended(clerk, lin, unit, compound):
    car = cars.car(compound, owner=lin, unit=unit)
    page = url(lin, "do", "change-car") + f"?row={car.pk}"
    sent = {"plate": cars.PLATE, "kind": car.kind, "colour": "红", "unit": unit.pk}
    assert clerk.post(page, sent | {"valid_from": "2026-05-01"}).status_code == 302
    car.refresh_from_db()
    assert car.colour == "红"
    assert clerk.post(url(lin, "do", "end-car") + f"?row={car.pk}").status_code == 302
    car.refresh_from_db()
    assert car.ended_at
    assert [row[0] for row in done(compound)] == ["change-car", "end-car"]


def test_somebody_elses_car_is_no_row_of_this_case(clerk, lin, compound):
    other = cars.car(compound)
    for page in (f"?row={other.pk}", "?row=999999999999", "?row=x", ""):
        assert clerk.post(url(lin, "do", "end-car") + page).status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


def test_a_person_joins_a_home_and_leaves_it(clerk, unit, user, compound):
    sent = {"name": "许知夏", "phone": "19900005555", "kind": "tenant", "started_on": "2026-05-01"}
    assert clerk.post(url(unit, "do", "add-person"), sent).status_code == 302
    row = Residency.objects.get()
    assert (row.person.name, row.unit) == ("许知夏", unit)
    page = url(unit, "do", "end-residency") + f"?row={row.pk}"
    assert clerk.post(page, {"ended_on": "2026-04-01"}).status_code == 422
    assert clerk.post(page, {"ended_on": "2026-06-01"}).status_code == 302
    row.refresh_from_db()
    assert str(row.ended_on) == "2026-06-01"
    assert [line[0] for line in done(compound)] == ["add-person", "end-residency"]


def test_a_bad_person_opens_no_file(clerk, unit):
    sent = {"name": "<b>", "kind": "owner", "started_on": "2026-05-01", "phone": "xyz"}
    answer = clerk.post(url(unit, "do", "add-person"), sent)
    assert answer.status_code == 422
    assert {"name", "phone"} <= set(answer.context["form"].errors)
    assert not Person.objects.exists()


def test_a_home_is_added_by_its_number(clerk, lin, compound):
    other = factories.unit(compound, "5-1-802")
    sent = {"unit": "5-1-802", "kind": "owner", "started_on": "2026-05-01"}
    assert clerk.post(url(lin, "do", "add-home"), sent).status_code == 302
    assert lin.residencies.filter(unit=other).exists()
    again = clerk.post(url(lin, "do", "add-home"), sent | {"unit": "9-9-999"})
    assert again.status_code == 422


@pytest.mark.parametrize("key", ["slip", "cars", "notice"])
def test_papers_are_printed(clerk, lin, key):
    page = url(lin, "print", key)
    answer = clerk.get(page)
    assert answer.status_code == 200
    if key == "notice":
        assert clerk.post(page, {"heading": "停水", "text": ""}).status_code == 422
        answer = clerk.post(page, {"heading": "停水通知", "text": "明天 9 点到 11 点停水。"})
        assert "明天 9 点" in answer.content.decode()
    text = answer.content.decode()
    assert "林晓青" in text
    assert "data-print" in text
    assert "19900001234" not in text


def test_a_sheet_that_leads_nowhere_yet_is_not_offered(clerk, unit, settings):
    from community.pages import url_of
    from residents.desk import HOME_FORM

    offered = "home-code" in desk.papers(desk.Case(None, unit.compound, "home", unit))
    assert offered == bool(url_of(HOME_FORM, "token"))
    assert clerk.get(url(unit, "print", "home-code")).status_code == (200 if offered else 404)


@pytest.mark.parametrize("role", ["guard", "cashier", "installer", "resident"])
def test_the_desk_is_for_clerks(role, lin, compound):
    client = office(factories.user(role, at=compound))
    for page in ("/desk/", url(lin), url(lin, "do", "change-file"), url(lin, "print", "slip")):
        assert client.get(page).status_code == 403


def test_people_of_another_compound_are_not_here(clerk, lin):
    stranger = office(factories.user("desk", at=factories.compound()))
    for page in (url(lin), url(lin, "do", "change-file"), url(lin, "print", "slip")):
        assert stranger.get(page).status_code == 404
    assert stranger.post(url(lin, "do", "change-file"), {"name": "x"}).status_code == 404
    assert clerk.get("/desk/nobody/1/").status_code == 404
    assert clerk.get(url(lin, "do", "nothing")).status_code == 404


def test_every_deed_and_paper_opens(clerk, lin, unit, user, compound):
    car = cars.car(compound, owner=lin, unit=unit)
    rows = {"end-car": car.pk, "change-car": car.pk, "end-residency": lin.residencies.get().pk}
    for row in (lin, unit):
        case = desk.Case(user, compound, "home" if row is unit else "person", row)
        # A deed of a line needs a line that asks for it: their own tests have one.
        for key in (
            key for key, deed in desk.deeds(case).items() if not deed.of_line or key in rows
        ):
            assert clerk.get(url(row, "do", key), {"row": rows.get(key, "")}).status_code == 200
        for key in desk.papers(case):
            assert clerk.get(url(row, "print", key)).status_code == 200


def test_a_page_asks_few_questions(clerk, lin, unit, compound, django_assert_max_num_queries):
    for number in range(20):
        other = add_person(compound=compound, name=f"人{number}")
        add_residency(person=other, unit=unit, kind="family", started_on=timezone.localdate())
        cars.car(compound, f"皖A0{number:04}", owner=lin, unit=unit)
    for row in (lin, unit):
        clerk.get(url(row))
        with django_assert_max_num_queries(20):
            clerk.get(url(row))
