"""Each operation is fed what its description allows and what it does not: nothing breaks.

Bounded and the same each time: no seed of the day, no clock, no stored examples.
"""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.community.api.callers import forget_counts
from tests.community.api.house import House, issue

# What is sent is refused before the database sees it: asked in the first pass only.
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(300)]
EXAMPLES = 4
PARTS = ("method", "url", "params", "json", "data", "files", "headers", "cookies")
BOUNDED = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


class _RolledBack(Exception):
    """Ends a transaction whose rows nobody needs."""


def description(client: Client) -> Any:
    return schemathesis.openapi.from_dict(client.get("/api/schema/?format=json").json())


def call(client: Client, case: Any, headers: dict[str, str]) -> Any:
    """The call as it would go over the wire, to Django's own client."""
    parts = case.as_transport_kwargs(base_url="http://testserver")
    wire = requests.Request(**{name: parts[name] for name in PARTS if name in parts}).prepare()
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return client.generic(
        str(wire.method),
        wire.path_url,
        wire.body or b"",
        content_type=wire.headers.get("Content-Type", ""),
        **sent,
    )


def calls(operation: Any, house: House, headers: dict[str, str], found: list[str]) -> Any:
    """A test of one operation; every other call goes to a row that there is."""
    first = operation.path.removeprefix("/api/v1/").split("/")[0]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    client = Client(raise_request_exception=False)

    @BOUNDED
    @hypothesis.given(case=cases, is_there=st.booleans())
    def run(case: Any, is_there: bool) -> None:
        if is_there and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, house.keys.get(first, 1))
        forget_counts()
        with pytest.raises(_RolledBack), transaction.atomic():
            answer = call(client, case, headers)
            problem = fault(answer)
            if problem:
                found.append(f"{operation.label}: {problem} {case.as_curl_command()[:600]}")
            raise _RolledBack

    return run


def fault(answer: Any) -> str:
    """What is wrong with an answer; empty where nothing is."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code >= 400:
        if answer["Content-Type"] != "application/json":
            return f"{answer.status_code} in another form"
        told = answer.json()
        if set(told) != {"code", "detail", "fields"} or not isinstance(told["fields"], dict):
            return f"{answer.status_code} in another form"
    return ""


@pytest.fixture
def told(client):
    return description(client)


def test_nothing_that_is_sent_breaks_anything(told):
    house = House()
    headers = {"Authorization": f"Bearer {issue(house.staff, house.compound)}"}
    found: list[str] = []
    count = 0
    for result in told.get_all_operations():
        operation = result.ok()
        if not operation.path.startswith("/api/v1/") or operation.path == "/api/v1/readings/":
            continue
        count += 1
        calls(operation, house, headers, found)()
    assert count > 90
    assert found == []


def test_nothing_that_a_device_sends_breaks_anything(told):
    house = House()
    headers = {"Authorization": f"Device {house.device_token}"}
    found: list[str] = []
    calls(told["/api/v1/readings/"]["post"], house, headers, found)()
    assert found == []
