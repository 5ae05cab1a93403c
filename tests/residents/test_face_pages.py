"""A face on the phone and at the desk: agreed to, taken, judged at once, withdrawn with proof."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Event
from residents import face_state
from residents.models import Consent, FaceErasure, FacePicture, FaceTemplate, Person, WayIn
from residents.operations import form_household, give_card
from residents.operations.faces import judging
from residents.operations.faces.consents import publish_consent_text, withdraw_consent
from residents.operations.faces.proof import confirm_gallery, retire_holder
from tests.community import factories
from tests.residents.doors import resident
from tests.residents.faces import ENGINE, consent, enrolled, pictures, text
from tests.residents.test_requests import photo

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 1)


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def who(home) -> Person:
    user = factories.user("resident", at=home.compound)
    return resident(home, "邵晴", birth_date=BORN, user=user)


@pytest.fixture
def card(who):
    return give_card(who, "0412345678")


@pytest.fixture
def phone(client: Client, who: Person) -> Client:
    client.force_login(who.user)
    return client


@pytest.fixture
def clerk(home) -> Client:
    found = Client()
    found.force_login(factories.user("desk", at=home.compound))
    return found


@pytest.fixture
def seen(monkeypatch) -> list[bytes]:
    """The engine sees person 1 on every picture; what it was shown."""
    shown: list[bytes] = []

    def judge(data: bytes):
        shown.append(data)
        return pictures(1, 6)[len(shown) % 6]

    monkeypatch.setattr(judging, "judge_picture", judge)
    monkeypatch.setattr(judging, "engine_version", lambda: ENGINE)
    return shown


def shots(count: int = 3) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{k}.jpg", photo((64, 48)), "image/jpeg") for k in range(count)]


def at(name: str, who: Person, *more: int) -> str:
    return reverse(f"home-face-{name}", args=[who.pk, *more])


def sealed_files() -> set[Path]:
    return set((Path(settings.MEDIA_ROOT) / "faces").rglob("*.sealed"))


class TestOnThePhone:
    def test_agrees_enrols_and_keeps_no_picture(self, phone, who, card, seen):
        before = sealed_files()
        phone.post(at("give", who), {"text": text(who.compound).pk})
        assert Consent.objects.get().way == "phone"
        told = phone.post(at("judge", who), {"picture": shots(1)[0]}).json()
        assert told == {"good": True, "codes": [], "said": []}
        assert not FaceTemplate.objects.exists()
        answer = phone.post(at("enrol", who), {"pictures": shots()})
        assert answer.status_code == 302
        assert FaceTemplate.objects.get().pictures == 3
        assert not FacePicture.objects.exists()
        assert sealed_files() == before
        assert "可以刷脸开门" in phone.get(at("of", who)).text

    def test_looks_at_no_picture_before_consent_and_another_way(self, phone, who, seen):
        told = phone.post(at("judge", who), {"picture": shots(1)[0]}).json()
        assert told["codes"] == ["consent_missing"]
        consent(who)
        told = phone.post(at("judge", who), {"picture": shots(1)[0]}).json()
        assert told["codes"] == ["no_other_way"]
        refused = phone.post(at("enrol", who), {"pictures": shots()})
        assert refused.status_code == 422
        assert "home/pass" in refused.text
        assert seen == []
        assert not WayIn.objects.filter(kind="face").exists()

    def test_pictures_are_kept_only_with_the_tick_and_only_for_their_owner(
        self, phone, who, card, seen, clerk
    ):
        before = sealed_files()
        consent(who)
        keep = text(who.compound, "face_pictures")
        phone.post(at("enrol", who), {"pictures": shots(), "keep": keep.pk})
        assert FacePicture.objects.count() == 3
        assert len(sealed_files() - before) == 3
        one = FacePicture.objects.first()
        assert one is not None
        shown = phone.get(at("picture", who, one.pk))
        assert shown.content.startswith(b"\xff\xd8")
        assert b"\xff\xd8\xff" not in (Path(settings.MEDIA_ROOT) / one.file).read_bytes()[:64]
        assert clerk.get(at("picture", who, one.pk)).status_code == 404

    def test_withdrawing_the_pictures_erases_them_and_leaves_the_face(
        self, phone, who, card, seen, django_capture_on_commit_callbacks
    ):
        before = sealed_files()
        consent(who)
        keep = text(who.compound, "face_pictures")
        phone.post(at("enrol", who), {"pictures": shots(), "keep": keep.pk})
        with django_capture_on_commit_callbacks(execute=True):
            phone.post(at("withdraw", who), {"purpose": "face_pictures"})
        assert sealed_files() == before
        assert FaceTemplate.objects.exists()
        assert not Consent.objects.standing().filter(purpose="face_pictures").exists()

    def test_pictures_go_with_the_face_and_so_does_the_consent_to_them(
        self, phone, who, card, seen
    ):
        consent(who)
        keep = text(who.compound, "face_pictures")
        phone.post(at("enrol", who), {"pictures": shots(), "keep": keep.pk})
        # Enrolled anew without the tick: nothing is kept, and no consent says otherwise.
        phone.post(at("enrol", who), {"pictures": shots()})
        assert FaceTemplate.objects.count() == 1
        assert not FacePicture.objects.exists()
        assert [one.purpose for one in Consent.objects.standing()] == ["face_entry"]
        phone.post(at("enrol", who), {"pictures": shots(), "keep": keep.pk})
        phone.post(at("withdraw", who), {"purpose": "face_entry"})
        assert not FacePicture.objects.exists()
        assert not Consent.objects.standing().exists()
        assert Event.objects.filter(kind="residents.consent_lapsed").count() == 2

    def test_the_proof_names_who_has_not_confirmed(self, phone, who, card):
        enrolled(who)
        confirm_gallery(who.compound_id, "gate-east", 1)
        answer = phone.post(at("withdraw", who), {"purpose": "face_entry"})
        erasure = FaceErasure.objects.get()
        assert answer["Location"] == at("proof", who, erasure.pk)
        waiting = phone.get(answer["Location"]).text
        assert "gate-east" in waiting
        assert "人脸已删除，设备正在确认" in waiting
        confirm_gallery(who.compound_id, "gate-east", erasure.version)
        assert "人脸已在各处删除" in phone.get(answer["Location"]).text
        assert WayIn.objects.active().get() == card

    def test_a_text_that_has_changed_is_read_again(self, phone, who):
        old = text(who.compound)
        publish_consent_text(who.compound, "face_entry", chinese="新的说明。")
        answer = phone.post(at("give", who), {"text": old.pk})
        assert answer.status_code == 422
        assert "新的说明。" in answer.text
        assert not Consent.objects.exists()
        for odd in ("", "x", "-1", "9" * 30):
            assert phone.post(at("give", who), {"text": odd}).status_code == 404


class Blind:
    """An engine that finds no face, as in a drawing or a picture of a dog."""

    version, name, size = ENGINE, "blind", 128

    def find(self, frame, *, scale=1.0):
        return []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_a_picture"),
        (b"%PDF-1.4 no picture", "not_a_picture"),
        (photo((300, 200))[:400], "truncated"),
        (photo((1, 1)), "too_small"),
        (photo((300, 200)), "no_face"),
        (b"\xff\xd8\xff" + b"0" * (12 * 1024 * 1024), "too_large"),
    ],
)
@pytest.mark.usefixtures("card")
def test_what_is_no_picture_of_a_face_is_said_and_changes_nothing(
    phone, who, monkeypatch, body, code
):
    monkeypatch.setattr(judging, "_loaded", Blind)
    consent(who)
    before = Event.objects.count()
    sent = [SimpleUploadedFile("a.jpg", body, "image/jpeg") for _ in range(3)]
    told = phone.post(at("judge", who), {"picture": sent[0]}).json()
    if body:  # Django takes an empty file for none at all
        assert (told["good"], told["codes"]) == (False, [code])
        assert told["said"][0].endswith("。")
    refused = phone.post(
        at("enrol", who), {"pictures": sent}, headers={"Accept": "application/json"}
    )
    assert refused.status_code == 422
    assert Event.objects.count() == before
    assert not FaceTemplate.objects.exists()


class TestChildren:
    @pytest.fixture
    def child(self, home, who) -> Person:
        born = timezone.localdate() - timedelta(days=365 * 9)
        other = resident(home, "邵小雨", birth_date=born)
        mine, theirs = (one.residencies.get() for one in (who, other))
        form_household(mine, [(theirs, "20")])
        return other

    def test_a_parent_agrees_for_them_from_their_own_phone(self, phone, who, child):
        assert child.name in phone.get(reverse("home-face")).text
        phone.post(at("give", child), {"text": text(who.compound).pk})
        row = Consent.objects.get()
        assert (row.person, row.guardian, row.child) == (child, who, True)
        phone.post(at("withdraw", child), {"purpose": "face_entry"})
        assert not Consent.objects.standing().exists()

    def test_nobody_elses_child_is_there(self, phone, home):
        born = timezone.localdate() - timedelta(days=365 * 9)
        other = resident(factories.unit(home.compound, "9-1-901"), "沈小", birth_date=born)
        assert phone.get(at("of", other)).status_code == 404
        sent = {"text": text(home.compound).pk}
        assert phone.post(at("give", other), sent).status_code == 404

    def test_the_childs_own_page_sends_them_to_a_parent(self, child):
        child.user = factories.user("resident", at=child.compound)
        child.save(update_fields=["user"])
        own, shown = Client(), text(child.compound)
        own.force_login(child.user)
        page = own.get(reverse("home-face")).text
        assert "父母或监护人" in page
        assert f'value="{shown.pk}"' not in page
        assert own.post(at("give", child), {"text": shown.pk}).status_code == 422


class TestAtTheDesk:
    def test_consent_and_enrolment_are_marked_as_the_desks(self, clerk, who, card, seen):
        page = reverse("desk-face", args=[who.pk])
        clerk.post(page, {"deed": "give", "text": text(who.compound).pk})
        assert Consent.objects.get().way == "desk"
        clerk.post(reverse("desk-face-enrol", args=[who.pk]), {"pictures": shots()})
        assert FaceTemplate.objects.exists()
        clerk.post(page, {"deed": "withdraw", "purpose": "face_entry"})
        assert not FaceTemplate.objects.exists()
        said = Event.objects.filter(kind="desk.done").order_by("pk")
        deeds = [row.payload["deed"] for row in said]
        assert deeds == ["face-consent", "face-enrol", "face-withdraw"]

    def test_a_possible_duplicate_is_shown_without_a_name(self, clerk, home, who, card, seen):
        enrolled(who, 1)
        twin = resident(home, "邵朗", birth_date=BORN)
        give_card(twin, "0498765432")
        consent(twin)
        send = reverse("desk-face-enrol", args=[twin.pk])
        refused = clerk.post(send, {"pictures": shots()})
        assert refused.status_code == 422
        assert who.name not in refused.text
        assert FaceTemplate.objects.count() == 1
        clerk.post(send, {"pictures": shots(), "twin_known": "yes"})
        assert FaceTemplate.objects.count() == 2

    def test_another_compounds_person_is_not_there(self, who):
        stranger = Client()
        stranger.force_login(factories.user("desk", at=factories.compound()))
        assert stranger.get(reverse("desk-face", args=[who.pk])).status_code == 404


def test_pages_take_few_questions(phone, who, card, clerk, django_assert_max_num_queries):
    enrolled(who)
    with django_assert_max_num_queries(16):
        assert phone.get(reverse("home-face")).status_code == 200
    for name in ("desk-face", "desk-faces"):
        args = [who.pk] if name == "desk-face" else []
        with django_assert_max_num_queries(15):
            assert clerk.get(reverse(name, args=args)).status_code == 200


def test_only_who_held_something_when_it_was_erased_is_asked(who, card):
    enrolled(who)
    gone, left, slow = (confirm_gallery(who.compound_id, name, 1) for name in ("a", "b", "c"))
    retire_holder(gone)
    withdraw_consent(Consent.objects.get())
    retire_holder(left)
    said = face_state.copies(FaceErasure.objects.get())
    assert [(one.holder.name, one.confirmed) for one in said] == [("c", False), ("b", True)]
    assert slow.retired_at is None
