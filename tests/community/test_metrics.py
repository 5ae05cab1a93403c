"""Figures for Prometheus: what they count, and who may read them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from community import events, metrics
from community.models import Command, Event, HandlerRun
from tests.community import factories

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-more-than-24-characters"


def figures(client) -> dict[str, float]:
    text = client.get("/metrics").content.decode()
    found = re.findall(r"^(linli_\w+(?:\{[^}]*\})?) ([0-9.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_devices_and_commands_are_counted_by_state(client):
    place = factories.compound()
    lane = factories.lane(place)
    factories.device(place, "barrier", "simulated", health="offline")
    now = timezone.now()
    for state, sent in (("pending", None), ("done", now), ("done", now), ("unknown", now)):
        Command.objects.create(
            compound=place,
            device=lane.barrier,
            action="open",
            key=f"{state}-{Command.objects.count()}",
            state=state,
            created_at=now,
            sent_at=sent,
            expires_at=now,
        )
    shown = figures(client)
    assert shown['linli_devices{health="offline",kind="barrier"}'] == 1
    assert shown['linli_commands_open{state="pending"}'] == 1
    assert shown['linli_commands_recent{state="done"}'] == 2
    assert shown['linli_commands_recent{state="unknown"}'] == 1
    assert shown["linli_up"] == 1


def test_work_that_waits_and_work_that_is_parked_show(client):
    place = factories.compound()
    with events.writing():
        events.record("retention.applied", compound=place, count=1)
    due = timezone.now() - timedelta(seconds=90)
    for name, state in (("a", "pending"), ("b", "parked"), ("c", "done")):
        HandlerRun.objects.create(
            compound=place, event=Event.objects.get(), handler=name, state=state, due_at=due
        )
    shown = figures(client)
    assert shown['linli_handler_runs{state="pending"}'] == 1
    assert shown['linli_handler_runs{state="parked"}'] == 1
    assert 89 < shown["linli_ledger_lag_seconds"] < 120


def test_requests_are_counted(client):
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert re.search(r"django_http_requests_total_by_view_transport_method_total\{.*healthz", text)


def test_without_a_database_the_figures_say_so(client, monkeypatch):
    def away():
        raise OperationalError("gone")
        yield

    monkeypatch.setattr(metrics, "device_gauges", away)
    assert figures(client)["linli_up"] == 0


@pytest.mark.parametrize(
    "case",
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, "192.168.1.9", 403),
        ("", {"x-forwarded-for": "127.0.0.1"}, "127.0.0.1", 403),
        ("", {}, "", 403),
        (TOKEN, {}, "127.0.0.1", 403),
        (TOKEN, {"authorization": f"Bearer {TOKEN}x"}, "127.0.0.1", 403),
        (TOKEN, {"authorization": "Bearer 口令"}, "127.0.0.1", 403),
        (TOKEN, {"authorization": f"Bearer {TOKEN}"}, "192.168.1.9", 200),
    ],
)
def test_only_the_token_or_this_machine_may_read(client, settings, case):
    token, sent, address, status = case
    settings.METRICS_TOKEN = token
    answer = client.get("/metrics", headers=sent, REMOTE_ADDR=address)
    assert answer.status_code == status
    assert (b"linli_" in answer.content) == (status == 200)


def test_a_signed_in_manager_reads_no_figures_from_afar(client):
    client.force_login(factories.user(is_superuser=True))
    assert client.get("/metrics", REMOTE_ADDR="192.168.1.9").status_code == 403
