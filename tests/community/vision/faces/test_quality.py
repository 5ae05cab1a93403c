"""What is said of pictures that will not do, and how a stream is followed, on real photographs."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.engines import EngineUnavailable, load_faces
from community.vision.faces import quality
from community.vision.faces.contract import FaceEngine
from community.vision.faces.gallery import Gallery
from community.vision.faces.templates import template
from community.vision.faces.tiers import Thresholds, Tier
from community.vision.faces.watch import FaceWatch, tiles
from community.vision.plates import Roi
from tests.community.vision.faces.heads import person, picture_of

LIMITS = Thresholds(0.30, 0.34)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> FaceEngine:
    try:
        return load_faces("dlib_onnx", threads=2, folder=tmp_path_factory.mktemp("models"))
    except EngineUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def portraits(engine: FaceEngine, real_data: Path) -> list[Frame]:
    """Pictures of different people, twice as large, that are good by themselves."""
    found = []
    for folder in sorted((real_data / "faces/strangers").iterdir()):
        frame = pictures.decode(next(folder.glob("*.jpg")).read_bytes())
        large = cv2.resize(frame, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        if quality.judge(engine, large).good:
            found.append(large)
        if len(found) == 3:
            return found
    raise AssertionError("hardly any good picture")


def encoded(frame: Frame, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(frame[..., ::-1]).save(out, form, **options)
    return out.getvalue()


def few_colours(frame: Frame) -> Frame:
    """As somebody would draw it with eight pens."""
    smooth = cv2.medianBlur(cv2.bilateralFilter(frame, 15, 80, 15), 9)
    return (smooth // 48 * 48 + 24).astype(np.uint8)


def screenshot(frame: Frame) -> Frame:
    screen = np.full((1200, 700, 3), 245, np.uint8)
    screen[300:800, 100:600] = frame
    return screen


SPOILT = {
    "too_dark": lambda f: (f * 0.2).astype(np.uint8),
    "too_bright": lambda f: np.clip(f.astype(float) * 0.3 + 205, 0, 255).astype(np.uint8),
    "blurred": lambda f: cv2.GaussianBlur(f, (0, 0), 11),
    "several_faces": lambda f: np.hstack([f, f[:, ::-1]]),
    "face_small": lambda f: cv2.resize(f, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA),
    "not_a_photo": few_colours,
    "no_face": lambda f: f[::-1],
    "too_small": lambda f: f[:1, :1],
}


def test_a_good_picture_has_no_faults_and_a_vector(
    engine: FaceEngine, portraits: list[Frame]
) -> None:
    judged = quality.judge_bytes(engine, encoded(portraits[0]))
    assert judged.good
    assert judged.vector is not None
    assert np.linalg.norm(judged.vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("code", sorted(SPOILT))
def test_each_fault_is_named(engine: FaceEngine, portraits: list[Frame], code: str) -> None:
    judged = quality.judge(engine, np.ascontiguousarray(SPOILT[code](portraits[0])))
    assert code in judged.faults
    assert judged.vector is None
    assert set(judged.faults) <= set(quality.CODES)


def test_a_screenshot_is_refused_and_the_same_as_a_photo_format_is_judged_by_its_face(
    engine: FaceEngine, portraits: list[Frame]
) -> None:
    shot = screenshot(portraits[0])
    assert "not_a_photo" in quality.judge_bytes(engine, encoded(shot, "PNG")).faults
    assert quality.judge_bytes(engine, encoded(portraits[0], "PNG")).good


def test_a_drawn_animal_and_an_empty_room(engine: FaceEngine) -> None:
    cat = np.full((500, 500, 3), 200, np.uint8)
    cv2.circle(cat, (250, 270), 150, (60, 140, 220), -1)
    for x in (170, 330):
        cv2.fillPoly(cat, [np.array([[x - 50, 180], [x, 60], [x + 50, 180]])], (60, 140, 220))
        cv2.ellipse(cat, (x, 240), (25, 40), 0, 0, 360, (20, 20, 20), -1)
    cv2.circle(cat, (250, 310), 15, (80, 80, 200), -1)
    for frame in (cat, np.random.default_rng(1).integers(0, 255, (400, 400, 3), np.uint8)):
        judged = quality.judge(engine, frame)
        assert judged.faults
        assert set(judged.faults) & {"no_face", "not_a_photo", "unclear"}


def test_bytes_that_are_no_picture(engine: FaceEngine, portraits: list[Frame]) -> None:
    whole = encoded(portraits[0])
    dot = encoded(np.zeros((1, 1, 3), np.uint8), "PNG")
    sent = {b"GIF89a" + b"\0" * 40: "not_a_picture", whole[: len(whole) // 2]: "truncated",
            dot: "too_small", b"": "not_a_picture"}  # fmt: skip
    for data, code in sent.items():
        assert quality.judge_bytes(engine, data).faults == (code,)
    assert quality.judge_bytes(engine, b"\xff\xd8\xff" * 5_000_000).faults == ("too_large",)


def test_a_phones_picture_lying_on_its_side_and_one_in_heic(
    engine: FaceEngine, portraits: list[Frame]
) -> None:
    turned = cv2.rotate(portraits[0], cv2.ROTATE_90_COUNTERCLOCKWISE)
    note = Image.Exif()
    note[0x0112] = 6
    assert quality.judge_bytes(engine, encoded(turned, exif=note)).good
    assert not quality.judge_bytes(engine, encoded(turned)).good
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    assert quality.judge_bytes(engine, encoded(portraits[0], "HEIF", quality=90)).good


def test_pictures_that_do_not_agree_are_pointed_out() -> None:
    one, other = person(1), person(2)
    near = [picture_of(one, 0.2, seed) for seed in range(3)]
    assert quality.disagreeing(near) == []
    assert quality.disagreeing([*near, other]) == [3]
    assert quality.disagreeing([one, other]) == [0, 1]
    assert quality.disagreeing([one]) == []


def walk(portrait: Frame, count: int) -> list[Frame]:
    """A small person on a wide picture, some empty frames first."""
    place = cv2.resize(
        np.random.default_rng(3).integers(80, 150, (6, 10, 3), np.uint8), (1280, 720),
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    frames = [place.copy() for _ in range(3)]
    for step in range(count):
        frame = place.copy()
        frame[150:650, 200 + 20 * step : 700 + 20 * step] = portrait
        frames.append(frame)
    return frames


def test_somebody_who_walks_through_is_one_track_and_is_known(
    engine: FaceEngine, portraits: list[Frame]
) -> None:
    watch, seen = FaceWatch(engine), []
    for number, frame in enumerate(walk(portraits[0], 6)):
        seen.append(watch.look(frame, number * 0.1))
    assert not any(seen[:3])
    assert len(seen[-1]) == 1
    (one,) = seen[-1]
    assert one.number == 1
    assert one.track.frames >= 4
    known = [quality.judge(engine, frame).vector for frame in portraits]
    people = [(key, template(engine.version, known[key]), 0.0) for key in range(3)]  # type: ignore[arg-type]
    everybody = Gallery.of(engine.version, people)
    found = one.track.recognise(everybody, engine.version, LIMITS)
    assert (found.tier, found.match.key if found.match else None) == (Tier.OPEN, 0)
    others = everybody.within({1, 2})
    assert one.track.recognise(others, engine.version, LIMITS).tier is Tier.UNKNOWN


def test_who_has_gone_is_followed_no_longer(engine: FaceEngine, portraits: list[Frame]) -> None:
    watch = FaceWatch(engine)
    frames = walk(portraits[1], 2)
    for number, frame in enumerate([*frames, frames[0], frames[0]]):
        watch.look(frame, number * 0.6)
    assert watch.followed == []


def test_a_large_region_is_searched_in_tiles_that_overlap() -> None:
    parts = tiles(Roi(), (1080, 1920), 0.53)
    assert len(parts) > 1
    assert parts[0].x == 0
    assert parts[-1].x + parts[-1].w == pytest.approx(1, abs=1e-6)
    for one, following in itertools.pairwise(parts):
        assert following.x < one.x + one.w
    assert tiles(Roi(0.1, 0.1, 0.2, 0.2), (1080, 1920), 0.53) == [Roi(0.1, 0.1, 0.2, 0.2)]
