"""Liveness asks nothing; readiness names what fails and tells no secret."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from community import health

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_names_every_check(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": dict.fromkeys(("database", "migrations", "ledger", "redis"), "ok"),
    }


@pytest.mark.parametrize("name", ["database", "migrations", "ledger", "redis"])
def test_what_fails_is_named_and_why_is_not(client, monkeypatch, name):
    def away() -> bool:
        raise DatabaseError("postgres://linli:hunter2@10.0.0.5 refused")

    monkeypatch.setitem(health.CHECKS, name, away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][name] == "failed"
    assert "hunter2" not in answer.content.decode()


def test_a_migration_that_has_not_run_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", set())
    plan = "community.health.MigrationExecutor.migration_plan"
    monkeypatch.setattr(plan, lambda *_: [("community.0002", False)])
    assert client.get("/readyz").json()["checks"]["migrations"] == "failed"


def test_redis_counts_where_it_is_configured(client, settings, redis_process):
    url, process = redis_process
    settings.REDIS_URL = url
    assert client.get("/readyz").status_code == 200
    process.kill()
    assert client.get("/readyz").json()["checks"]["redis"] == "failed"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_only_reading_is_offered(client, path):
    assert client.post(path).status_code == 405
