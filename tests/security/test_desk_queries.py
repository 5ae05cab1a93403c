"""The desk asks the database a fixed number of questions, however much has happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community import events
from community.models import Lane
from security import alerts, operations
from security.models import Alert
from tests.community import factories
from tests.security.gates import OTHER, drive_up, gate, jpeg, vehicle

pytestmark = pytest.mark.django_db
MOST = {
    "guard": 20,
    "guard-feed": 13,
    "guard-lanes": 8,
    "guard-decision": 10,
    "guard-failed": 10,
    "guard-alerts": 6,
    "guard-alert-list": 7,
}


@pytest.fixture
def desk() -> tuple[Client, Lane]:
    """A desk where each kind of row is there, and several of it."""
    cache.clear()
    lane = gate()
    compound = lane.compound
    people = [factories.user("guard", at=compound, name=f"保安{n}") for n in range(3)]
    client = Client()
    client.force_login(people[0])
    for number in range(6):
        vehicle(
            compound, f"皖A7{number}K5{number}", unit=factories.unit(compound, f"{number}-1-101")
        )
        drive_up(factories.lane(compound), None, plate_raw=f"皖A7{number}K5S", picture=jpeg())
        waiting = drive_up(factories.lane(compound, "exit"), f"皖A1{number:04}", picture=jpeg())
        if number < 2:
            operations.correct_plate(waiting, people[1], f"皖A7{number}K5{number}")
    handed(compound, people)
    spare = factories.lane(compound)
    operations.keep_open(spare, people[0], "removal", timezone.now() + timedelta(hours=1))
    operations.open_by_hand(lane=lane, user=people[2], reason="emergency")
    drive_up(lane, OTHER)
    return client, lane


def handed(compound: Any, people: list[Any]) -> None:
    """Alerts in each state, and news of a device at a lane of its own."""
    lone = factories.lane(compound)
    for number in range(8):
        alert = alerts.raise_alert(
            compound=compound,
            kind="device_offline",
            key=f"k{number}",
            severity=1 + number % 3,
            device=lone.barrier if number % 2 else None,
            lane=lone,
        )
        if number > 2:
            alerts.acknowledge(alert, people[number % 3])
        if number > 4:
            alerts.assign(alert, people[0], people[number % 3])
        if number > 6:
            alerts.close_with(alert, people[2], "put_right")
    with events.writing():
        events.record("shift.signed", compound=compound, actor=people[0], handover=1)
        events.record("patrol.started", compound=compound, actor=people[1], round=1)
        facts = {"device": lone.barrier_id, "lane": lone.pk, "code": "silent", "command": 1}
        events.record("device.command_failed", compound=compound, **facts)


@pytest.mark.parametrize("name", MOST)
def test_questions_are_few_and_do_not_grow(desk, name, django_assert_max_num_queries):
    client, lane = desk
    with django_assert_max_num_queries(MOST[name]) as first:
        assert client.get(reverse(name)).status_code == 200
    more(lane)
    cache.clear()
    with django_assert_max_num_queries(max(len(first), MOST[name] - 1)):
        assert client.get(reverse(name)).status_code == 200


def more(lane: Lane) -> None:
    compound = lane.compound
    for number in range(8):
        drive_up(factories.lane(compound), None, plate_raw=f"皖A7{number}K6S")
        drive_up(factories.lane(compound), f"皖A2{number:04}")
    Alert.objects.bulk_create(
        Alert(
            compound=compound,
            kind="disk_full",
            key=f"m{number}",
            severity=1,
            raised_at=timezone.now(),
        )
        for number in range(300)
    )


def test_dialogs_ask_few_questions_too(desk, django_assert_max_num_queries):
    client, lane = desk
    passage = lane.compound.passages.exclude(picture=None).first()
    with django_assert_max_num_queries(13):
        assert client.get(reverse("guard-plate", args=[passage.pk])).status_code == 200
    with django_assert_max_num_queries(9):
        found = reverse("guard-find-plate", args=[passage.pk])
        assert client.get(found, {"typed": "皖A"}).status_code == 200
    with django_assert_max_num_queries(8):
        alert = Alert.objects.exclude(state="closed").first()
        assert client.get(reverse("guard-alert", args=[alert.pk])).status_code == 200
