"""Every page of the residents, and every list of the office: how many queries it may take.

The numbers stand in ``tests/query_counts.json``. A page that takes more than its number fails, and
so does a page without a number. This file, run with ``--write-query-counts``, writes them anew:
look at what it changed.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from residents import operations
from residents.models import Registration
from tests.rights.house import House
from tests.rights.rule import Address, Rule, addresses
from tests.rights.test_rights import is_described, rule_of, url

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(600),
]
COUNTS = Path(__file__).resolve().parents[1] / "query_counts.json"
MOST = 15
#: Rows of the resident's own, for pages that show one.
OWN = {
    "home-registration": "confirmed",
    "home-renew": "confirmed",
    "home-leave": "confirmed",
}
#: Lists of the office, and pages of these apps.
LISTS = "_changelist"


def counted(address: Address) -> bool:
    """Whether a page has a number: pages that only send a file or take a deed have none."""
    if not address.name or is_described(address):
        return False
    mine = address.app == "residents" or address.name.startswith(("admin:residents_", "home"))
    return mine or (address.name.startswith("admin:") and address.name.endswith(LISTS))


@pytest.fixture(autouse=True)
def _quiet():
    caches["shared"].clear()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def at_home(house: House) -> Client:
    """A tenant who is registered here, with a sign-in."""
    row = Registration.objects.get(pk=house.keys["confirmed"])
    user = house.people["resident"]
    operations.change_person(row.person, user=user)
    return signed_in(user)


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def rule_for(address: Address) -> Rule:
    found = rule_of(address)
    assert found is not None, address.name
    rule = found[1]
    if address.name in OWN:
        return Rule(rule.who, {**rule.keys, "pk": OWN[address.name]})
    return rule


def queries(client: Client, path: str) -> int | None:
    """Queries of a page that is open already; None where there is no page for this person."""
    answer = client.get(path)
    is_page = answer.status_code == 200 and "text/html" in answer.get("Content-Type", "")
    if not is_page or answer.streaming:
        return None
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


def every_page() -> dict[str, int]:
    house = House()
    home, office = at_home(house), signed_in(house.people["manager"])
    found: dict[str, int] = {}
    for address in addresses():
        if not counted(address):
            continue
        rule = rule_for(address)
        client = home if address.name.startswith(("home", "request")) else office
        count = queries(client, url(address, rule, house))
        if count is not None:
            found[address.name] = count
    return dict(sorted(found.items()))


def test_no_page_takes_more_queries_than_its_number(request):
    found = every_page()
    if request.config.getoption("--write-query-counts"):
        COUNTS.write_text(json.dumps(found, indent=2) + "\n")
    known = json.loads(COUNTS.read_text())
    more = {name: (known.get(name), count) for name, count in found.items()
            if count > known.get(name, -1)}  # fmt: skip
    assert more == {}, "more queries than in tests/query_counts.json (number there, number now)"
    assert sorted(set(known) - set(found)) == [], "no such page any more: write the file anew"


def test_no_number_is_over_the_limit():
    known = json.loads(COUNTS.read_text())
    assert {name: count for name, count in known.items() if count > MOST} == {}
