"""What every face engine keeps to. A new engine adds its name to FACE_ENGINES and is tried here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.engines import FACE_ENGINES, EngineUnavailable, load_faces
from community.vision.engines.dlib_onnx import prepared
from community.vision.engines.onnx_file import FLOAT, Graph
from community.vision.faces.contract import Face, FaceEngine
from community.vision.plates import Roi

NEAR = 1e-4
PEOPLE = 4


def small_model(folder: Path) -> Path:
    """A model of the usual form that averages 8 x 8 fields of each colour: no good, but real."""
    graph = Graph("small")
    pooled = graph.node("AveragePool", "face", kernel_shape=[14, 14], strides=[14, 14])
    graph.node("Flatten", pooled, output="vector")
    path = folder / "small.onnx"
    given = ("face", FLOAT, ("n", 3, 112, 112))
    path.write_bytes(graph.model(given, ("vector", FLOAT, ("n", 192))))
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module", params=sorted(FACE_ENGINES))
def engine(request: pytest.FixtureRequest, models: Path) -> FaceEngine:
    try:
        return load_faces(request.param, threads=2, folder=models, model=small_model(models))
    except EngineUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def portraits(real_data: Path) -> list[list[Frame]]:
    """Two pictures each of some people."""
    folders = sorted((real_data / "faces/known").iterdir())[:PEOPLE]
    return [
        [pictures.decode(path.read_bytes()) for path in sorted(folder.glob("*.jpg"))[:2]]
        for folder in folders
    ]


def only(engine: FaceEngine, frame: Frame) -> Face:
    """The face in the middle of a portrait."""
    found = engine.find(frame) or engine.find(frame, scale=2.0)
    middle = frame.shape[1] / 2
    return min(found, key=lambda face: abs(face.box[0] + face.box[2] / 2 - middle))


def near_by(one: Face, other: Face, shift: tuple[int, int] = (0, 0)) -> bool:
    """Whether two boxes are the same face; the detector's steps are a fifth of a size."""
    centres = [(f.box[0] + f.box[2] / 2, f.box[1] + f.box[3] / 2) for f in (one, other)]
    off = np.subtract(*centres) - shift
    return np.abs(off).max() < 0.2 * other.box[2] and 0.75 < one.box[2] / other.box[2] < 1.34


def test_it_is_an_engine(engine: FaceEngine) -> None:
    assert isinstance(engine, FaceEngine)
    assert engine.name in FACE_ENGINES
    assert engine.version
    assert engine.encode([]).shape == (0, engine.size)


def test_a_face_is_found_where_it_is(engine: FaceEngine, portraits: list[list[Frame]]) -> None:
    scene = np.full((540, 960, 3), 90, np.uint8)
    portrait = portraits[0][0]
    scene[200:450, 600:850] = portrait
    near = only(engine, portrait)
    (found,) = engine.find(scene, Roi(0.5, 0.2, 0.5, 0.8))
    assert near_by(found, near, shift=(600, 200))
    assert found.landmarks.shape == (68, 2)
    x, y, w, h = found.box
    inside = (found.landmarks > (x - w / 4, y - h / 4)) & (
        found.landmarks < (x + w * 1.25, y + h * 1.25)
    )
    assert inside.all()
    assert engine.find(scene, Roi(0, 0, 0.5, 1)) == []


def test_a_reduced_frame_gives_places_of_the_whole_one(
    engine: FaceEngine, portraits: list[list[Frame]]
) -> None:
    large = np.kron(portraits[1][0], np.ones((3, 3, 1), np.uint8))
    (whole,), (reduced,) = engine.find(large, scale=1 / 2), engine.find(large, scale=1 / 3)
    assert near_by(whole, reduced)


def test_a_person_is_nearer_to_themselves(engine: FaceEngine, portraits: list[list[Frame]]) -> None:
    if engine.name == "onnx":
        pytest.skip("the small model of this test knows nobody")
    ours = [
        [engine.encode(engine.chips(frame, [only(engine, frame)]))[0] for frame in pair]
        for pair in portraits
    ]
    for number, (one, other) in enumerate(ours):
        apart = [np.linalg.norm(one - far[1]) for k, far in enumerate(ours) if k != number]
        assert np.linalg.norm(one - other) < min(apart)


def test_each_view_is_a_chip_and_the_same_face_gives_the_same_vector(
    engine: FaceEngine, portraits: list[list[Frame]]
) -> None:
    frame = portraits[2][0]
    face = only(engine, frame)
    (chip,), views = engine.chips(frame, [face]), engine.views(frame, face)
    assert all(view.shape == chip.shape for view in views)
    assert any(np.array_equal(view, chip[:, ::-1]) for view in views)
    vectors = engine.encode([chip, *views])
    assert vectors.shape == (1 + len(views), engine.size)
    assert vectors.dtype == np.float32
    assert np.abs(engine.encode([chip])[0] - vectors[0]).max() < NEAR


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (0, 0, 3), (90, 120), (90, 120, 4)])
def test_odd_frames_are_taken_calmly(engine: FaceEngine, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    for frame in (noise, np.zeros(shape, np.uint8)):
        assert engine.find(frame) == []


def test_the_quick_encoder_gives_the_packages_own_vectors(
    models: Path, portraits: list[list[Frame]]
) -> None:
    import face_recognition

    quick = load_faces("dlib_onnx", folder=models)
    plain = load_faces("dlib")
    assert quick.version == plain.version
    for frame in (pair[0] for pair in portraits):
        face = only(quick, frame)
        chips = quick.chips(frame, [face])
        ours = quick.encode(chips)[0]
        assert np.abs(ours - plain.encode(chips)[0]).max() < NEAR
        x, y, w, h = face.box
        place = (y, x + w - 1, y + h - 1, x)
        rgb = np.ascontiguousarray(frame[..., ::-1])
        (theirs,) = face_recognition.face_encodings(rgb, [place])
        assert np.abs(ours - theirs).max() < NEAR


def test_the_converted_model_is_made_once_and_made_anew_when_damaged(tmp_path: Path) -> None:
    path = prepared(tmp_path)
    made = path.stat().st_mtime_ns
    assert prepared(tmp_path) == path
    assert path.stat().st_mtime_ns == made
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert prepared(tmp_path).read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    with pytest.raises(EngineUnavailable, match="no model can be written"):
        load_faces("dlib_onnx", folder=taken)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    from community.vision.engines.dlib_network import convert
    from community.vision.engines.dlib_weights import WeightsError

    for data in (b"", b"no network", b"\x01\x15input_rgb_image_sized" + b"\x01\x01" * 3):
        with pytest.raises(WeightsError):
            convert(data)


def test_an_engine_that_does_not_exist_or_lacks_its_model(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a model")
    for name, model in (("eigen", None), ("onnx", None), ("onnx", broken)):
        with pytest.raises(EngineUnavailable):
            load_faces(name, model=model)


def test_another_model_is_another_version(tmp_path: Path) -> None:
    path = small_model(tmp_path)
    first = load_faces("onnx", model=path)
    path.with_suffix(".json").write_text('{"scale": 128}')
    assert load_faces("onnx", model=path).version != first.version
    path.with_suffix(".json").write_text('{"colour": "pink"}')
    with pytest.raises(EngineUnavailable):
        load_faces("onnx", model=path)
