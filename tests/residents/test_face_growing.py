"""At 14 a child decides alone: asked once, given time, and the face erased without an answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Event, Notification
from residents.models import Consent, FaceErasure, FacePicture, FaceTemplate, Person
from residents.operations import give_card, run_clock
from residents.operations.faces.consents import years_before
from residents.operations.faces.enrolment import enrol_face
from residents.operations.faces.growing import GRACE, ask_grown
from residents.operations.faces.pictures import Keeping, seal
from tests.community import factories
from tests.residents.doors import resident
from tests.residents.faces import ENGINE, consent, pictures, text
from tests.residents.test_requests import photo

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
AGREED = {"residents.consent_asked_anew", "residents.consent_outgrown"}


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def mother(home) -> Person:
    account = factories.user("resident", at=home.compound)
    return resident(home, "邵晴", birth_date=date(1980, 5, 1), user=account)


@pytest.fixture
def child(home, mother) -> Person:
    """Thirteen today, with a face that the mother agreed to, and its pictures kept."""
    account = factories.user("resident", at=home.compound)
    born = years_before(TODAY, 13)
    row = resident(home, "邵小雨", birth_date=born, user=account)
    give_card(row, "0412345678")
    consent(row, guardian=mother)
    kept = Keeping(
        text(home.compound, "face_pictures"), "desk", seal(home.compound_id, [photo()]), mother
    )
    enrol_face(row, ENGINE, pictures(1), keep=kept)
    row.refresh_from_db()
    return row


@pytest.fixture
def birthday(child) -> date:
    return child.birth_date.replace(year=child.birth_date.year + 14)


def standing(child: Person) -> set[str]:
    return set(Consent.objects.standing().filter(person=child).values_list("purpose", flat=True))


def test_asked_once_and_the_guardian_told(child, mother, birthday):
    assert ask_grown(birthday - timedelta(days=1)) == {"asked_anew": 0, "outgrown": 0}
    assert ask_grown(birthday)["asked_anew"] == 1
    assert ask_grown(birthday + timedelta(days=1)) == {"asked_anew": 0, "outgrown": 0}
    told = Notification.objects.filter(kind__startswith="residents.face_of_age")
    assert {row.kind for row in told.filter(user=child.user)} == {"residents.face_of_age"}
    assert {row.kind for row in told.filter(user=mother.user)} == {"residents.face_of_age_guardian"}
    assert Event.objects.filter(kind="residents.consent_asked_anew").count() == 2
    assert standing(child) == {"face_entry", "face_pictures"}


def test_without_an_answer_face_and_pictures_go(child, birthday):
    ask_grown(birthday)
    assert ask_grown(birthday + GRACE)["outgrown"] == 0
    assert FaceTemplate.objects.exists()
    assert ask_grown(birthday + GRACE + timedelta(days=1))["outgrown"] >= 1
    assert standing(child) == set()
    assert not FaceTemplate.objects.exists()
    assert not FacePicture.objects.exists()
    assert FaceErasure.objects.get().person == child
    before = Event.objects.count()
    ask_grown(birthday + GRACE + timedelta(days=2))
    assert Event.objects.count() == before


def test_their_own_word_on_the_phone_keeps_the_face(child, mother, birthday, monkeypatch):
    ask_grown(birthday)
    monkeypatch.setattr(timezone, "localdate", lambda *_: birthday)
    phone = Client()
    phone.force_login(child.user)
    page = phone.get(reverse("home-face")).text
    assert "满 14 周岁" in page
    phone.post(reverse("home-face-give", args=[child.pk]), {"text": text(child.compound).pk})
    own = Consent.objects.standing().get(person=child, purpose="face_entry")
    assert (own.child, own.guardian, own.way) == (False, None, "phone")
    assert ask_grown(birthday + GRACE + timedelta(days=1)) == {"asked_anew": 0, "outgrown": 1}
    assert FaceTemplate.objects.exists()
    # They did not say that the pictures may be kept.
    assert not FacePicture.objects.exists()
    assert standing(child) == {"face_entry"}
    parent = Client()
    parent.force_login(mother.user)
    assert parent.get(reverse("home-face-of", args=[child.pk])).status_code == 404


def test_the_nightly_clock_does_it(child, birthday):
    assert run_clock(birthday)["asked_anew"] == 1
