"""Templates, galleries, tiers and tracks: a stranger is unknown, and one frame opens nothing."""

from __future__ import annotations

import numpy as np
import pytest

from community.vision.faces.calibration import FEWEST_PEOPLE, below, calibrate
from community.vision.faces.gallery import Gallery, OtherVersion
from community.vision.faces.templates import Template, TemplateError, distance, template
from community.vision.faces.tiers import Thresholds, Tier, tier_of
from community.vision.faces.tracks import FaceTrack, Sight
from tests.community.vision.faces.heads import SIZE, face, person, picture_of

LIMITS = Thresholds(0.30, 0.34, margin=0.02, frames=2)


def gallery(count: int = 50, version: str = "v", tighter: float = 0.0) -> Gallery:
    people = [(k, template(version, person(k)), tighter if k == 7 else 0.0) for k in range(count)]
    return Gallery.of(version, people)


def track(*vectors: np.ndarray) -> FaceTrack:
    made = FaceTrack()
    for number, vector in enumerate(vectors):
        made.add(Sight(number * 0.1, face(), 0.5, vector))
    return made


def test_a_template_comes_back_from_its_bytes() -> None:
    one = template("v", np.stack([picture_of(person(1), 0.3, k) for k in range(3)]))
    again = Template.from_bytes(one.to_bytes())
    assert again.version == "v"
    assert np.array_equal(again.pictures, one.pictures)
    assert np.linalg.norm(one.vector) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    "cut", [b"", b"x", b"linli-face-1 v 1 128\nshort", b"linli-face-1 v x 1\n"]
)
def test_what_is_no_template_is_refused(cut: bytes) -> None:
    with pytest.raises(TemplateError):
        Template.from_bytes(cut)


@pytest.mark.parametrize(
    "rows", [np.zeros((0, SIZE)), np.zeros((13, SIZE)), np.full((1, 4), np.nan)]
)
def test_pictures_that_make_no_template(rows: np.ndarray) -> None:
    with pytest.raises(TemplateError):
        template("v", rows)


def test_the_nearest_person_and_how_far_the_next_is() -> None:
    match = gallery().nearest("v", picture_of(person(7), 0.25))
    assert match is not None
    assert match.key == 7
    assert match.distance == pytest.approx(0.25, abs=1e-3)
    expected = sorted(distance(person(k), picture_of(person(7), 0.25)) for k in range(50))[1] - 0.25
    assert match.margin == pytest.approx(expected, abs=1e-3)


def test_nobody_outside_the_gates_own_people_is_a_candidate() -> None:
    near = picture_of(person(7), 0.1)
    assert gallery().within({3, 9, 700}).nearest("v", near).key in (3, 9)  # type: ignore[union-attr]
    assert tier_of(gallery().within({3, 9}).nearest("v", near), LIMITS) is Tier.UNKNOWN
    assert gallery().within(set()).nearest("v", near) is None


def test_another_engine_version_is_never_compared() -> None:
    with pytest.raises(OtherVersion):
        gallery().nearest("w", person(1))
    with pytest.raises(OtherVersion):
        Gallery.of("v", [(1, template("w", person(1)), 0.0)])
    with pytest.raises(ValueError, match="each person"):
        Gallery("v", [1, 1], np.stack([person(1), person(2)]))


def test_three_tiers() -> None:
    found = {far: tier_of(gallery().nearest("v", picture_of(person(7), far)), LIMITS)
             for far in (0.29, 0.32, 0.35)}  # fmt: skip
    assert found == {0.29: Tier.OPEN, 0.32: Tier.SECOND, 0.35: Tier.UNKNOWN}
    assert tier_of(None, LIMITS) is Tier.UNKNOWN


def test_two_people_who_look_alike_do_not_open() -> None:
    twin = picture_of(person(7), 0.2)
    both = Gallery("v", [7, 8], np.stack([person(7), twin]))
    between = picture_of(person(7), 0.1, seed=0)  # on the way from one to the other
    assert tier_of(both.nearest("v", between), LIMITS) is Tier.SECOND


def test_who_was_taken_for_somebody_else_has_tighter_thresholds() -> None:
    near = picture_of(person(7), 0.29)
    assert tier_of(gallery(tighter=0.02).nearest("v", near), LIMITS) is Tier.SECOND
    assert tier_of(gallery(tighter=0.06).nearest("v", near), LIMITS) is Tier.UNKNOWN


def test_one_frame_asks_and_two_that_agree_open() -> None:
    frames = [picture_of(person(7), 0.28, seed) for seed in range(2)]
    once = track(frames[0]).recognise(gallery(), "v", LIMITS)
    twice = track(*frames).recognise(gallery(), "v", LIMITS)
    assert (once.tier, twice.tier) == (Tier.SECOND, Tier.OPEN)
    assert twice.match is not None
    assert (twice.match.key, twice.agreeing) == (7, 2)


def test_frames_that_name_different_people_open_nothing() -> None:
    mixed = track(picture_of(person(7), 0.05), picture_of(person(8), 0.05))
    assert mixed.recognise(gallery(), "v", LIMITS).tier is Tier.UNKNOWN


def test_several_crops_together_are_nearer_than_each() -> None:
    crops = [picture_of(person(7), 0.33, seed) for seed in range(3)]
    found = track(*crops).recognise(gallery(), "v", LIMITS)
    assert found.match is not None
    assert found.match.distance < 0.25
    assert found.tier is Tier.OPEN


def test_a_long_stand_before_the_camera_keeps_the_best_crops() -> None:
    long = FaceTrack()
    for number in range(60):
        long.add(Sight(number, face(), number / 100, person(number)))
    assert long.frames == 60
    assert min(one.goodness for one in long.sights) >= 0.3


def test_a_stranger_is_unknown() -> None:
    found = track(person(900), picture_of(person(900), 0.1)).recognise(gallery(), "v", LIMITS)
    assert found.tier is Tier.UNKNOWN


def test_thresholds_that_contradict_one_another_are_refused() -> None:
    for wrong in ((0.4, 0.3), (-0.1, 0.3), (0.3, 2.5)):
        with pytest.raises(ValueError, match="contradict"):
            Thresholds(*wrong)


def test_the_drawn_on_tail_meets_a_normal_curve() -> None:
    pairs = np.random.default_rng(5).normal(0.6, 0.06, 40_000)
    assert below(pairs, 1e-3) == pytest.approx(0.6 - 3.09 * 0.06, abs=0.01)
    assert below(pairs, 1e-6) == pytest.approx(0.6 - 4.75 * 0.06, abs=0.02)


def test_calibration_stands_on_pairs_of_different_people() -> None:
    people = [
        template("v", np.stack([picture_of(person(k), 0.25, 10 * k + n) for n in range(3)]))
        for k in range(40)
    ]
    found = calibrate(people)
    assert found.measured
    assert found.pairs == 40 * 3 * 39
    assert found.nearest is not None
    assert found.thresholds.open <= found.nearest
    assert found.thresholds.open < found.thresholds.second
    assert found.own == 1.0
    wider = calibrate(people, gallery=4000)
    assert wider.thresholds.open < found.thresholds.open


def test_too_few_people_leave_the_usual_thresholds() -> None:
    few = [template("dlib-resnet-v1", person(k)) for k in range(FEWEST_PEOPLE - 1)]
    found = calibrate(few)
    assert not found.measured
    assert 0 < found.thresholds.open < found.thresholds.second
    unknown = calibrate([template("onnx-1", person(1))]).thresholds
    assert tier_of(
        Gallery("onnx-1", [1], person(1)[None]).nearest("onnx-1", person(1)), unknown
    ) is (Tier.UNKNOWN)


def test_calibration_over_two_versions_is_refused() -> None:
    with pytest.raises(ValueError, match="one engine version"):
        calibrate([template("v", person(1)), template("w", person(2))])
    with pytest.raises(ValueError, match="one engine version"):
        calibrate([])
