"""Role × operation × compound, for every operation there is: one without a rule here fails."""

from __future__ import annotations

import pytest

from community.models import Role
from tests.community.api.callers import forget_counts, program, signed_in
from tests.community.api.house import House, operations

pytestmark = pytest.mark.django_db

EVERYBODY = set(Role.Name.values)
STAFF = {"guard", "desk", "cashier", "manager", "installer"}
GUARDS, MANAGERS, INSTALLERS = {"guard", "manager"}, {"manager"}, {"manager", "installer"}
MONEY = {"guard", "desk", "cashier", "manager"}
OFFICE, READERS = {"desk", "manager"}, {"guard", "desk", "manager"}
#: First part of the path -> (who reads its rows, who adds, changes and does deeds).
RULES = {
    "alerts": (GUARDS, GUARDS),
    "buildings": (EVERYBODY - {"x"}, MANAGERS),
    "care-watches": (OFFICE, OFFICE),  # and each one's own
    "commands": (STAFF, None),
    "compartments": (STAFF | {"courier"}, INSTALLERS | {"desk"}),
    "compounds": (EVERYBODY, MANAGERS),
    "corrections": (GUARDS, GUARDS),
    "device-tokens": (INSTALLERS, INSTALLERS),
    "devices": (STAFF, INSTALLERS),
    "events": (STAFF, None),
    "face-consents": (OFFICE, OFFICE),  # and each one's own
    "face-erasures": (OFFICE, None),  # and each one's own
    "gates": (EVERYBODY, MANAGERS),
    "handovers": (GUARDS, GUARDS),
    "home-calls": (set(), set()),  # each home's own
    "households": (READERS, OFFICE),
    "keep-opens": (GUARDS, None),
    "lanes": (EVERYBODY, INSTALLERS),
    "lockers": (EVERYBODY, INSTALLERS),
    "looks": (MANAGERS, None),
    "me": (EVERYBODY, None),
    "message-ways": (EVERYBODY, EVERYBODY),  # each one's own
    "my-registrations": (set(), set()),  # each one's own
    "notices": (EVERYBODY, OFFICE),
    "notifications": (set(), set()),  # each one's own
    "parcels": (OFFICE, None),  # and each one's own
    "passages": (GUARDS, GUARDS),
    "parking-debts": (MONEY, None),
    "parking-payments": (MONEY, MONEY),
    "parking-prices": (MONEY, None),
    "patrol-points": (GUARDS, MANAGERS),
    "patrol-rounds": (GUARDS, GUARDS),
    "patrol-routes": (GUARDS, MANAGERS),
    "people": (READERS, OFFICE),
    "pictures": (GUARDS, None),
    "registrations": (OFFICE, OFFICE),
    "requests": (OFFICE, OFFICE),
    "residencies": (READERS, OFFICE),
    "roles": (MANAGERS, OFFICE),
    "stays": (STAFF, None),
    "parking-areas": (STAFF, None),
    "tariffs": (MONEY, None),
    "tokens": (MANAGERS, MANAGERS),  # and each one's own
    "units": (EVERYBODY, MANAGERS),
    "users": (MANAGERS, MANAGERS),
    "vehicle-imports": (OFFICE, OFFICE),
    "vehicles": (STAFF, OFFICE),
    "visits": (READERS, OFFICE),
    "watch-list": (MANAGERS, MANAGERS),
    "ways-in": (OFFICE, OFFICE),
    "webhook-deliveries": (MANAGERS, MANAGERS),
    "webhooks": (MANAGERS, MANAGERS),
}
#: Operations whose rule differs from that of their part.
OTHERWISE = {
    "GET /events/{sequence}/": INSTALLERS,  # the row asked for is of a kind for these
    "GET /lanes/{id}/still/": set(),  # there is no live picture in a test
    "GET /pictures/{id}/file/": set(),  # nor a file
    "POST /handovers/{id}/sign/": set(),  # by who prepared it
    "POST /handovers/{id}/withdraw/": MANAGERS,  # and by who prepared it
    "POST /lanes/{id}/open/": GUARDS,
    "POST /lanes/{id}/keep-open/": GUARDS,
    "POST /lanes/{id}/release/": GUARDS,
    "POST /my-registrations/": EVERYBODY,  # in a home of their own
    "POST /patrol-routes/{id}/walk/": GUARDS,
    "POST /people/{id}/look/": READERS,
    "POST /roles/{id}/end/": MANAGERS,
}
ALL = [one for one in operations() if one.name != "POST /readings/"]


@pytest.fixture(autouse=True)
def _fresh():
    forget_counts()


def part(operation) -> str:
    return operation.path.removeprefix("/api/v1/").split("/")[0]


def allowed(operation) -> set[str]:
    if operation.name in OTHERWISE:
        return OTHERWISE[operation.name]
    readers, writers = RULES[part(operation)]
    rule = readers if operation.method == "get" else writers
    assert rule is not None, "an operation without a rule: say who may"
    return rule


def call(client, operation, path):
    forget_counts()
    send = getattr(client, operation.method)
    return send(path) if operation.method == "get" else send(path, {}, format="json")


def answers(client, operation, house) -> bool:
    """Whether the caller gets through to the row, or to the checks of what was sent.

    A list is for everybody who is signed in; it shows the rows that they may see.
    """
    answer = call(client, operation, house.path(operation))
    assert answer.status_code < 500
    if operation.is_list:
        assert answer.status_code in {200, 403}
        return answer.status_code == 200 and bool(answer.json()["results"])
    return answer.status_code not in {401, 403, 404}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_does_what_its_rule_says_and_nothing_else(role):
    house = House()
    client = signed_in(house.somebody(role))
    wrong = {}
    for operation in ALL:
        expected = role in allowed(operation)
        if operation.is_list and part(operation) in {"events", "users"}:
            continue  # each sees some: the kinds of their role, themselves
        if operation.name == "GET /lanes/{id}/still/":
            continue
        if answers(client, operation, house) is not expected:
            wrong[operation.name] = expected
    assert wrong == {}


@pytest.mark.parametrize("by", ["session", "token"])
def test_a_manager_elsewhere_finds_nothing_whatever_they_guess(by):
    house, there = House(), House("皖A00001")
    user = there.somebody("manager")
    client = signed_in(user) if by == "session" else program(user, there.compound)
    codes = {}
    for operation in ALL:
        if operation.has_row and part(operation) != "events":
            codes[operation.name] = call(client, operation, house.path(operation)).status_code
    assert {name: code for name, code in codes.items() if code != 404} == {}


def test_lists_hold_no_row_of_another_compound():
    house, there = House(), House("皖A00001")
    client = signed_in(there.somebody("manager"))
    for operation in ALL:
        if not operation.is_list:
            continue
        rows = client.get(house.path(operation)).json()["results"]
        assert house.keys[part(operation)] not in [row.get("id") for row in rows]
        assert {row.get("compound", there.compound.code) for row in rows} <= {there.compound.code}


def test_a_guessed_number_of_the_ledger_elsewhere():
    house, there = House(), House("皖A00001")
    number, code = house.keys["events"], house.compound.code
    client = signed_in(there.somebody("manager"))
    for path in ("/api/v1/events/", f"/api/v1/events/{number}/"):
        answer = client.get(path, {"compound": code})
        assert answer.status_code == 400
        assert "compound" in answer.json()["fields"]
    answer = client.get("/api/v1/events/", {"after": 0, "compound": there.compound.code})
    actors = {row["actor"] for row in answer.json()["results"]}
    assert (
        actors & set(Role.objects.filter(compound=house.compound).values_list("user", flat=True))
        == set()
    )
    assert there.staff.pk in actors


@pytest.mark.parametrize("operation", ALL, ids=lambda one: one.name)
def test_signed_out_is_401_in_one_form(operation, client):
    path = operation.path.replace("{id}", "1").replace("{sequence}", "1")
    answer = getattr(client, operation.method)(path, headers={"accept-language": "en"})
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "not_authenticated",
        "detail": "Nobody is signed in. Send a token, or sign in first.",
        "fields": {},
    }


def test_every_part_has_a_rule_and_no_rule_is_left_over():
    assert {part(one) for one in ALL} == set(RULES)
    assert set(OTHERWISE) <= {one.name for one in ALL}
