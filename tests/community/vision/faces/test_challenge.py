"""The hurdle for photographs: what counts as a blink or a turn, and what a photograph cannot do."""

from __future__ import annotations

import numpy as np
import pytest

from community.vision.faces.challenge import Answer, Look, Task, answer, witnesses
from community.vision.faces.poses import eye_opening, pose_of
from tests.community.vision.faces.heads import head


def looks(heads: list[np.ndarray], step: float = 0.1) -> list[Look]:
    return [Look(number * step, one) for number, one in enumerate(heads)]


OPEN = [head(opening=0.3)] * 6
BLINK = [*OPEN, head(opening=0.1), head(opening=0.12), *OPEN]


def turning(last: float) -> list[np.ndarray]:
    return [head(turn=last * k / 8) for k in range(9)]


def test_landmarks_tell_pose_and_eyes() -> None:
    assert eye_opening(head(opening=0.3)) == pytest.approx(0.3, abs=0.01)
    assert pose_of(head(turn=0.2)).turn == pytest.approx(0.2, abs=0.01)
    assert pose_of(head()).nod == pytest.approx(0.5, abs=0.01)
    assert abs(pose_of(np.zeros((68, 2), np.float32)).turn) > 1


def test_a_blink() -> None:
    assert answer(Task.BLINK, looks(BLINK)) is Answer.DONE


def test_who_did_it_is_shown_by_the_looks_about_it() -> None:
    assert witnesses(Task.BLINK, looks(BLINK)) == (5, 8)
    assert witnesses(Task.BLINK, looks(OPEN * 2)) == ()
    assert witnesses(Task.TURN_LEFT, looks(turning(0.4))) == (2,)
    assert witnesses(Task.TURN_LEFT, looks(turning(0.4)[::-1])) == ()


def test_eyes_that_stay_shut_have_not_blinked() -> None:
    assert answer(Task.BLINK, looks([*OPEN, *[head(opening=0.1)] * 9])) is Answer.WAITING
    assert answer(Task.BLINK, looks([*OPEN, *[head(opening=0.1)] * 30, *OPEN])) is Answer.WAITING


@pytest.mark.parametrize(("task", "turn"), [(Task.TURN_LEFT, 0.4), (Task.TURN_RIGHT, -0.4)])
def test_a_turn_of_the_head_to_the_side_that_was_asked(task: Task, turn: float) -> None:
    assert answer(task, looks(turning(turn))) is Answer.DONE
    assert answer(task, looks(turning(-turn))) is Answer.WAITING
    assert answer(task, looks(turning(turn / 3))) is Answer.WAITING


def test_a_head_that_was_turned_from_the_beginning_did_nothing() -> None:
    assert answer(Task.TURN_LEFT, looks([head(turn=0.5)] * 12)) is Answer.WAITING


def test_a_photograph_moved_tilted_and_brought_nearer_does_nothing() -> None:
    rng = np.random.default_rng(2)
    shown = []
    for k in range(40):
        lean = np.radians(10 * np.sin(k / 4))
        turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
        narrower = np.array([[1 - 0.15 * abs(np.sin(k / 7)), 0], [0, 1]])
        points = (
            (head(size=60 + k / 2) - 200) @ narrower @ turn.T + 200 + rng.normal(0, 0.5, (68, 2))
        )
        shown.append(points.astype(np.float32))
    for task in Task:
        assert answer(task, looks(shown)) is Answer.WAITING


def test_another_face_put_in_the_place_begins_anew() -> None:
    half = [*OPEN, head(opening=0.1, at=(500, 200)), *[head(at=(500, 200))] * 6]
    assert answer(Task.BLINK, looks(half)) is Answer.BROKEN
    larger = [*OPEN, head(opening=0.1, size=140), *OPEN]
    assert answer(Task.BLINK, looks(larger)) is Answer.BROKEN


def test_a_face_that_was_away_or_time_that_goes_back_begins_anew() -> None:
    assert answer(Task.BLINK, looks(BLINK, step=1.0)) is Answer.BROKEN
    assert answer(Task.BLINK, looks(BLINK, step=-0.1)) is Answer.BROKEN


def test_too_late_and_too_little() -> None:
    assert answer(Task.BLINK, []) is Answer.WAITING
    assert answer(Task.BLINK, looks(BLINK[:3])) is Answer.WAITING
    assert answer(Task.BLINK, looks(OPEN * 20)) is Answer.LATE
    assert answer(Task.BLINK, looks([*OPEN * 14, *BLINK])) is Answer.LATE
