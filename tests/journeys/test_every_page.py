"""Every page of every door, in both languages: nothing that axe objects to, none too wide.

A new address is walked by itself (tests/journeys/walk/stops.py); one that nobody can walk fails
here until somebody says how, or why not. Two browsers share the pages, one in each language; with
LINLI_TEST_ALL=1 each page is walked in both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from community import tls
from community.models import User
from tests.journeys.walk.eyes import NARROW, WIDE, Eyes
from tests.journeys.walk.rows import WalkedHouse
from tests.journeys.walk.stops import FIRST, OPERATOR, WITHOUT, Stop, stops
from tests.rights.rule import addresses
from tests.servers.linli import LinliServer

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    # What a page looks like is no question of the database: walked in the first pass only.
    pytest.mark.sqlite,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]
Faults = dict[str, list[str]]


@pytest.fixture
def look(new_context: Callable[..., BrowserContext]) -> Callable[[LinliServer], list[Eyes]]:
    """Wide in Chinese and narrow in English; none may be wider than a phone in either."""

    def come(server: LinliServer) -> list[Eyes]:
        both = (("zh-hans", WIDE), ("en", NARROW))
        return [Eyes(new_context(), language, server.url, size) for language, size in both]

    return come


def walk(both: list[Eyes], found: list[Stop]) -> Faults:
    """What is wrong with each page. The two look at the same time, each at its own."""
    faults: Faults = {}
    for turn in turns(both, found):
        for eyes, stop in turn:
            eyes.go(stop)
        for eyes, stop in turn:
            if told := eyes.say(stop):
                faults[f"{stop.told}, {eyes.language}"] = told
    return faults


def turns(both: list[Eyes], found: list[Stop]) -> Iterator[list[tuple[Eyes, Stop]]]:
    """Who looks at what at the same time."""
    if os.environ.get("LINLI_TEST_ALL") == "1":
        for stop in found:
            yield [(eyes, stop) for eyes in both]
        return
    for at in range(0, len(found), 2):
        yield list(zip(both, found[at : at + 2], strict=False))


def told(faults: Faults) -> str:
    """Every page that has faults, by name: an assertion alone would cut the list short."""
    return "\n" + "\n".join(f"{page}: {'; '.join(found)}" for page, found in faults.items())


def test_pages_of_an_empty_installation(look, start_linli, settings, tmp_path: Path) -> None:
    tls.ensure(tmp_path / "tls", [], "gate")
    server = start_linli(LINLI_VAR=str(tmp_path), LINLI_SECRET_KEY=settings.SECRET_KEY)
    both = look(server)
    faults: Faults = {}
    for role, name, path in FIRST:
        client = Client()
        if role == OPERATOR:
            client.force_login(User.objects.create_superuser("operator", None, "linli-operator-1"))
        for eyes in both:
            eyes.become(client)
        faults |= walk(both, [Stop(name, role, path)])
    assert not faults, told(faults)


def test_every_page(look, linli_server: LinliServer) -> None:
    house, both = WalkedHouse(), look(linli_server)
    faults: Faults = {}
    found = sorted(stops(house.keys, house.users), key=lambda stop: stop.role)
    for role, own in groupby(found, key=lambda stop: stop.role):
        client = house.client(role)
        for eyes in both:
            eyes.become(client)
        faults |= walk(both, list(own))
    assert not faults, told(faults)


def test_no_reason_is_left_over() -> None:
    assert sorted(set(WITHOUT) - {each.key for each in addresses()}) == []
