"""Who is silent for too long, and who only seems so."""

from __future__ import annotations

import pytest

from community.models import Event
from security.operations.watching import camera_failed, camera_recovered
from security.pulse import AWAY_S, Pulse
from tests.community import factories


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def felt(pulse: Pulse, clock: Clock, seconds: float, beats: bool, process: int = 5) -> bool:
    """Look once a second; whether the worker was found lost."""
    beat = 1
    for _ in range(int(seconds)):
        clock.now += 1
        pulse.look()
        beat += beats
        if pulse.is_lost(1, process, 1000 + beat):
            return True
    return False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pulse(clock: Clock) -> Pulse:
    return Pulse(silent_s=10, start_s=40, clock=clock)


def test_who_beats_is_never_lost(pulse: Pulse, clock: Clock) -> None:
    assert not felt(pulse, clock, 200, beats=True)
    assert pulse.steady_s(1, 5) > 150


def test_who_fell_silent_is_lost(pulse: Pulse, clock: Clock) -> None:
    assert not felt(pulse, clock, 20, beats=True)
    assert not felt(pulse, clock, 8, beats=False)
    assert felt(pulse, clock, 5, beats=False)


def test_a_start_takes_longer(pulse: Pulse, clock: Clock) -> None:
    assert not felt(pulse, clock, 38, beats=False)
    assert felt(pulse, clock, 5, beats=False)


def test_a_new_process_begins_anew(pulse: Pulse, clock: Clock) -> None:
    felt(pulse, clock, 38, beats=False)
    assert not felt(pulse, clock, 38, beats=False, process=6)
    assert pulse.steady_s(1, 6) == 0


def test_nobody_is_blamed_for_a_pause_of_the_supervisor(pulse: Pulse, clock: Clock) -> None:
    felt(pulse, clock, 20, beats=True)
    clock.now += AWAY_S + 3600
    assert not felt(pulse, clock, 8, beats=False)
    assert felt(pulse, clock, 5, beats=False)


@pytest.mark.django_db
def test_a_failure_and_its_end_are_told_once() -> None:
    device = factories.device(factories.compound())
    assert not camera_recovered(device.pk)
    assert camera_failed(device.pk, "worker_hung")
    assert not camera_failed(device.pk, "worker_hung")
    assert camera_recovered(device.pk)
    assert not camera_recovered(device.pk)
    kinds = Event.objects.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["camera.failed", "camera.recovered"]
