"""A camera at a door, real pictures of people: who is asked, who leaves no trace, what opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from community.models import Command, Lane
from community.vision.arrays import Frame as Image
from community.vision.engines import EngineUnavailable, load_faces
from community.vision.faces import sameness
from community.vision.faces.challenge import Answer
from community.vision.faces.contract import FaceEngine
from residents.models import Consent, FaceErasure, GalleryHolder
from residents.operations import give_card
from residents.operations.faces.consents import withdraw_consent
from security.models import Passage
from security.operations.faces import handle_face, set_face_rule
from security.sources import Frame
from security.worker import door as door_module
from security.worker.door import WatchedDoor
from security.worker.faces import Faces
from tests.community import factories
from tests.residents.doors import door, resident, show
from tests.residents.portraits import enrolled_by, portraits, scene

pytestmark = pytest.mark.django_db
CARD = "0412345678"
EMPTY = scene()


@pytest.fixture(scope="module")
def engine(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> FaceEngine:
    try:
        return load_faces("dlib_onnx", folder=tmp_path_factory.mktemp("models"))
    except EngineUnavailable as error:
        pytest.skip(str(error))


class AtOnce:
    """A clerk who needs no thread."""

    def take_face(self, seen, then) -> bool:
        then(handle_face(seen))
        return True


@pytest.fixture
def lane() -> Lane:
    found = door(factories.compound())
    found.camera = factories.device(found.compound, "camera", "video")
    found.save()
    return found


@pytest.fixture
def who(lane, engine, real_data):
    unit = factories.unit(lane.compound)
    row = resident(unit, "邵晴", birth_date="1980-05-01")
    give_card(row, CARD)
    enrolled_by(engine, row, portraits(real_data)[:3])
    return row


@pytest.fixture
def eyes(lane, engine) -> Callable[..., Callable[..., None]]:
    """`eyes(rule)` gives `watch(images, every)`: the lane's camera shows them one after another."""

    def open_eyes(**rule: bool) -> Callable[..., None]:
        set_face_rule(lane.gate, is_on=True, **rule)
        faces = Faces("test", lambda: engine)
        faces.follow([Lane.objects.select_related("gate__face_rule").get(pk=lane.pk)])
        watched = WatchedDoor(lane, faces, AtOnce())  # type: ignore[arg-type]
        start = timezone.now() - timedelta(seconds=6)

        def watch(images: list[Image], every: float = 0.4) -> None:
            nonlocal start
            for number, image in enumerate(images):
                watched.feed(Frame(image, start, number, None, ""))
                start += timedelta(seconds=every)

        watch.faces = faces  # type: ignore[attr-defined]
        return watch

    return open_eyes


def walks(pictures: list[Image], left: int = 300, step: int = 12) -> list[Image]:
    return [EMPTY, EMPTY, *(scene((one, left + step * k)) for k, one in enumerate(pictures))]


def opened() -> int:
    return Command.objects.filter(action="open").count()


def test_somebody_enrolled_is_known_and_asked_for_a_second_way(lane, who, eyes, real_data):
    more = portraits(real_data)[3:]
    eyes()(walks([more[0], more[0], more[1], more[1], more[2], more[2]]))
    passage = Passage.objects.get()
    assert (passage.person, passage.outcome) == (who, "ask")
    assert passage.code == "face_second_way"
    assert passage.picture is not None
    assert passage.facts["face"]["likeness"] in ("very", "enough")
    left, top, wide, _ = passage.facts["face"]["box"]
    assert 300 < left < 700
    assert 140 < top < 600
    assert 120 < wide < 400
    assert opened() == 0
    assert show(lane, "card", CARD).pk == passage.pk
    assert opened() == 1


def test_a_stranger_beside_them_leaves_no_trace(lane, who, eyes, real_data):
    stranger, own = portraits(real_data, 1), portraits(real_data)[3:]
    watch = eyes()
    watch(walks([stranger[0], stranger[1], stranger[2], stranger[3]]))
    assert not Passage.objects.exists()
    both = [scene((own[k % 3], 60 + 8 * k), (stranger[k % 3], 700)) for k in range(6)]
    watch([EMPTY, EMPTY, *both])
    assert [row.person for row in Passage.objects.all()] == [who]


def test_a_photograph_moved_about_before_the_camera_opens_nothing(lane, who, eyes, real_data):
    printed = portraits(real_data)[3]
    watch = eyes(asks_task=True, asks_second=False)
    watch(walks([printed] * 20, step=6), every=0.3)
    # Asked about, once: another way in or the guard.
    assert [(row.outcome, row.code) for row in Passage.objects.all()] == [
        ("ask", "face_second_way")
    ]
    assert opened() == 0


@pytest.fixture
def eighth_look(monkeypatch):
    """The judge's word: with the eighth look the task is done, shown by the first and the last."""
    word = {True: Answer.DONE, False: Answer.WAITING}
    monkeypatch.setattr(door_module, "answer", lambda task, looks: word[len(looks) >= 8])
    monkeypatch.setattr(sameness, "witnesses", lambda task, looks: (0, len(looks) - 1))


@pytest.mark.usefixtures("eighth_look", "who")
@pytest.mark.parametrize("swapped", [False, True])
def test_the_task_counts_for_whoever_did_it(swapped, eyes, real_data):
    """A photograph of somebody, and then one's own eyes in the same place: two people."""
    own, other = portraits(real_data)[3:], portraits(real_data, 1)[3:]
    last = other if swapped else own
    eyes(asks_task=True, asks_second=False)(walks([*own, *own, own[0], last[0]], step=4), every=0.3)
    assert opened() == (0 if swapped else 1)
    assert [row.outcome for row in Passage.objects.all()] == ([] if swapped else ["allow"])


def test_frames_that_show_nothing_end_nothing(lane, who, eyes, real_data):
    watch = eyes()
    odd = [np.zeros((1, 1, 3), np.uint8), np.zeros((3, 900, 3), np.uint8), EMPTY[:, :, 0]]
    watch([*odd, *walks(portraits(real_data)[3:] * 2)])
    assert Passage.objects.filter(person=who).count() == 1


def test_consent_withdrawn_empties_the_workers_copy_and_is_proven(lane, who, eyes, real_data):
    watch = eyes()
    faces = watch.faces  # type: ignore[attr-defined]
    assert len(faces.gallery(lane.compound_id)[0]) == 1
    withdraw_consent(Consent.objects.get())
    erasure = FaceErasure.objects.get()
    assert erasure.proven_at is None
    faces.follow([Lane.objects.select_related("gate__face_rule").get(pk=lane.pk)])
    assert len(faces.gallery(lane.compound_id)[0]) == 0
    erasure.refresh_from_db()
    assert erasure.proven_at is not None
    watch(walks(portraits(real_data)[3:] * 2))
    assert not Passage.objects.exists()
    faces.close()
    assert GalleryHolder.objects.get().retired_at is not None
