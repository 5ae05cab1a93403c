"""The search: what each role finds, where it leads, and whose files are noted as looked up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from community.models import Compound, Look
from community.search import Question
from residents.models import Person
from residents.operations import add_person, add_residency
from tests.community import factories
from tests.community.test_admin import office
from tests.parking import cars
from tests.security.gates import OTHER, drive_up, gate

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


@pytest.fixture
def lin(compound) -> Person:
    person = add_person(compound=compound, name="林晓青", phone="19900001234")
    unit = factories.unit(compound)
    day = timezone.localdate()
    add_residency(person=person, unit=unit, kind="owner", started_on=day)
    return person


def found(client: Client, text: str) -> dict[str, list[Any]]:
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return {str(group.name): group.hits for group in answer.context["groups"]}


@pytest.fixture
def clerk(compound) -> Client:
    return office(factories.user("desk", at=compound))


@pytest.mark.parametrize("text", ["林晓", "1234", "199 0000 1234", "3-2-1202", "3栋2单元1202"])
def test_a_person_is_found_by_name_home_and_phone(lin, clerk, text):
    hit = found(clerk, text)["People"][0]
    assert (hit.title, hit.url) == ("林晓青", f"/desk/person/{lin.pk}/")
    assert "3-2-1202" in hit.about
    assert "199****1234" in hit.about


@pytest.mark.parametrize("text", ["2345", "123", "0000", "林大"])
def test_other_digits_find_nobody(lin, clerk, text):
    assert "People" not in found(clerk, text)


def test_a_changed_phone_is_found_by_its_new_end_only(lin, clerk):
    from residents.operations import change_person

    change_person(lin, phone="19900009876")
    assert "People" not in found(clerk, "1234")
    assert found(clerk, "9876")["People"][0].title == "林晓青"


@pytest.mark.parametrize("text", ["3-2-1202", "1202", "2-1202", "3号楼2单元1202室"])
def test_a_home_is_found_by_its_number(lin, clerk, text):
    assert [hit.title for hit in found(clerk, text)["Homes"]] == ["3-2-1202"]


def test_a_car_is_found_with_its_state_and_home(lin, clerk, compound):
    cars.car(compound, owner=lin)
    hit = found(clerk, "皖a52m")["Vehicles"][0]
    assert (hit.plate, hit.mark) == (cars.PLATE, "allow")
    assert "林晓青" in hit.about
    assert hit.url.startswith("/admin/parking/vehicle/")


def test_passages_are_for_those_who_watch_the_gates():
    lane = gate()
    drive_up(lane, OTHER)
    for role, sees in (("manager", True), ("guard", True), ("desk", False)):
        client = office(factories.user(role, at=lane.compound))
        assert ("Passages" in found(client, OTHER)) == sees, role
        assert ("Passages" in found(client, OTHER[:4])) == sees, role


def test_a_guard_sees_who_it_is_and_is_led_nowhere_they_may_not_go(lin, compound):
    cars.car(compound, owner=lin)
    client = office(factories.user("guard", at=compound))
    groups = found(client, "3-2-1202") | found(client, cars.PLATE)
    assert groups["People"][0].title == "林晓青"
    assert groups["Vehicles"]
    for hits in groups.values():
        for hit in hits:
            assert hit.url == ""


def test_a_locker_is_found_by_its_place(clerk, compound):
    from parcels.operations import add_bank

    add_bank(compound=compound, name="A 柜", place="南门内", sizes={"small": 2})
    assert found(clerk, "南门")["Lockers"][0].title == "A 柜"


def test_another_compound_finds_nothing(lin):
    elsewhere = factories.compound()
    client = office(factories.user("manager", at=elsewhere))
    assert found(client, "林晓") == {}
    assert found(client, "1234") == {}
    assert found(client, "3-2-1202") == {}
    assert not Look.objects.exists()


@pytest.mark.parametrize("role", ["resident", "landlord", "courier"])
def test_others_may_not_search(role, compound):
    client = office(factories.user(role, at=compound))
    assert client.get("/search/", {"q": "林"}).status_code == 403
    assert Client().get("/search/").status_code == 302


def test_an_installer_finds_places_and_no_people(lin, compound):
    client = office(factories.user("installer", at=compound))
    assert set(found(client, "3-2-1202")) == {"Homes"}
    assert found(client, "林晓") == {}


def test_whose_file_is_shown_is_noted_once_in_a_while(lin, clerk, compound):
    found(clerk, "林晓")
    found(clerk, "1234")
    look = Look.objects.get()
    assert (look.subject, look.subject_id, look.field) == ("residents.person", lin.pk, "file")
    assert compound.events.filter(kind="personal.looked_at").count() == 1
    other = office(factories.user("desk", at=compound))
    found(other, "林晓")
    assert Look.objects.count() == 2


@pytest.mark.parametrize("text", ["", "a", "<script>", "%", "\x00林", "'; DROP", "九" * 500])
def test_odd_questions_are_answered(clerk, text):
    assert clerk.get("/search/", {"q": text}).status_code == 200


def test_the_number_of_questions_does_not_grow(clerk, compound, django_assert_max_num_queries):
    for number in range(30):
        person = add_person(compound=compound, name=f"林{number}", phone=f"1990000{number:04}")
        unit = factories.unit(compound, f"{number}-1-101")
        day = timezone.localdate()
        add_residency(person=person, unit=unit, kind="owner", started_on=day)
        cars.car(compound, f"皖A0{number:04}", owner=person, unit=unit)
    for text in ("林", "皖A0", "101"):
        with django_assert_max_num_queries(20):
            shown = found(clerk, text)
        assert all(len(hits) <= 8 for hits in shown.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3栋2单元1202", "3-2-1202"),
        ("12-3", "12-3"),
        ("林", ""),
        ("皖A52M78", ""),
        ("1202", "1202"),
    ],
)
def test_a_home_as_people_write_it(text, code):
    assert Question(None, Compound(), text).home == code


@pytest.mark.parametrize("text", ["sf1428 0916 6631", "6631", "09166631", "166631"])
def test_a_parcel_is_found_by_waybill_and_by_its_end(compound, lin, clerk, text):
    _parcel(compound, lin, "SF142809166631")
    _parcel(compound, lin, "SF142809160000")
    (hit,) = found(clerk, text)["Parcels"]
    assert hit.title == "顺丰 SF142809166631"
    assert "林晓青" in hit.about
    assert hit.url.startswith("/admin/parcels/parcel/")
    assert Look.objects.filter(subject_id=lin.pk).exists()


def test_parcels_are_for_the_desk_of_their_own_compound(compound, lin):
    _parcel(compound, lin, "SF142809166631")
    elsewhere = office(factories.user("manager", at=factories.compound()))
    assert "Parcels" not in found(elsewhere, "6631")
    for role, sees in (("manager", True), ("guard", False), ("cashier", False)):
        client = office(factories.user(role, at=compound))
        assert ("Parcels" in found(client, "SF142809166631")) == sees, role


def _parcel(compound, person, waybill):
    from parcels import operations
    from parcels.models import Carrier, Shelf

    carrier = Carrier.objects.filter(compound=compound).first()
    shelf = Shelf.objects.filter(compound=compound).first()
    return operations.receive_at_desk(
        shelf=shelf or operations.save_shelf(Shelf(compound=compound, name="A1")),
        carrier=carrier or operations.save_carrier(Carrier(compound=compound, name="顺丰")),
        waybill=waybill,
        person=person,
    )
