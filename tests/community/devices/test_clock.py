"""Clocks of devices: a steady offset is learnt, an outlier is doubted and opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from community.devices.operations import corrected, is_fresh, learn_clock
from community.models import Compound, Device
from tests.community import factories

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def camera(db: None) -> Device:
    return factories.device(factories.compound())


def learn(camera: Device, offsets_s: list[float], every_s: float = 30, start: float = 0) -> None:
    """One reading every so often, by a clock that is off by these seconds."""
    for index, offset in enumerate(offsets_s):
        received = NOON + timedelta(seconds=start + index * every_s)
        learn_clock(camera.pk, received + timedelta(seconds=offset), received)
    camera.refresh_from_db()


def seen(camera: Device, offset_s: float) -> tuple[float, str, bool]:
    """How long ago we think it was, how we know, and whether it may open."""
    at, source = corrected(camera, NOON + timedelta(seconds=offset_s), NOON)
    return (NOON - at).total_seconds(), source, is_fresh(at, source, NOON)


def test_nothing_learnt_yet_takes_the_device_at_its_word(camera: Device) -> None:
    assert seen(camera, -2) == (2, "device", True)
    assert seen(camera, -11) == (11, "device", False)
    assert seen(camera, +5) == (-5, "device", False)


def test_no_time_is_the_time_of_arrival(camera: Device) -> None:
    assert corrected(camera, None, NOON) == (NOON, "received")
    assert is_fresh(NOON, "received", NOON)


def test_a_steady_offset_is_corrected(camera: Device) -> None:
    learn(camera, [3600.2, 3599.8, 3600.0, 3600.4, 3599.9])
    assert camera.clock_offset_ms == 3_600_000
    age, source, may_open = seen(camera, 3600 - 2)
    assert (round(age, 3), source, may_open) == (2, "corrected", True)


def test_the_median_shrugs_off_a_glitch(camera: Device) -> None:
    learn(camera, [5, 5, -900, 5, 5, 5])
    assert camera.clock_offset_ms == 5000


@pytest.mark.parametrize("offset", [-3600, -40, +3600, -3600 + 30])
def test_an_outlier_is_not_corrected_and_opens_nothing(camera: Device, offset: float) -> None:
    learn(camera, [0.1, 0.2, 0.1, 0.0, 0.1])
    age, source, may_open = seen(camera, offset)
    assert (age, source, may_open) == (-offset, "outlier", False)


def test_a_record_that_looks_fresh_by_a_wrong_clock_opens_nothing(camera: Device) -> None:
    """The clock is an hour ahead; a record of an hour ago says exactly now."""
    learn(camera, [3600] * 5)
    assert seen(camera, 0) == (0, "outlier", False)


def test_a_corrected_reading_still_grows_old(camera: Device) -> None:
    """Within what counts as the same clock, the ten seconds of a reading hold."""
    learn(camera, [60] * 5)
    assert seen(camera, 60 - 9.5)[1:] == ("corrected", True)
    assert seen(camera, 60 - 10.5)[2] is False


def test_few_samples_teach_nothing(camera: Device) -> None:
    learn(camera, [3600] * 4)
    assert camera.clock_offset_ms is None


def test_a_burst_teaches_nothing(camera: Device) -> None:
    learn(camera, [-300] * 9, every_s=0.2)
    assert camera.clock_offset_ms is None


def test_stored_records_of_many_moments_teach_nothing(camera: Device) -> None:
    learn(camera, [-600, -540, -500, -430, -390, -300, -200, -100, -50])
    assert camera.clock_offset_ms is None


def test_stored_records_do_not_unlearn_a_clock(camera: Device) -> None:
    learn(camera, [2] * 6)
    learn(camera, [-600, -540, -500, -430, -390, -300, -200, -100], every_s=1, start=200)
    assert camera.clock_offset_ms == 2000


def test_a_clock_that_was_set_right_is_learnt_anew(camera: Device) -> None:
    learn(camera, [3600] * 9)
    learn(camera, [0] * 5, start=300)
    assert camera.clock_offset_ms == 0


def test_a_clock_that_was_never_set_is_not_learnt(camera: Device) -> None:
    learn(camera, [-26 * 365 * 86400.0] * 9)
    assert camera.clock_offset_ms is None
    assert camera.clock_samples == []


def test_a_steady_clock_is_not_written_for_every_car(camera: Device) -> None:
    learn(camera, [1] * 6)
    kept = camera.clock_samples
    learn(camera, [1] * 5, every_s=2, start=152)
    assert camera.clock_samples == kept


def test_samples_stay_few(camera: Device) -> None:
    learn(camera, [float(index) for index in range(40)])
    assert len(camera.clock_samples) == 9


@pytest.mark.parametrize("at", [datetime.min, datetime(2026, 3, 1, 12, 0)])  # noqa: DTZ001, DTZ901
def test_a_time_without_a_zone_is_refused(camera: Device, at: datetime) -> None:
    with pytest.raises(ValueError, match="zone"):
        learn_clock(camera.pk, at, NOON)
    with pytest.raises(ValueError, match="zone"):
        corrected(camera, at, NOON)


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_times_at_the_ends_of_time_open_nothing(camera: Device, year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)
    learn_clock(camera.pk, at, NOON)
    assert not is_fresh(*corrected(camera, at, NOON), NOON)
    learn(camera, [5] * 5)
    assert not is_fresh(*corrected(camera, at, NOON), NOON)


def test_clocks_of_two_compounds_are_apart(camera: Device) -> None:
    other: Compound = factories.compound()
    second = factories.device(other)
    learn(camera, [10] * 5)
    second.refresh_from_db()
    assert second.clock_offset_ms is None
