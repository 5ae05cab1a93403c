"""Every address of the project is asked by every role, in its own compound and from another.

The rules stand in the tables beside this file. An address without a rule fails here.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import caches
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from django.utils.safestring import SafeString

from community.models import Event, User
from tests.community.api.house import operations
from tests.rights.house import House
from tests.rights.rule import (
    ANYBODY,
    EVERY_ROLE,
    Address,
    Rule,
    addresses,
    double,
    is_barred,
)

pytestmark = [
    # Who may open what is no question of the database: asked in the first pass only.
    pytest.mark.sqlite,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(600),
]
TABLES = ("community", "residents", "parcels", "parking", "money", "security", "libraries")
SIGNED_OUT = "nobody"


@cache
def table_of(name: str) -> dict[str, Rule]:
    found: dict[str, Rule] = import_module(f"tests.rights.{name}").RULES
    return found


@cache
def described() -> frozenset[str]:
    """Addresses of the API: their rules stand in tests/community/api/test_rules.py."""
    return frozenset(re.sub(r"\{\w+\}", "{}", one.path) for one in operations())


def is_described(address: Address) -> bool:
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", "{}", address.route)
    return "/" + plain.strip("^$") in described() and address.name != "api-readings"


def rule_of(address: Address) -> tuple[str, Rule] | None:
    for name in TABLES:
        for key in (address.name, address.route):
            if key and key in table_of(name):
                return name, table_of(name)[key]
    return None


def ruled(table: str) -> list[tuple[Address, Rule]]:
    """The addresses whose rule stands in ``table``."""
    found = [(each, rule_of(each)) for each in addresses()]
    return [(each, rule[1]) for each, rule in found if rule and rule[0] == table]


def bare() -> list[str]:
    """The addresses that nobody has said anything about, and where to say it."""
    return [
        f"{each.route} ({each.name}): say who may open it in tests/rights/<its app>.py"
        for each in addresses()
        if rule_of(each) is None and not is_described(each)
    ]


def test_every_address_has_a_rule():
    assert bare() == []


def test_no_rule_is_left_over_or_said_twice():
    known = {key for each in addresses() for key in (each.name, each.route)}
    assert sorted(set().union(*(table_of(name) for name in TABLES)) - known) == []
    assert double(key for name in TABLES for key in table_of(name)) == []


def test_an_address_without_a_rule_is_named(monkeypatch):
    monkeypatch.delitem(table_of("security"), "guard-patrols")
    told = "guard/patrols/ (guard-patrols): say who may open it in tests/rights/<its app>.py"
    assert told in bare()


@pytest.mark.parametrize("answer", [(200, ""), (302, "/guard/"), (405, ""), (422, "")])
def test_an_answer_that_lets_through_is_known_as_one(answer):
    assert not is_barred(Answer(*answer))


@pytest.mark.parametrize("answer", [(401, ""), (403, ""), (404, ""), (302, "/sign-in/?next=/")])
def test_an_answer_that_bars_is_known_as_one(answer):
    assert is_barred(Answer(*answer))


class Answer(dict[str, str]):
    def __init__(self, status: int, leads: str) -> None:
        super().__init__(Location=leads)
        self.status_code = status


PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def url(address: Address, rule: Rule, house: House) -> str:
    """The address with the house's rows in it."""
    names = ["".join(found) for found in PARAMETER.findall(address.route)]
    values = {name: house.keys.get(rule.keys[name], rule.keys[name]) for name in names}
    if address.name:
        return reverse(address.name, kwargs=values or None)
    return "/" + PARAMETER.sub(r"{\1\2}", address.route).strip("^$").format(**values)


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def ask(client: Client, rule: Rule, path: str, *, allowed: bool) -> Any:
    """Whom a deed is not for sends it, and nothing comes of it; for others the door is enough."""
    answer = client.post(path, {}) if rule.posts and not allowed else client.get(path)
    assert answer.status_code < 500 or answer.status_code == 503, path
    return answer


def people(house: House) -> dict[str, User | None]:
    operator = User.objects.create_superuser("operator", None, "linli-operator-1")
    return {SIGNED_OUT: None, **house.people, "operator": operator}  # type: ignore[dict-item]


def wrong(client: Client, rule: Rule, path: str, role: str) -> str:
    """What one role gets that it should not, or does not get that it should; empty if right."""
    allowed = rule.lets(role)
    barred = is_barred(ask(client, rule, path, allowed=allowed), path)
    if barred and allowed and not rule.empty:
        return f"{role}: {path} is closed, and the rule says open"
    if not barred and not allowed and not rule.empty:
        return f"{role}: {path} is open, and the rule says closed"
    if not barred and not allowed:
        return f"{role}: {path} is open"
    return ""


@pytest.fixture(autouse=True)
def _quiet():
    """Thousands of refusals are no news; throttles of other tests do not count here."""
    caches["shared"].clear()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def blank_page(*_what: Any, **_more: Any) -> SafeString:
    return SafeString("")


@pytest.fixture
def undrawn(monkeypatch):
    """`undrawn(True)`: pages are decided and not drawn; drawing is most of their time."""
    draw = Template.render

    def set_to(blank: bool) -> None:
        monkeypatch.setattr(
            Template, "render", (lambda *_, **__: SafeString("")) if blank else draw
        )

    return set_to


@pytest.mark.parametrize("table", TABLES)
def test_each_role_opens_what_its_rule_says_and_nothing_else(table: str, undrawn):
    house = House()
    faults = []
    for role, user in people(house).items():
        client = client_of(user)
        undrawn(role != "manager")
        for address, rule in ruled(table):
            if rule.who == ANYBODY and role != SIGNED_OUT:
                continue
            told = wrong(client, rule, url(address, rule, house), role)
            faults += [told] if told else []
    assert faults == []


@pytest.mark.parametrize("table", TABLES)
def test_nobody_opens_rows_of_another_compound(table: str, undrawn):
    undrawn(True)
    house, elsewhere = House(), House("皖A00001")
    faults = []
    before = Event.objects.filter(compound=house.compound).count()
    for role in sorted(EVERY_ROLE):
        client = client_of(elsewhere.people[role])
        for address, rule in ruled(table):
            if rule.shared or not rule.lets(role) or not set(rule.keys.values()) & set(house.keys):
                continue
            path = url(address, rule, house)
            answer = ask(client, rule, path, allowed=False)
            if not is_barred(answer, path):
                faults.append(f"{role} of another compound: {path} answers {answer.status_code}")
    assert faults == []
    assert Event.objects.filter(compound=house.compound).count() == before
