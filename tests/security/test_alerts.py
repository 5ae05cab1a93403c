"""Alerts are raised once, taken by a person, and close when what they say is over."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from community import events
from community.devices.base import Health
from community.devices.operations import record_health
from community.handling import run_due
from security import alerts
from security.models import Alert
from tests.community import factories
from tests.security.gates import gate, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane():
    return gate()


def raised(lane, key: str = "a") -> Alert:
    return alerts.raise_alert(
        compound=lane.compound,
        kind="camera_failed",
        key=key,
        severity=Alert.Severity.IMPORTANT,
        device=lane.camera,
    )


def test_an_alert_is_raised_once_while_it_is_open(lane):
    first = raised(lane)
    assert raised(lane) == first
    alerts.close(first)
    assert raised(lane) != first
    assert told(lane.compound) == ["alert.raised", "alert.closed", "alert.raised"]


def test_the_same_key_elsewhere_is_another_alert(lane):
    assert raised(lane) != raised(gate())


def test_who_takes_an_alert_first_keeps_it(lane):
    first, second = (factories.user("guard", at=lane.compound) for _ in range(2))
    alert = raised(lane)
    alerts.acknowledge(alert, first)
    assert alerts.acknowledge(alert, second).taken_by == first
    assert told(lane.compound).count("alert.acknowledged") == 1
    assert alerts.close_with(alert, second, "put_right").state == "closed"
    assert alerts.acknowledge(alert, first).state == "closed"


def test_an_alert_is_taken_by_those_who_watch_the_gates(lane):
    alert = raised(lane)
    for user in (
        factories.user("desk", at=lane.compound),
        factories.user("guard", at=factories.compound()),
    ):
        with pytest.raises(PermissionDenied):
            alerts.acknowledge(alert, user)


def test_a_device_that_goes_offline_is_an_alert_until_it_is_back(lane):
    record_health(lane.barrier_id, Health("offline", "unreachable"))
    run_due()
    alert = Alert.objects.get()
    assert (alert.kind, alert.device) == ("device_offline", lane.barrier)
    record_health(lane.barrier_id, Health("online"))
    run_due()
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_news_that_is_out_of_date_raises_nothing(lane):
    record_health(lane.barrier_id, Health("offline", "unreachable"))
    record_health(lane.barrier_id, Health("online"))
    run_due()
    assert not Alert.objects.exists()


def test_a_camera_without_picture_is_an_alert_until_it_recovers(lane):
    for kind, state in (("camera.failed", "open"), ("camera.recovered", "closed")):
        with events.writing():
            events.record(kind, compound=lane.compound, device=lane.camera_id, code="no_frames")
        run_due()
        assert Alert.objects.get().state == state


def test_an_alert_says_what_is_and_what_to_do(lane):
    with translation.override("en"):
        assert alerts.said(raised(lane)).startswith(f"{lane.camera.name} gives no picture.")
