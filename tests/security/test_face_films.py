"""A film of somebody at a door, through the cameras' real process: the gate's rule decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import cv2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from community.models import Command, Lane
from community.vision.arrays import Frame
from community.vision.engines import EngineUnavailable
from residents import face_engine
from residents.models import GalleryHolder, Person
from residents.operations import give_card
from security.management.commands import watch_cameras
from security.models import Passage
from security.operations.faces import set_face_rule
from tests.community import factories
from tests.residents.doors import door, resident, show
from tests.residents.portraits import enrolled_by, portraits, scene
from tests.servers.process import Process

pytestmark = pytest.mark.django_db(transaction=True)
CARD, FPS = "0412345678", 5


def film_of(people: list[Frame], place: Path) -> str:
    """Somebody comes, moves a little, is seen from several sides; each picture for a second."""
    kind = cv2.VideoWriter.fourcc(*"MJPG")
    film = cv2.VideoWriter(str(place), kind, FPS, (1280, 720))
    shown = [one for one in people for _ in range(FPS)]
    for frame in [scene(), scene(), *(scene((one, 400 + 7 * k)) for k, one in enumerate(shown))]:
        film.write(frame)
    film.release()
    return str(place)


@pytest.fixture
def lane() -> Lane:
    found = door(factories.compound())
    found.camera = factories.device(found.compound, "camera", "video")
    found.save()
    return found


@pytest.fixture
def who(lane: Lane, real_data: Path) -> Person:
    row = resident(factories.unit(lane.compound), "邵晴", birth_date="1980-05-01")
    give_card(row, CARD)
    try:
        enrolled_by(face_engine.engine(), row, portraits(real_data)[:3])
    except EngineUnavailable as error:
        pytest.skip(str(error))
    return row


@pytest.fixture
def film(real_data: Path, tmp_path: Path) -> str:
    """Of three pictures that were not enrolled."""
    return film_of(portraits(real_data)[3:], tmp_path / "door.avi")


def test_the_cameras_process_knows_somebody_and_the_gate_asks_for_more(
    lane: Lane, who: Person, film: str, tmp_path: Path, start_command: Callable[..., Process]
) -> None:
    set_face_rule(lane.gate, is_on=True)
    lane.camera.settings = {"path": film}
    lane.camera.save()
    (var := tmp_path / "var").mkdir()
    (var / "models").symlink_to(settings.MODEL_FOLDER)
    process = start_command(
        "watch_cameras", "--device", str(lane.camera_id), LINLI_VAR=str(var),
        LINLI_SECRET_KEY=settings.SECRET_KEY, LINLI_KEYRING=str(settings.KEYRING_PATH),
    )  # fmt: skip
    process.wait_until(Passage.objects.exists)
    passage = Passage.objects.get()
    assert (passage.person, passage.outcome, passage.code) == (who, "ask", "face_second_way")
    assert passage.facts["face"]["likeness"] in ("very", "enough")
    assert not Command.objects.filter(action="open").exists()
    assert GalleryHolder.objects.get().retired_at is None
    assert show(lane, "card", CARD).outcome == "allow"
    assert process.stop() == 0
    assert GalleryHolder.objects.get().retired_at is not None


def play(lane: Lane, film: str) -> list[str]:
    said = StringIO()
    call_command("watch_cameras", "--lane", lane.name, "--source", film, "--once", stdout=said)
    return said.getvalue().splitlines()


def test_a_film_played_to_a_door_says_what_was_decided(
    lane: Lane, who: Person, film: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_cameras, "load_engine", lambda: None)  # no plates at a door
    with pytest.raises(CommandError, match="Faces"):
        play(lane, film)
    set_face_rule(lane.gate, is_on=True)
    line, total = play(lane, film)
    assert re.search(r"face|人脸", line)
    assert who.name not in line
    assert "1" in total
    assert Passage.objects.get().person == who
