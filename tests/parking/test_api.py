"""`/api/v1/vehicles/`: who may do what, and what bad input gets."""

import pytest
from rest_framework.test import APIClient

from parking import operations
from parking.models import Vehicle
from residents.operations import add_person
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db
URL = "/api/v1/vehicles/"


@pytest.fixture
def compound():
    return factories.compound()


def client(*roles, at, **fields):
    caller = APIClient()
    if roles is not None:
        caller.force_login(factories.user(*roles, at=at, **fields))
    return caller


def calls(caller, vehicle):
    """Status codes of list, retrieve, create, change, end."""
    one = f"{URL}{vehicle.pk}/"
    return (
        caller.get(URL).status_code,
        caller.get(one).status_code,
        caller.post(URL, {"plate": cars.OTHER}, format="json").status_code,
        caller.patch(one, {"colour": "黑色"}, format="json").status_code,
        caller.post(f"{one}end/").status_code,
    )


OFFICE, STAFF = (200, 200, 201, 200, 200), (200, 200, 403, 403, 403)
NOBODY, SIGNED_OUT = (200, 404, 403, 403, 403), (401, 401, 401, 401, 401)
ROLES = {
    "manager": OFFICE,
    "desk": OFFICE,
    "guard": STAFF,
    "cashier": STAFF,
    "installer": STAFF,
    "resident": NOBODY,
    "landlord": NOBODY,
    "courier": NOBODY,
}


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_roles(compound, role, expected):
    vehicle = cars.car(compound)
    assert calls(client(role, at=compound), vehicle) == expected
    vehicle.refresh_from_db()
    changed = expected is OFFICE
    assert (vehicle.ended_at is not None, vehicle.colour == "黑色") == (changed, changed)
    assert Vehicle.objects.count() == 1 + changed


def test_signed_out(compound):
    assert calls(APIClient(), cars.car(compound)) == SIGNED_OUT


def test_the_manager_of_another_compound_sees_and_changes_nothing(compound):
    vehicle = cars.car(compound)
    there = factories.compound()
    caller = client("manager", at=there)
    assert caller.get(URL).data["results"] == []
    status = calls(caller, vehicle)
    assert (status[1], status[3], status[4]) == (404, 404, 404)
    assert Vehicle.objects.of(compound).count() == 1
    assert Vehicle.objects.of(there).count() == 1
    answer = caller.post(URL, {"plate": cars.PLATE, "compound": compound.code}, format="json")
    assert (answer.status_code, "compound" in answer.data["fields"]) == (400, True)


def test_an_owner_sees_their_own_car_and_cannot_change_it(compound):
    resident = factories.user("resident", at=compound)
    person = add_person(compound=compound, name="周闻达", user=resident)
    mine = cars.car(compound, owner=person)
    cars.car(compound, cars.OTHER)
    caller = APIClient()
    caller.force_login(resident)
    assert [row["plate"] for row in caller.get(URL).data["results"]] == [cars.PLATE]
    assert calls(caller, mine)[3:] == (403, 403)


def test_a_car_goes_in_and_comes_out(compound):
    home = factories.unit(compound)
    owner = add_person(compound=compound, name="周闻达")
    caller = client("desk", at=compound)
    body = {"plate": "皖a·52m78", "home": home.code, "owner": owner.pk, "valid_from": "2026-01-01"}
    answer = caller.post(URL, body, format="json")
    assert answer.status_code == 201
    assert answer.data | {"id": 0} == {
        "id": 0,
        "compound": compound.code,
        "plate": cars.PLATE,
        "kind": "unknown",
        "colour": "",
        "home": home.code,
        "owner": owner.pk,
        "valid_from": "2026-01-01",
        "valid_until": None,
        "state": "valid",
        "barred_reason": "",
        "barred_until": None,
        "ended_at": None,
    }
    cleared = caller.patch(f"{URL}{answer.data['id']}/", {"home": None}, format="json")
    assert cleared.data["home"] is None
    assert compound.events.filter(kind="parking.vehicle_registered").get().actor is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "plate"),
        ({"plate": "皖A52M7"}, "plate"),
        ({"plate": "皖" * 10_000}, "plate"),
        ({"plate": "<script>"}, "plate"),
        ({"plate": ["皖A52M78"]}, "plate"),
        ({"plate": cars.PLATE, "kind": "pink"}, "kind"),
        ({"plate": cars.PLATE, "kind": "green"}, "kind"),
        ({"plate": cars.PLATE, "home": "9-9-9"}, "home"),
        ({"plate": cars.PLATE, "owner": 999_999}, "owner"),
        ({"plate": cars.PLATE, "owner": "x"}, "owner"),
        ({"plate": cars.PLATE, "valid_from": "morgen"}, "valid_from"),
        ({"plate": cars.PLATE, "valid_until": "2020-01-01"}, "valid_until"),
        ({"plate": cars.PLATE, "colour": "x" * 21}, "colour"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_changes_nothing(compound, body, field):
    answer = client("desk", at=compound).post(URL, body, format="json")
    assert (answer.status_code, list(answer.data["fields"])) == (400, [field])
    assert not Vehicle.objects.exists()


def test_homes_and_owners_elsewhere_are_unknown(compound):
    there = factories.compound()
    home, owner = factories.unit(there, "8-8-808"), add_person(compound=there, name="某某")
    caller = client("desk", at=compound)
    for field, value in (("home", home.code), ("owner", owner.pk)):
        answer = caller.post(URL, {"plate": cars.PLATE, field: value}, format="json")
        assert (answer.status_code, list(answer.data["fields"])) == (400, [field])


def test_who_writes_in_two_compounds_must_say_where(compound):
    there = factories.compound()
    caller = client("desk", at=compound)
    factories.Role.objects.create(
        user_id=caller.session["_auth_user_id"], compound=there, role="manager"
    )
    body = {"plate": cars.PLATE}
    assert caller.post(URL, body, format="json").status_code == 400
    answer = caller.post(URL, body | {"compound": there.code}, format="json")
    assert answer.data["compound"] == there.code


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("plate=皖a·52m78", {cars.PLATE}),
        ("search=A90", {cars.OTHER}),
        ("search=3-2-1202", {cars.PLATE}),
        ("home=3-2-1202", {cars.PLATE}),
        ("state=barred", {cars.OTHER}),
        ("state=valid", {cars.PLATE}),
        ("state=ended", set()),
        ("kind=blue", {cars.OTHER}),
        ("page_size=1", {cars.OTHER}),
    ],
)
def test_filters(compound, query, found):
    cars.car(compound, unit=factories.unit(compound))
    operations.bar_vehicle(cars.car(compound, cars.OTHER, kind="blue"), reason="挡道")
    answer = client("guard", at=compound).get(f"{URL}?{query}")
    assert {row["plate"] for row in answer.data["results"]} == found


def test_a_page_costs_the_same_however_many_cars(compound, django_assert_max_num_queries):
    home = factories.unit(compound)
    for plate in cars.plates(30):
        cars.car(compound, plate, unit=home)
    caller = client("guard", at=compound)
    with django_assert_max_num_queries(5):
        assert len(caller.get(URL).data["results"]) == 30


def test_the_description_names_every_call():
    from drf_spectacular.generators import SchemaGenerator

    paths = SchemaGenerator().get_schema(public=True)["paths"]
    assert set(paths[URL]) == {"get", "post"}
    assert set(paths[f"{URL}{{id}}/"]) == {"get", "patch"}
    assert {*paths[f"{URL}{{id}}/end/"], *paths[f"{URL}{{id}}/bar/"]} == {"post"}
