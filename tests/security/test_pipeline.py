"""One passage, one sighting: whatever cars, people and light do before the arm."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from security.pipeline import Pipeline
from security.sources import Frame
from tests.security.films import ARM, START, Car, Film, FilmEngine, opening, picture

ONE, OTHER, ALIKE = "豫A7K2M9", "豫B6L903", "豫A7K2N9"


def test_a_car_that_passes_is_told_once() -> None:
    film = opening()
    film.passage(Car(ONE))
    assert film.plates == [ONE]


def test_it_is_told_while_the_car_still_approaches() -> None:
    film = opening()
    film.passage(Car(ONE))
    assert film.told_at[0] - 3 <= 1.2


def test_the_told_vote_names_its_frames_kind_and_picture() -> None:
    film = opening()
    film.passage(Car(ONE))
    told = film.told[0]
    shown = cv2.imdecode(np.frombuffer(told.picture or b"", np.uint8), cv2.IMREAD_COLOR)
    assert told.frames >= 2
    assert (told.kind, told.colour) == ("blue", "blue")
    assert len(told.characters) == len(ONE)
    assert shown.shape[1] <= 1280
    assert told.box is not None
    x, y, w, h = told.box
    assert 0 <= x < x + w <= shown.shape[1]
    assert 0 <= y < y + h <= shown.shape[0]


@pytest.mark.parametrize("minutes", [1, 5])
def test_a_car_that_stands_for_minutes_is_told_once(minutes: int) -> None:
    film = opening()
    film.passage(Car(ONE), stands=60 * minutes)
    assert film.plates == [ONE]


def test_a_standing_car_costs_next_to_no_recognition() -> None:
    film = opening()
    car = Car(ONE)
    film.drive(car, ARM, 2)
    film.hold(3, car)
    before = film.engine.looks
    film.hold(60, car)
    assert film.engine.looks - before <= 2


def test_an_empty_lane_costs_one_recognition() -> None:
    film = opening()
    film.hold(60)
    assert film.engine.looks == 1


def test_two_cars_in_a_row_are_told_twice() -> None:
    film = opening()
    film.passage(Car(ONE))
    film.passage(Car(OTHER))
    assert film.plates == [ONE, OTHER]


def test_a_second_car_with_a_similar_plate_is_told() -> None:
    film = opening()
    film.passage(Car(ONE))
    film.passage(Car(ALIKE))
    assert film.plates == [ONE, ALIKE]


@pytest.mark.parametrize("follower", [OTHER, ALIKE])
def test_a_car_bumper_to_bumper_is_told_after_the_first_has_left(follower: str) -> None:
    film = opening()
    first, second = Car(ONE), Car(follower, y=0.1, shade=70)
    film.drive(first, ARM, 2)
    film.hold(1, first)
    film.drive(first, 1.6, 1.2, second)
    film.drive(second, ARM, 1.5)
    film.hold(2, second)
    film.drive(second, 2.5, 1.5)
    film.hold(2)
    assert film.plates == [ONE, follower]


def test_the_car_behind_is_not_told_while_the_first_stands() -> None:
    film = opening()
    first, behind = Car(ONE), Car(OTHER, y=0.1, shade=70)
    film.drive(first, ARM, 2)
    film.hold(2, first)
    film.hold(20, first, behind)
    assert film.plates == [ONE]


def test_a_car_that_returns_is_told_again() -> None:
    film = opening()
    film.passage(Car(ONE))
    film.passage(Car(ONE))
    assert film.plates == [ONE, ONE]


def test_a_car_that_backs_off_and_comes_again_is_told_again() -> None:
    film = opening()
    car = Car(ONE)
    film.drive(car, ARM, 2)
    film.hold(2, car)
    film.drive(car, -0.5, 2)
    film.hold(3)
    car.y = 0.0
    film.drive(car, ARM, 2)
    film.hold(2, car)
    assert film.plates == [ONE, ONE]


def test_a_person_before_a_standing_car_does_not_make_it_a_new_one() -> None:
    film = opening()
    car = Car(ONE)
    film.drive(car, ARM, 2)
    film.hold(2, car)
    hidden = picture([car])
    hidden[:, 250:390] = 25
    for _ in range(30):
        film.show(image=hidden)
    film.hold(5, car)
    film.drive(car, 2.5, 1.5)
    film.hold(3)
    assert film.plates == [ONE]


def test_one_wrong_frame_among_right_ones_is_outvoted() -> None:
    film = opening()
    car = Car(ALIKE, confidence=0.55)
    film.drive(car, 0.1, 0.2)
    car.text, car.confidence = ONE, 0.95
    film.drive(car, ARM, 2)
    film.hold(2, car)
    assert film.plates == [ONE]


def test_a_doubtful_car_is_told_with_its_doubt() -> None:
    film = opening()
    film.passage(Car(ONE, confidence=0.5), stands=4)
    assert film.plates == [ONE]
    assert film.told[0].confidence < 0.85


def test_an_unreadable_car_that_stands_is_told_as_not_read_with_its_picture() -> None:
    film = opening()
    car = Car(None)
    film.drive(car, ARM, 2)
    film.hold(4, car)
    assert film.plates == [None]
    assert film.told[0].picture


def test_an_unreadable_car_that_stands_for_minutes_is_told_once() -> None:
    film = opening()
    film.passage(Car(None), stands=180)
    assert film.plates == [None]


def test_an_unreadable_car_that_drives_through_is_told_when_it_has_left() -> None:
    film = opening()
    car = Car(None)
    film.drive(car, 2.5, 3)
    film.hold(2)
    assert film.plates == [None]


def test_two_unreadable_cars_are_told_twice() -> None:
    film = opening()
    film.passage(Car(None), stands=4)
    film.passage(Car(None), stands=4)
    assert film.plates == [None, None]


def test_a_car_without_any_plate_is_told_once_it_stands() -> None:
    film = opening()
    car = Car(None, plate=False)
    film.drive(car, ARM, 2)
    film.hold(8, car)
    assert film.plates == [None]


def test_a_car_that_becomes_readable_after_all_is_told() -> None:
    film = opening()
    car = Car(None, y=0.3)
    film.drive(car, 0.6, 1)
    film.hold(5, car)
    car.text = ONE
    film.drive(car, ARM, 1)
    film.hold(2, car)
    assert film.plates == [None, ONE]


def test_a_person_and_a_swinging_arm_are_no_car() -> None:
    film = opening()
    for step in range(30):
        image = picture([])
        image[60:300, 20 * step : 20 * step + 50] = 30
        film.show(image=image)
    for step in range(10):
        image = picture([])
        cv2.line(image, (40, 250), (600, 250 - 20 * step), (30, 30, 200), 8)
        film.show(image=image)
    film.hold(5)
    assert film.plates == []


def test_a_change_of_light_is_no_car() -> None:
    film = opening()
    for film.light in (20, 40, 15, -30):
        film.hold(4)
    assert film.plates == []


def test_slow_recognition_still_tells_once() -> None:
    film = opening(rate=1.5)
    film.passage(Car(ONE), stands=3)
    film.passage(Car(OTHER), stands=3)
    assert film.plates == [ONE, OTHER]


def test_a_plate_in_the_background_does_not_hide_the_cars() -> None:
    parked = Car(OTHER, y=-0.1)
    film = Film()
    film.hold(4, parked)
    car = Car(ONE, y=0.2)
    film.drive(car, ARM, 2, parked)
    film.hold(2, car, parked)
    film.drive(car, 2.5, 1.5, parked)
    film.hold(6, parked)
    assert film.plates == [OTHER, ONE]


def test_what_was_read_before_the_camera_failed_is_not_lost() -> None:
    film = opening()
    car = Car(ONE, confidence=0.6)
    film.drive(car, 0.3, 0.4)
    assert film.plates == []
    assert [one.plate for one in film.pipeline.flush()] == [ONE]
    assert film.pipeline.flush() == []


def test_a_car_told_before_a_restart_is_not_told_again() -> None:
    film, car = Film(), Car(ONE, y=ARM)
    film.pipeline.resume(ONE, car.box, START, 7, told=True)
    film.hold(5, car)
    assert film.plates == []


def test_a_car_not_yet_told_before_a_restart_is_told_under_its_old_name() -> None:
    film, car = Film(), Car(ONE, y=ARM)
    film.pipeline.resume(ONE, car.box, START, 7, told=False)
    film.hold(5, car)
    assert [(one.plate, one.started_at, one.number) for one in film.told] == [(ONE, START, 7)]


def test_another_car_after_a_restart_is_told() -> None:
    film, car = Film(), Car(OTHER, y=ARM)
    film.pipeline.resume(ONE, car.box, START, 7, told=True)
    film.hold(5, car)
    assert film.plates == [OTHER]


def test_each_still_is_a_passage_of_its_own() -> None:
    engine = FilmEngine()
    pipeline = Pipeline(engine)
    plates = []
    for scene, car in enumerate([Car(ONE, y=ARM), Car(ONE, y=ARM), Car(None, y=ARM)]):
        engine.sees = [car]
        for repeat in range(2):
            frame = Frame(picture([car]), START, 2 * scene + repeat, scene, f"{scene}.jpg")
            plates += [(one.plate, one.name) for one in pipeline.feed(frame)]
    assert plates == [(ONE, "0.jpg"), (ONE, "1.jpg"), (None, "2.jpg")]


def test_a_ration_of_recognitions_is_kept() -> None:
    engine = FilmEngine()
    pipeline = Pipeline(engine, may_read=lambda _urgent: False)
    pipeline.feed(Frame(picture([]), START, 0))
    assert engine.looks == 0


def test_an_unreadable_car_is_told_even_if_the_engine_never_had_time() -> None:
    film = opening()
    film.pipeline._may_read = lambda _urgent: False
    film.passage(Car(None), stands=8)
    film.passage(Car(None), stands=1)
    assert film.plates == [None, None]
