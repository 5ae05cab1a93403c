"""The audit of the ways in: what is counted, and when one way is called worse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from security.audit.counting import ENOUGH, Tally, compared, count
from security.models import Passage
from tests.community import factories
from tests.residents.doors import door

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane():
    return door(factories.compound())


@pytest.fixture
def manager(lane):
    return factories.user("manager", at=lane.compound)


def passages(lane, way: str, opened: int, refused: int, wait: float = 0.1) -> None:
    now = timezone.now()
    Passage.objects.bulk_create(
        Passage(
            compound=lane.compound, lane=lane, direction="entry", way=way, code="x",
            outcome="allow" if number < opened else "deny",
            state="opened" if number < opened else "refused",
            seen_at=now - timedelta(seconds=wait), decided_at=now,
        )
        for number in range(opened + refused)
    )  # fmt: skip


def words(lane, manager) -> str:
    client = Client()
    client.force_login(manager)
    return client.get("/guard/audit/").content.decode()


def lines(lane, manager) -> dict[str, tuple[bool, bool]]:
    now = timezone.now()
    found = count(
        manager, lane.compound, since=now - timedelta(days=1), until=now + timedelta(days=1)
    )
    return {line.way: (line.more_refused, line.slower) for line in found if not line.gate}


def test_a_way_that_is_refused_more_or_waits_longer_is_called_worse(lane, manager):
    passages(lane, "card", 95, 5)
    passages(lane, "qr", 60, 40)
    passages(lane, "pin", 90, 5, wait=9)
    found = lines(lane, manager)
    assert found["qr"] == (True, False)
    assert found["pin"] == (False, True)
    assert found["card"] == (False, False)
    assert "二维码" in words(lane, manager)


def test_few_people_prove_nothing(lane, manager):
    passages(lane, "card", ENOUGH * 2, 0)
    passages(lane, "qr", 5, 5)
    assert lines(lane, manager)["qr"] == (False, False)


def test_chance_is_no_difference():
    tallies = {"card": Tally(shown=40, refused=2), "qr": Tally(shown=40, refused=4)}
    assert not any(line.worse for line in compared("", tallies))


def test_page_and_file_are_for_managers_and_ask_little(
    lane, manager, django_assert_max_num_queries
):
    passages(lane, "card", 40, 1)
    passages(lane, "", 3, 0)
    client = Client()
    client.force_login(manager)
    with django_assert_max_num_queries(20):
        assert client.get("/guard/audit/").status_code == 200
    rows = client.get("/guard/audit/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert any(",40," in row or ",41," in row for row in rows)
    assert client.get("/guard/audit/", {"since": "never", "gate": "x"}).status_code == 200
    client.force_login(factories.user("guard", at=lane.compound))
    assert client.get("/guard/audit/").status_code == 403
