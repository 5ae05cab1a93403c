"""What the demo compound holds: the size, the people, the cars and the day of a real one."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from stdnum.cn import ric

from community import demo, keyring
from community.demo_plan import USERS
from community.models import Compound, Device, Event, Gate, Lane, Role, Unit, User
from community.vision import grammar
from parcels.models import Compartment
from parking.models import Stay, Vehicle
from residents.models import Person, Residency
from security.models import Passage, Reading


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for this module and rolled back after it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        demo.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def wutong(loaded, db) -> Compound:
    return Compound.objects.get(code="wutong")


def test_it_has_the_size_of_a_real_compound(wutong):
    lanes = Lane.objects.of(wutong).filter(gate__kind=Gate.Kind.VEHICLE)
    assert wutong.buildings.count() == 8
    assert Unit.objects.of(wutong).count() == 400
    assert 950 <= Person.objects.of(wutong).count() <= 1050
    assert Vehicle.objects.of(wutong).count() >= 300
    assert Counter(lanes.values_list("direction", flat=True)) == {"entry": 2, "exit": 2}
    assert Gate.objects.of(wutong).filter(kind=Gate.Kind.PEDESTRIAN).count() == 2
    assert Compartment.objects.filter(bank__compound=wutong).count() == 108


def test_every_lane_has_what_closes_it_and_a_camera_looks_at_cars(wutong):
    lanes = Lane.objects.of(wutong)
    assert not lanes.filter(barrier=None).exists()
    cameras = Device.objects.of(wutong).filter(kind=Device.Kind.CAMERA)
    # One for each lane of cars, and one that pushes beside the first.
    assert cameras.count() == 5
    assert cameras.get(driver="push").settings["lane"] == lanes.get(name="南门入口").pk
    films = cameras.exclude(driver="push")
    assert all(camera.settings["path"].startswith("demo/") for camera in films)


def test_every_sign_in_works_and_holds_its_roles(wutong):
    for person in USERS:
        user = User.objects.get(username=person.username)
        assert user.check_password(person.password)
        held = Role.objects.filter(user=user).values_list("compound__code", "role")
        assert set(held) == set(person.roles)


def test_passwords_pass_the_house_rules():
    for person in USERS:
        try:
            validate_password(person.password, User(username=person.username, name=person.name))
        except ValidationError as error:
            raise AssertionError(person.username) from error


def test_people_are_on_file_as_real_ones_would_be(wutong):
    person = Person.objects.of(wutong).exclude(phone_index="").first()
    assert person.document[-1] == ric.calc_check_digit(person.document)
    assert person.document_index == keyring.blind_index(person.document, wutong.pk, "document")
    assert person.phone_index == keyring.blind_index(person.phone, wutong.pk, "phone")
    kinds = set(Residency.objects.of(wutong).values_list("kind", flat=True))
    assert {"owner", "tenant", "family"} <= kinds


def test_the_resident_signs_in_to_a_home_of_their_own(wutong):
    resident = User.objects.get(username="resident")
    (mine,) = Person.objects.visible_to(resident)
    assert mine.residencies.get(ended_on=None).unit.code == "3-2-1202"


def test_plates_follow_the_grammar(wutong):
    cars = Vehicle.objects.of(wutong)
    assert all(grammar.is_plate(car.plate) for car in cars)
    assert {"blue", "green", "green_large", "yellow"} <= set(cars.values_list("kind", flat=True))
    assert cars.exclude(barred_reason="").exists()
    assert cars.filter(ended_at__isnull=False).exists()


def test_the_day_before_is_whole(wutong):
    passages = Passage.objects.of(wutong)
    cars, people = passages.filter(way=""), passages.exclude(way="")
    assert 300 <= cars.count() <= 500
    assert {"card", "qr", "pin", "pass"} == set(people.values_list("way", flat=True))
    assert {"allow", "deny", "fail"} <= set(passages.values_list("outcome", flat=True))
    decided = Event.objects.of(wutong).filter(kind="gate.passage_decided")
    assert decided.count() == passages.count()
    assert cars.count() == Reading.objects.filter(compound=wutong).count()
    # The last car could not be read and waits for the guard; all others are settled.
    open_ = passages.filter(state__in=["waiting", "opened"])
    assert list(open_.values_list("state", "outcome")) == [("waiting", "fail")]
    for passage in passages.filter(by_hand=True):
        assert passage.decided_by.roles_in(wutong) & {"guard", "manager"}


def test_stays_agree_with_the_passages(wutong):
    assert not Stay.objects.of(wutong).filter(entered_at=None).exists()
    inside = Stay.objects.of(wutong).whole().filter(left_at=None)
    assert inside.count() > 50
    crossed = Passage.objects.of(wutong).filter(state="crossed").exclude(plate="")
    entries = crossed.filter(direction="entry").values_list("pk", flat=True)
    known = Stay.objects.of(wutong).filter(entry_passage__isnull=False)
    assert set(entries) == set(known.values_list("entry_passage", flat=True))


def test_the_other_compound_is_apart(wutong):
    manager = User.objects.get(username="haitang")
    assert {unit.compound.code for unit in Unit.objects.visible_to(manager)} == {"haitang"}
    assert {p.compound.code for p in Passage.objects.visible_to(manager)} == {"haitang"}
    assert not Vehicle.objects.visible_to(manager).filter(compound=wutong).exists()
