"""What residents ask for and report of their cars, and what becomes of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from community.models import Notification, RetentionRule
from parking import operations
from parking.models import BlockedCar, CarWish, Dispute, Stay, Vehicle
from tests.community import factories
from tests.parking import cars
from tests.residents.test_notices import resident
from tests.residents.test_requests import photo

pytestmark = pytest.mark.django_db
PLATE, OTHER = "皖A52M78", "皖A90C31"
CARS = "/home/cars/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def user(compound):
    return resident(compound, "3-2-1202", phone="13800001234")


@pytest.fixture
def person(user):
    return user.files.get()


@pytest.fixture
def home(person):
    return person.residencies.get().unit


@pytest.fixture
def neighbour(compound):
    return resident(compound, "3-2-1203", phone="13800001235").files.get()


@pytest.fixture
def clerk(compound):
    return factories.user("desk", at=compound, name="小何")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(person, home, plate=PLATE, **values):
    given = {"unit": home, "plate": plate, "picture": photo((60, 40))} | values
    return operations.ask_car(person, **given)


def told(kind: str, user=None) -> int:
    rows = Notification.objects.filter(kind=kind)
    return rows.filter(user=user).count() if user else rows.count()


def refused(verb, *given, **values) -> set[str]:
    with pytest.raises(ValidationError) as fault:
        verb(*given, **values)
    return set(fault.value.error_dict)


def files(settings) -> int:
    return sum(1 for one in settings.MEDIA_ROOT.rglob("*") if one.is_file())


def test_a_car_that_was_asked_for_is_registered_by_the_desk(person, home, clerk, user, settings):
    wish = ask(person, home)
    assert ask(person, home).pk == wish.pk  # sent twice
    assert files(settings) == 1
    assert told("parking.car_asked") == 1
    assert not Vehicle.objects.exists()
    car = operations.approve_car(wish, actor=clerk).vehicle
    assert (car.plate, car.owner, car.unit) == (PLATE, person, home)
    assert operations.approve_car(wish, actor=clerk).vehicle == car
    assert told("parking.car_approved", user) == 1
    with pytest.raises(ValidationError):
        operations.refuse_car(wish, reason="zu spät", actor=clerk)


def test_what_cannot_be_registered_is_said_at_each_field(person, home, neighbour, settings):
    there = neighbour.residencies.get().unit
    assert refused(ask, person, home, picture=b"") == {"picture"}
    assert refused(ask, person, home, picture=b"no picture") == {"picture"}
    assert refused(ask, person, home, plate="ABC") == {"plate"}
    assert refused(ask, person, there) == {"unit"}
    cars.car(person.compound, PLATE)
    assert refused(ask, person, home) == {"plate"}
    assert not CarWish.objects.exists()
    assert files(settings) == 0


def test_a_refusal_needs_a_reason_that_the_person_reads(person, home, clerk, user):
    wish = ask(person, home)
    assert refused(operations.refuse_car, wish, reason=" ", actor=clerk) == {"reason"}
    operations.refuse_car(wish, reason="行驶证看不清", actor=clerk)
    assert told("parking.car_refused", user) == 1
    assert "行驶证看不清" in signed_in(user).get("/home/cars/").content.decode()
    assert ask(person, home).pk != wish.pk  # asked again with what was missing


def test_a_new_car_shares_the_places_of_its_home(person, home, clerk):
    first = cars.car(person.compound, OTHER, unit=home, owner=person)
    pool = operations.open_pool(
        compound=person.compound, unit=home, places=1, most_cars=2, cars=[first]
    )
    car = operations.approve_car(ask(person, home), actor=clerk).vehicle
    assert set(Vehicle.objects.filter(pool=pool)) == {first, car}
    third = operations.approve_car(ask(person, home, "皖A11111"), actor=clerk).vehicle
    third.refresh_from_db()
    assert third.pool is None


def test_a_permit_is_prolonged_as_asked(person, home, clerk, user):
    car = cars.car(person.compound, PLATE, unit=home, owner=person)
    today = timezone.localdate()
    permit = operations.give_permit(
        compound=person.compound, kind="monthly", vehicle=car, valid_until=today
    )
    until = today + timedelta(days=30)
    client = signed_in(user)
    path = f"{CARS}permits/{permit.pk}/renew/"
    assert client.post(path, {"until": "soon"}).status_code == 422
    assert client.post(path, {"until": today.isoformat()}).status_code == 422
    assert client.post(path, {"until": until.isoformat()}).status_code == 302
    wish = permit.wishes.get()
    operations.grant_renewal(wish, actor=clerk)
    permit.refresh_from_db()
    assert permit.valid_until == until
    assert told("parking.renewal_granted", user) == 1
    far = date(today.year + 5, 1, 1)
    assert refused(operations.ask_renewal, permit, person, until=far) == {"until"}


def a_stay(person, home) -> Stay:
    car = cars.car(person.compound, PLATE, unit=home, owner=person)
    now = timezone.now()
    return Stay.objects.create(
        compound=person.compound, plate=PLATE, vehicle=car, left_at=now,
        entered_at=now - timedelta(hours=3), entry_passage=1,
    )  # fmt: skip


def test_a_dispute_is_answered_once_and_told(person, home, user, neighbour):
    stay = a_stay(person, home)
    client = signed_in(user)
    path = f"{CARS}stays/{stay.pk}/dispute/"
    assert client.post(path, {"what": "nothing"}).status_code == 422
    given = {"what": "times", "text": "那天不在", "picture": photo_file()}
    assert client.post(path, given).status_code == 302
    row = Dispute.objects.get()
    assert row.file
    assert signed_in(neighbour.user).post(path, given).status_code == 404
    guard = signed_in(factories.user("guard", at=person.compound))
    assert "那天不在" in guard.get("/guard/disputes/").content.decode()
    answer = f"/guard/disputes/{row.pk}/"
    assert guard.post(answer, {"outcome": "corrected", "answer": ""}).status_code == 422
    assert guard.post(answer, {"outcome": "corrected", "answer": "已改时间"}).status_code == 200
    assert guard.post(answer, {"outcome": "stands", "answer": "不改"}).status_code == 422
    assert told("parking.dispute_answered", user) == 1
    assert "已改时间" in client.get(f"{CARS}stays/{stay.pk}/").content.decode()


def photo_file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.jpg", photo((60, 40)), "image/jpeg")


def test_neither_learns_the_others_name(person, home, user, neighbour):
    """Who reports reads nothing of the owner, the owner nothing of who reports."""
    neighbour.name = "邻居甲"
    neighbour.save()
    cars.car(person.compound, PLATE, unit=home, owner=person)
    theirs, mine = signed_in(neighbour.user), signed_in(user)
    given = {"plate": PLATE, "place": "B2-117 前"}
    assert theirs.post(f"{CARS}blocked/", given).status_code == 302
    page = mine.get("/home/cars/").content.decode()
    assert "B2-117 前" in page
    assert "邻居甲" not in page
    assert "3-2-1203" not in page
    row = BlockedCar.objects.get()
    assert theirs.post(f"{CARS}in-the-way/{row.pk}/", {"minutes": "5"}).status_code == 404
    assert mine.post(f"{CARS}in-the-way/{row.pk}/", {"minutes": "5"}).status_code == 302
    page = theirs.get(f"{CARS}blocked/").content.decode()
    assert "林晓" not in page
    assert "3-2-1202" not in page
    assert told("parking.blocked_answered", neighbour.user) == 1


def test_an_owner_is_told_once_and_few_may_be_reported(person, home, neighbour, user):
    cars.car(person.compound, PLATE, unit=home, owner=person)
    report = operations.report_blocked
    row = report(neighbour, plate=PLATE, place="A1")
    assert report(neighbour, plate=PLATE, place="A1").pk == row.pk
    third = resident(person.compound, "3-2-1204", phone="13800001236").files.get()
    report(third, plate=PLATE, place="A1")
    assert told("parking.blocks_somebody", user) == 1
    assert refused(report, person, plate=PLATE, place="A1") == {"plate"}
    for number in range(4):
        report(neighbour, plate=f"皖A1000{number}", place="A1")
    assert refused(report, neighbour, plate="皖A20000", place="A1") == {"plate"}


def test_without_an_answer_a_guard_is_asked(person, home, neighbour):
    cars.car(person.compound, PLATE, unit=home, owner=person)
    row = operations.report_blocked(neighbour, plate=PLATE, place="A1")
    unknown = operations.report_blocked(neighbour, plate=OTHER, place="A2")
    assert (row.state, unknown.state) == ("told", "guard")
    now = timezone.now()
    assert operations.chase_blocked(now + timedelta(minutes=9)) == 0
    assert operations.chase_blocked(now + timedelta(minutes=11)) == 1
    row.refresh_from_db()
    assert row.state == "guard"
    operations.end_blocked(row)
    operations.chase_blocked(now + timedelta(hours=25))
    assert not BlockedCar.objects.open().exists()


def test_licences_and_old_reports_are_erased_in_time(person, home, clerk, settings):
    RetentionRule.objects.create(compound=person.compound, subject="licences", days=10, source="x")
    wish = ask(person, home)
    operations.approve_car(wish, actor=clerk)
    stay = Stay.objects.create(compound=person.compound, plate=OTHER, entered_at=timezone.now())
    row = operations.dispute_stay(stay, person, what="times", picture=photo((60, 40)))
    operations.answer_dispute(row, outcome="stands", answer="x", actor=clerk)
    now = timezone.now()
    assert operations.retire(now + timedelta(days=9))["pictures"] == 0
    assert operations.retire(now + timedelta(days=11)) == {"pictures": 1, "rows": 0, "money": 0}
    wish.refresh_from_db()
    assert (wish.file, wish.state) == ("", "approved")
    assert operations.retire(now + timedelta(days=181))["rows"] == 1
    assert files(settings) == 0


def test_what_somebody_asked_goes_with_them_or_to_their_other_file(person, home, settings, clerk):
    ask(person, home)
    gone = resident(person.compound, "3-2-1209", phone="13800001239").files.get()
    operations.refuse_car(ask(gone, gone.residencies.get().unit, OTHER), reason="x", actor=clerk)
    assert operations.move_wishes(gone.pk, person.pk) == 1
    assert CarWish.objects.filter(person=person).count() == 2
    assert operations.forget_wishes(person.pk, whole=False) == 1
    assert CarWish.objects.get().plate == PLATE
    operations.forget_wishes(person.pk, whole=True)
    assert not CarWish.objects.exists()
    assert files(settings) == 0


def test_a_licence_is_shown_to_its_person_and_the_desk_alone(person, home, user, neighbour, clerk):
    path = f"/parking/pictures/licence/{ask(person, home).pk}/"
    assert signed_in(user).get(path)["Content-Type"] == "image/jpeg"
    assert signed_in(clerk).get(path).status_code == 200
    guard = factories.user("guard", at=person.compound)
    for other in (neighbour.user, guard, factories.user("desk", at=factories.compound("海棠"))):
        assert signed_in(other).get(path).status_code == 404
