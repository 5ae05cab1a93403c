"""A fire lane drawn on its camera's picture: checked, kept as shares, heeded by the clock."""

import numpy as np
import pytest
from django.core.exceptions import ValidationError

from community.vision.plates import PlateKind, PlateRead
from parking import operations
from parking.models import FireLane
from security.setup import looks
from security.worker import zone
from tests.community import factories
from tests.parking.test_wishes import signed_in

pytestmark = pytest.mark.django_db
STRIP = [[0.1, 0.2], [0.9, 0.2], [0.9, 0.6], [0.1, 0.6]]


@pytest.fixture
def lane():
    compound = factories.compound()
    return operations.save_fire_lane(
        FireLane(compound=compound, name="3 号楼北侧", camera=factories.device(compound))
    )


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        ([[0, 0], [1, 1]], "corners_count"),
        ([[i / 20, (i % 2) / 2] for i in range(13)], "corners_count"),
        ([[0, 0], [1.1, 0], [1, 1]], "corners_outside"),
        ([["nan", 0], [1, 0], [1, 1]], "corners_outside"),
        ([["a", 0], [1, 0], [1, 1]], "corners_outside"),
        ([[0, 0], [1, 1], [1, 0], [0, 1]], "corners_cross"),
        ([[0, 0], [1, 0], [1, 1], [0, 0]], "corners_cross"),
        ([[0, 0], [1, 0], [0.5, 0], [0.5, 1]], "corners_cross"),
        ([[0.1, 0.1], [0.12, 0.1], [0.12, 0.12]], "corners_small"),
        (7, "corners_outside"),
    ],
)
def test_a_lane_that_cannot_be_is_refused(lane, corners, code):
    lane.corners = corners
    with pytest.raises(ValidationError) as fault:
        operations.save_fire_lane(lane)
    assert [one.code for one in fault.value.error_dict["corners"]] == [code]
    lane.refresh_from_db()
    assert lane.corners == []


def test_corners_are_typed_in_hundredths_and_kept_as_shares(lane):
    url = f"/setup/fire-lanes/{lane.pk}/"
    client = signed_in(factories.user("installer", at=lane.compound))
    typed = "10 20\r\n90, 20\n\n90.5;60\n10 60"
    assert client.post(url, {"corners": typed}).status_code == 302
    lane.refresh_from_db()
    assert lane.corners == [[0.1, 0.2], [0.9, 0.2], [0.905, 0.6], [0.1, 0.6]]
    assert lane.roi == [0.1, 0.2, 0.805, 0.4]
    assert "90.5 60" in client.get(url).content.decode()
    for bad in ("10 20 30", "0 0\n100 100\n100 0\n0 100", "9" * 5000):
        answer = client.post(url, {"corners": bad})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    lane.refresh_from_db()
    assert lane.roi == [0.1, 0.2, 0.805, 0.4]
    client.post(url, {"corners": ""})
    lane.refresh_from_db()
    assert lane.corners == []


def test_the_page_looks_through_the_lanes_own_camera(lane, monkeypatch):
    asked = {}
    monkeypatch.setattr(looks, "start", lambda place, **camera: asked.update(camera) or "a" * 24)
    found = looks.Look("a" * 24, waits=False, width=640, height=360)
    monkeypatch.setattr(looks, "find", lambda place, token: found)
    monkeypatch.setattr(looks, "picture", lambda place, token: b"jpeg")
    client = signed_in(factories.user("installer", at=lane.compound))
    url = f"/setup/fire-lanes/{lane.pk}/"
    assert "data-stage" in client.post(f"{url}look/").content.decode()
    assert asked["key"] == lane.camera_id
    assert client.get(f"{url}looks/{'a' * 24}.jpg").content == b"jpeg"


class Engine:
    """Reads a plate that stands at one place, while anything can be seen there."""

    def __init__(self, box):
        self._box = box

    def read(self, image, roi=None, **_how):
        x, y, w, h = self._box
        if not image[y : y + h, x : x + w].all():
            return []
        read = PlateRead(
            "皖A52M78", PlateKind.BLUE, "blue", 0.99, self._box, (0.99,) * 7, "皖A52M78"
        )
        return [read]


@pytest.mark.parametrize(("box", "told"), [((200, 120, 90, 30), 1), ((20, 20, 90, 30), 0)])
def test_the_clock_sees_what_stands_between_the_corners_alone(lane, box, told, monkeypatch):
    lane.corners = STRIP
    operations.save_fire_lane(lane)
    notes = []
    clerk = type("Clerk", (), {"take_note": staticmethod(notes.append)})()
    watched = zone.WatchedZone(lane, Engine(box), lambda _new: True, clerk)
    frame = zone.Frame(np.full((360, 640, 3), 200, np.uint8), zone.timezone.now(), 0, scene=0)
    watched.feed(frame)
    assert len(notes) == told
    assert frame.image.min() == 200  # the evidence is the whole picture
