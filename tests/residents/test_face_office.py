"""Beside faces in the office: registers, the counter, calibration, pictures that go, the API."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import RetentionRule
from community.retention import days_kept
from residents import face_office
from residents.models import CameraSign, Consent, ConsentText, FaceAssessment, FaceCalibration
from residents.my_data import sections
from residents.operations import give_card
from residents.operations.faces import judging, registers
from residents.operations.faces.consents import withdraw_consent
from residents.operations.faces.matching import calibrate_faces
from residents.operations.faces.proof import confirm_gallery
from security.models import Passage, Picture
from security.operations import retire_face_shots
from tests.community import factories
from tests.residents.doors import door, resident
from tests.residents.faces import ENGINE, consent, enrolled, text
from tests.residents.test_requests import photo
from tests.rights.faced import PDF

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def who(compound):
    user = factories.user("resident", at=compound)
    row = resident(factories.unit(compound), "邵晴", birth_date=date(1980, 5, 1), user=user)
    give_card(row, "0412345678")
    return row


@pytest.fixture
def manager(compound) -> Client:
    found = Client()
    found.force_login(factories.user("manager", at=compound))
    return found


def assess(compound, **fields) -> FaceAssessment:
    given = {"title": "刷脸", "made_on": TODAY(), "review_on": TODAY() + timedelta(days=200)}
    return registers.add_assessment(
        compound, **(given | {"made_by": "物业", "document": PDF} | fields)
    )


class TestAssessments:
    @pytest.mark.parametrize(
        ("fields", "column"),
        [
            ({"document": b"no pdf"}, "document"),
            ({"document": b"%PDF-1.4 cut off"}, "document"),
            ({"document": b"%PDF-" + b"0" * registers.MOST_BYTES}, "document"),
            ({"review_on": date(2020, 1, 1)}, "review_on"),
            ({"made_on": date(2999, 1, 1)}, "made_on"),
            ({"title": " "}, "title"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(self, compound, fields, column):
        with pytest.raises(ValidationError) as caught:
            assess(compound, **fields)
        assert list(caught.value.error_dict) == [column]
        assert not FaceAssessment.objects.exists()

    def test_it_is_entered_in_the_office_and_its_file_taken_again(self, compound, manager):
        given = {
            "title": "刷脸", "made_on": "2026-03-01", "review_on": "2027-03-01",
            "made_by": "物业", "document": SimpleUploadedFile("a.pdf", PDF, "application/pdf"),
        }  # fmt: skip
        answer = manager.post(reverse("admin:residents_faceassessment_add"), given)
        assert answer.status_code == 302
        row = FaceAssessment.objects.get()
        taken = manager.get(reverse("admin:residents_faceassessment_file", args=[row.pk]))
        assert taken.content == PDF
        other = Client()
        other.force_login(factories.user("manager", at=factories.compound()))
        path = reverse("admin:residents_faceassessment_file", args=[row.pk])
        assert other.get(path).status_code == 404

    def test_it_is_missing_due_soon_or_in_order(self, compound):
        today = TODAY()
        assert face_office.review_state(None, today) == "missing"
        row = assess(compound)
        assert face_office.review_state(row, today) == ""
        assert face_office.review_state(row, row.review_on - timedelta(days=5)) == "soon"
        assert face_office.review_state(row, row.review_on + timedelta(days=1)) == "due"
        assert not face_office.due_assessments(compound).exists()
        day = TODAY() - timedelta(days=9)
        FaceAssessment.objects.update(made_on=day, review_on=day + timedelta(days=1))
        assert face_office.due_assessments(compound).get() == row
        assess(compound)
        assert not face_office.due_assessments(compound).exists()


def test_a_camera_without_a_sign_is_named_until_one_hangs(compound, manager):
    camera = factories.device(compound, "camera", "simulated")
    assert list(face_office.without_sign(compound)) == [camera]
    assert camera.name in manager.get(reverse("desk-faces")).text
    given = {
        "camera": camera.pk, "placed_on": TODAY().isoformat(), "note": "立柱",
        "picture": SimpleUploadedFile("a.jpg", photo((300, 200)), "image/jpeg"),
    }  # fmt: skip
    assert manager.post(reverse("admin:residents_camerasign_add"), given).status_code == 302
    first = CameraSign.objects.get()
    shown = manager.get(reverse("admin:residents_camerasign_file", args=[first.pk]))
    assert shown.content.startswith(b"\xff\xd8")
    assert not face_office.without_sign(compound).exists()
    registers.place_sign(compound, camera=camera, placed_on=TODAY())
    first.refresh_from_db()
    assert first.removed_on == TODAY()
    registers.take_sign_down(CameraSign.objects.get(removed_on=None))
    assert list(face_office.without_sign(compound)) == [camera]
    with pytest.raises(ValidationError):
        registers.place_sign(factories.compound(), camera=camera, placed_on=TODAY())


def test_the_counter_speaks_up_at_the_number_of_the_law(compound, manager, monkeypatch, who):
    enrolled(who)
    user = factories.user("manager", at=compound)
    found = face_office.overview(compound, user)
    assert (found.here, found.company, found.consents) == (1, 1, 1)
    assert not found.must_file
    monkeypatch.setattr(face_office, "stored", lambda here, all_of: (1, 100_000))
    assert face_office.overview(compound, user).must_file
    assert "100,000 张人脸" in manager.get(reverse("desk-faces")).text
    monkeypatch.setattr(face_office, "stored", lambda here, all_of: (1, 80_000))
    assert face_office.overview(compound, user).is_near


def test_a_calibration_stays_on_record_and_its_page_says_what_it_means(
    compound, who, manager, monkeypatch
):
    monkeypatch.setattr(judging, "engine_version", lambda: ENGINE)
    manager.post(reverse("desk-faces-calibrate"))
    assert not FaceCalibration.objects.exists()
    enrolled(who)
    manager.post(reverse("desk-faces-calibrate"))
    row = FaceCalibration.objects.get()
    assert (row.people, row.measured) == (1, False)
    page = manager.get(reverse("desk-faces")).text
    assert "人数太少" in page
    assert "百分之一" in page
    calibrate_faces(compound, ENGINE)
    assert FaceCalibration.objects.count() == 2


def test_texts_are_published_once_and_the_desk_may_not(compound, manager):
    manager.post(reverse("desk-faces-publish"))
    manager.post(reverse("desk-faces-publish"))
    texts = ConsentText.objects.filter(compound=compound)
    assert len(texts) == 2
    clerk = Client()
    clerk.force_login(factories.user("desk", at=compound))
    assert clerk.post(reverse("desk-faces-calibrate")).status_code == 403


def test_pictures_of_passages_by_face_go_first(compound):
    lane, now = door(compound), timezone.now()
    old, rows = now - timedelta(days=4), {}
    for way in ("face", "card"):
        shot = Picture.objects.create(
            compound=compound, lane=lane, file=f"{way}.jpg", digest="", width=1, height=1,
            taken_at=old,
        )  # fmt: skip
        Passage.objects.create(
            compound=compound, lane=lane, way=way, picture=shot, outcome="allow", code="resident",
            state="crossed", seen_at=old, decided_at=old, crossed_at=old,
        )  # fmt: skip
        rows[way] = shot
    assert days_kept(compound.pk, RetentionRule.Subject.FACE_SHOTS) == 3
    assert retire_face_shots(now) == 1
    assert retire_face_shots(now) == 0
    for shot in rows.values():
        shot.refresh_from_db()
    assert rows["face"].erased_at is not None
    assert rows["card"].erased_at is None
    assert Passage.objects.count() == 2


def test_own_data_hold_the_fact_of_a_face_and_never_its_numbers(who):
    enrolled(who)
    held = next(one for one in sections(who.user, who) if one.code == "face")
    said = json.dumps([[str(fact.value) for fact in row] for row in held.rows])
    assert ENGINE in said
    assert who.ways_in.get(kind="face").face.sealed not in said
    withdraw_consent(Consent.objects.get())
    gone = next(one for one in sections(who.user, who) if one.code == "face")
    assert len(gone.rows) == 1


class TestApi:
    def test_the_desk_enters_a_paper_and_takes_it_back(self, compound, who):
        clerk, api = Client(), "/api/v1/face-consents/"
        clerk.force_login(factories.user("desk", at=compound))
        body = {"person": who.pk, "text": text(compound).pk}
        made = clerk.post(api, body, content_type="application/json")
        assert (made.status_code, made.json()["way"]) == (201, "desk")
        ended = clerk.post(f"{api}{made.json()['id']}/withdraw/")
        assert ended.json()["withdrawn_at"]
        assert clerk.get(f"{api}?standing=true").json()["results"] == []

    def test_a_person_sees_their_own_and_who_is_waited_for(self, who):
        enrolled(who)
        confirm_gallery(who.compound_id, "gate-east", 1)
        withdraw_consent(consent(who))
        own = Client()
        own.force_login(who.user)
        (row,) = own.get("/api/v1/face-erasures/").json()["results"]
        assert row["waiting_for"] == ["gate-east"]
        assert len(own.get("/api/v1/face-consents/").json()["results"]) == 1
