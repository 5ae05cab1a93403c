"""Alerts by the thousand: every page of them stays a page, and asks no more than for a few."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.models import Compound
from security.models import Alert
from tests.community import factories
from tests.community.test_admin import office
from tests.security.gates import gate

pytestmark = pytest.mark.django_db
#: Address -> questions at most, and what stands on each of its rows.
PAGES = {
    "/guard/": (20, 'id="alert-'),
    "/guard/alerts/": (6, 'id="alert-'),
    "/guard/alerts/list/": (7, 'id="alert-'),
    "/guard/alerts/list/?page=3&severity=2": (7, 'id="alert-'),
    "/admin/security/alert/": (12, 'class="action-select"'),
    "/admin/security/alert/?closed_at__isempty=1&p=2": (12, 'class="action-select"'),
    "/api/v1/alerts/": (8, '"raised_at"'),
    "/api/v1/alerts/?open=true&severity=1": (8, '"raised_at"'),
}
ONE_PAGE = 100


@pytest.fixture
def compound() -> Compound:
    lane = gate()
    raised(lane.compound, lane, 12)
    return lane.compound


def raised(at: Compound, lane: Any, count: int) -> None:
    now = timezone.now()
    first = Alert.objects.count()
    Alert.objects.bulk_create(
        Alert(
            compound=at, kind="device_offline", key=f"n{number}", severity=1 + number % 3,
            raised_at=now, device=lane.barrier, lane=lane,
        )
        for number in range(first, first + count)
    )  # fmt: skip


def asked(client: Client, path: str) -> tuple[int, str]:
    """How many questions a page costs once it is warm, and the page."""
    client.get(path)
    cache.clear()
    caches["shared"].clear()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(seen), answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_many_alerts_cost_what_few_cost(compound: Compound, path: str):
    most, row = PAGES[path]
    client = office(factories.user("manager", at=compound))
    few, _page = asked(client, path.partition("?")[0])
    assert few <= most
    raised(compound, compound.lanes.get(), 400)
    many, page = asked(client, path)
    assert many <= max(few, most)
    assert page.count(row) <= ONE_PAGE
