"""Cars in fire lanes: the owner is told first, then there is evidence."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community import events
from community.models import Event, Notification
from parking import operations
from parking.models import FireCase, FireLane, FireSighting
from security.models import Alert
from tests.community import factories
from tests.parking import cars
from tests.parking.test_wishes import files, signed_in
from tests.residents.test_notices import resident
from tests.residents.test_requests import photo

pytestmark = pytest.mark.django_db
PLATE = "皖A52M78"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lane():
    compound = factories.compound()
    row = FireLane(compound=compound, name="3 号楼北侧", camera=factories.device(compound))
    row.minutes, row.grace_minutes = 3, 5
    return operations.save_fire_lane(row)


def stands(lane, plate=PLATE, minutes=10, until=None, every=30):
    """Seen every so many seconds for some minutes, up to now."""
    end = until or timezone.now()
    begin = end - timedelta(minutes=minutes)
    case = None
    for second in range(0, minutes * 60 + 1, every):
        at = begin + timedelta(seconds=second)
        case = operations.note_in_zone(lane, plate, at, photo((60, 40)))
    return case


def handle(kind):
    """What the jobs process does with the newest event of a kind."""
    event = Event.objects.filter(kind=kind).latest("sequence")
    names = events._handlers[kind]
    for name in names:
        names[name](event)


def test_the_owner_is_told_first_and_evidence_comes_after(lane):
    user = resident(lane.compound, "3-2-1202", phone="13800001234")
    cars.car(lane.compound, PLATE, owner=user.files.get())
    case = stands(lane)
    assert case.told_at - case.first_at == timedelta(minutes=3)
    assert case.pack_at - case.told_at == timedelta(minutes=5)
    assert Notification.objects.filter(kind="parking.fire_lane", user=user).count() == 1
    assert Notification.objects.filter(kind="parking.fire_lane_evidence").count() == 1
    assert case.sightings.count() == 21
    assert case.sightings.exclude(file="").count() == 11  # one a minute
    handle("parking.fire_lane_evidence")
    assert PLATE in str(Alert.objects.get())
    operations.settle_fire_lanes(timezone.now() + timedelta(minutes=4))
    handle("parking.fire_lane_free")
    assert Alert.objects.get().state == "closed"


def test_who_drives_on_in_time_leaves_no_trace(lane, settings):
    stands(lane, minutes=2)
    assert files(settings) == 3
    assert operations.settle_fire_lanes(timezone.now() + timedelta(minutes=4)) == 1
    assert not FireCase.objects.exists()
    assert files(settings) == 0


def test_a_stranger_is_the_guards_at_once_and_comes_back_as_a_new_case(lane):
    now = timezone.now()
    case = stands(lane, until=now - timedelta(minutes=30), minutes=4)
    assert (case.told_at, bool(case.guard_at)) == (None, True)
    again = stands(lane, minutes=1)
    assert again.pk != case.pk
    case.refresh_from_db()
    assert case.left_at == case.last_at


def test_fire_engines_police_and_free_cars_may_stand_there(lane):
    operations.list_plate(compound=lane.compound, plate="皖A33333", kind="free", reason="救护车")
    for plate in ("皖A1234警", "皖A1234应急", "皖A33333"):
        assert stands(lane, plate, minutes=5) is None
    assert not FireCase.objects.exists()


def test_the_same_moment_twice_and_a_late_one_change_nothing(lane):
    now = timezone.now()
    first = operations.note_in_zone(lane, PLATE, now, photo((60, 40)))
    operations.note_in_zone(lane, PLATE, now, photo((60, 40)))
    operations.note_in_zone(lane, PLATE, now - timedelta(minutes=20), photo((60, 40)))
    assert FireSighting.objects.count() == 1
    assert first.minutes == 0
    with pytest.raises(ValueError, match="time to come"):
        operations.note_in_zone(lane, PLATE, now + timedelta(minutes=5))
    with pytest.raises(ValueError, match="no plate"):
        operations.note_in_zone(lane, "x" * 10_000, now)


@pytest.mark.parametrize("roi", [[0, 0, 2, 1], [0.5, 0.5, 0.01, 0.5], ["a", 0, 1, 1], [0, 0], 7])
def test_a_region_outside_the_picture_is_refused(lane, roi):
    lane.roi = roi
    with pytest.raises(ValidationError) as fault:
        operations.save_fire_lane(lane)
    assert set(fault.value.error_dict) == {"roi"}


def test_the_evidence_is_listed_filtered_taken_along_and_printed(lane):
    case = stands(lane, every=60)
    guard = signed_in(factories.user("guard", at=lane.compound))
    listed = "/guard/fire-lanes/"
    paper = f'{listed}{case.pk}/"'
    assert paper in guard.get(listed, {"show": "pack", "q": "52M"}).content.decode()
    assert paper not in guard.get(listed, {"q": "90C"}).content.decode()
    assert PLATE in guard.get(listed, {"format": "csv"}).content.decode("utf-8-sig")
    assert PLATE in guard.get(f"{listed}{case.pk}/").content.decode()
    shown = case.sightings.exclude(file="").first()
    assert guard.get(f"{listed}pictures/{shown.pk}.jpg")["Content-Type"] == "image/jpeg"
    other = signed_in(factories.user("manager", at=factories.compound("海棠")))
    assert other.get(f"{listed}{case.pk}/").status_code == 404
    operations.settle_fire_lanes(timezone.now() + timedelta(minutes=4))
    assert operations.retire(timezone.now() + timedelta(days=181))["rows"] == 1
