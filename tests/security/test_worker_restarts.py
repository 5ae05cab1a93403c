"""What a worker remembers over a restart, and how its clerk gets readings into the database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from community.devices.simulated import openings
from community.models import Lane
from security.models import Passage, Reading
from security.worker import clerk, memory
from security.worker.ration import Ration
from tests.security.gates import PLATE, gate, reading
from tests.security.stamped import watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lane() -> Lane:
    return gate()


# ── restarts ──────────────────────────────────────────────────────────────────────────────────


def test_a_car_that_stands_through_a_restart_is_one_reading(lane: Lane) -> None:
    watch(lane, (None, 0.5), (PLATE, 1.5))
    watch(lane, (PLATE, 2))
    assert Reading.objects.count() == 1
    assert len(openings(lane.barrier_id)) == 1


def test_a_reading_cut_off_before_it_was_told_is_told_under_its_key(lane: Lane) -> None:
    watch(lane, (None, 0.5), (PLATE, 1.5))
    key = Reading.objects.get().key
    kept = memory.recall(lane.pk)
    memory.remember(lane.pk, memory.Standing(**{**kept.__dict__, "told": False}))
    heard = []
    watch(lane, (PLATE, 2), then=lambda seen, passage: heard.append(passage.pk))
    assert [row.key for row in Reading.objects.all()] == [key]
    assert heard == [Passage.objects.get().pk]


def test_after_the_car_has_left_a_restart_remembers_nothing(lane: Lane) -> None:
    watch(lane, (None, 1.5), (PLATE, 1.5), (None, 4))
    assert memory.recall(lane.pk) is None


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"plate": 1}', "text"])
def test_a_damaged_memory_is_no_memory(lane: Lane, content: str) -> None:
    path = memory._path(lane.pk)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert memory.recall(lane.pk) is None


def test_an_old_memory_is_no_memory(lane: Lane) -> None:
    old = (timezone.now() - timedelta(minutes=5)).isoformat()
    memory.remember(lane.pk, memory.Standing(PLATE, (1, 2, 3, 4), old, 1, True, old))
    assert memory.recall(lane.pk) is None


# ── the clerk ─────────────────────────────────────────────────────────────────────────────────


def test_a_reading_is_handed_over_again_when_the_database_was_away(lane, monkeypatch) -> None:
    tries, heard = [], []
    taken = clerk.handle_reading

    def away(row):
        tries.append(row.key)
        if len(tries) < 3:
            raise OperationalError("away")
        return taken(row)

    monkeypatch.setattr(clerk, "handle_reading", away)
    monkeypatch.setattr(clerk, "PAUSE_S", 0.01)
    busy = clerk.Clerk()
    busy.start()
    busy.take_reading(reading(lane), heard.append)
    busy.stop()
    assert len(tries) == 3
    assert [passage.plate for passage in heard] == [PLATE]


def test_a_refused_reading_does_not_stop_the_clerk(lane: Lane) -> None:
    heard = []
    busy = clerk.Clerk()
    busy.start()
    busy.take_reading(reading(lane, device_id=10**6), heard.append)
    busy.take_reading(reading(lane), heard.append)
    busy.stop()
    assert [passage.plate for passage in heard] == [PLATE]


def test_readings_go_before_news_of_health(lane: Lane, monkeypatch) -> None:
    order = []
    monkeypatch.setattr(clerk, "record_health", lambda *_: order.append("health"))
    monkeypatch.setattr(clerk, "handle_reading", lambda _: order.append("reading"))
    busy = clerk.Clerk()
    busy.tell_health(lane.camera_id, None)
    busy.take_reading(reading(lane))
    busy.start()
    busy.stop()
    assert order == ["reading", "health"]


def test_when_too_many_wait_a_reading_is_refused_not_piled_up(lane, monkeypatch) -> None:
    monkeypatch.setattr(clerk, "MOST", 2)
    idle = clerk.Clerk()
    assert [idle.take_reading(reading(lane)) for _ in range(3)] == [True, True, False]


def test_what_can_wait_leaves_half_of_the_ration() -> None:
    ration = Ration(per_second=0, store=4, clock=lambda: 0.0)
    assert [ration.take(urgent=False) for _ in range(4)] == [True, True, True, False]
    assert ration.take(urgent=True)


def test_recognition_is_rationed() -> None:
    clock = [0.0]
    ration = Ration(per_second=2, store=3, clock=lambda: clock[0])
    assert [ration.take() for _ in range(4)] == [True, True, True, False]
    clock[0] += 0.5
    assert [ration.take() for _ in range(2)] == [True, False]
    clock[0] += 60
    assert [ration.take() for _ in range(4)] == [True, True, True, False]
