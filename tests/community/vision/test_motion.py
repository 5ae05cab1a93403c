"""The motion gate: still frames pass unseen, cars do not."""

from __future__ import annotations

import numpy as np
import pytest

from community.vision.motion import MotionGate


def frame(seed: int = 0, light: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(7)
    base = np.repeat(np.repeat(rng.integers(60, 140, (18, 32, 3)), 20, axis=0), 20, axis=1)
    noise = np.random.default_rng(seed).normal(0, 3, base.shape)
    return np.clip(base + noise + light, 0, 255).astype(np.uint8)


def with_car(seed: int, x: int) -> np.ndarray:
    picture = frame(seed)
    picture[150:300, x : x + 160] = (30, 30, 200)
    return picture


def settled() -> MotionGate:
    gate = MotionGate()
    for seed in range(6):
        gate.look(frame(seed))
    return gate


def test_the_first_frame_counts_as_moving() -> None:
    assert MotionGate().look(frame()).moving


def test_a_still_scene_is_still_despite_noise_and_light() -> None:
    gate = settled()
    still = gate.look(frame(20))
    lit = gate.look(frame(21, light=25))
    assert not still.moving
    assert still.region is None
    assert not lit.moving


def test_a_car_moves_and_its_region_holds_it() -> None:
    gate = settled()
    motion = gate.look(with_car(30, 200))
    assert motion.moving
    x, y, w, h = motion.region.pixels((360, 640, 3))
    assert x <= 200
    assert y <= 150
    assert x + w >= 360
    assert y + h >= 300


def test_a_car_that_stopped_is_there_but_still() -> None:
    gate = settled()
    gate.look(with_car(30, 200))
    stands = gate.look(with_car(31, 200))
    assert not stands.moving
    assert stands.against_background
    assert stands.region is not None


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 2000, 3), (2000, 2, 3), (90, 120)])
def test_odd_frames_do_no_harm(shape: tuple[int, ...]) -> None:
    gate = MotionGate()
    for _ in range(3):
        gate.look(np.zeros(shape, np.uint8))
    assert not gate.look(np.zeros(shape, np.uint8)).moving


def test_another_size_starts_anew() -> None:
    gate = settled()
    assert gate.look(np.zeros((200, 200, 3), np.uint8)).part == 1.0
    gate.forget()
    assert gate.look(frame()).part == 1.0
