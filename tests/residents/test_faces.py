"""A face: never the only way in, only with consent, gone for good when the consent goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from community import events
from community.models import Event, Notification
from community.vision.faces.quality import Judgement
from residents.models import (
    Consent,
    FaceErasure,
    FaceGallery,
    FaceTemplate,
    GalleryHolder,
    Residency,
    WayIn,
)
from residents.my_data import sections
from residents.operations import end_way_in, give_card, give_personal_code, replace_card
from residents.operations.faces.consents import publish_consent_text, withdraw_consent
from residents.operations.faces.enrolment import enrol_face
from residents.operations.faces.matching import (
    STRICTER,
    calibrate_faces,
    load_gallery,
    not_that_person,
    opened,
)
from residents.operations.faces.proof import (
    PATIENCE,
    behind,
    confirm_gallery,
    prove_erasures,
    retire_holder,
)
from residents.operations.presenting import present_face
from residents.operations.ways_in import end_ways_of
from tests.community import factories
from tests.residents.doors import door, person, resident
from tests.residents.faces import ENGINE, consent, enrolled, pictures, text

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 1)


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def who(home):
    return resident(
        home, "邵晴", birth_date=BORN, user=factories.user("resident", at=home.compound)
    )


@pytest.fixture
def card(who):
    return give_card(who, "0412345678")


def refused(code: str, call, *arguments, **fields) -> None:
    before = Event.objects.count(), WayIn.objects.count(), Consent.objects.count()
    with pytest.raises(ValidationError) as caught:
        call(*arguments, **fields)
    codes = {one.code for errors in caught.value.error_dict.values() for one in errors}
    assert codes == {code}
    assert before == (Event.objects.count(), WayIn.objects.count(), Consent.objects.count())


def kinds(prefix: str = "residents.") -> list[str]:
    rows = Event.objects.filter(kind__startswith=prefix).order_by("pk")
    return [kind.removeprefix("residents.") for kind in rows.values_list("kind", flat=True)]


def faces(compound) -> list[int]:
    return load_gallery(compound.pk, ENGINE).gallery.keys.tolist()


class TestConsent:
    def test_is_given_to_the_text_that_was_shown_and_counts_once(self, who):
        first = consent(who)
        assert consent(who).pk == first.pk
        old = text(who.compound)
        new = publish_consent_text(who.compound, "face_entry", chinese="新的说明。")
        assert new.version == 2
        from residents.operations.faces.consents import give_consent

        refused("text_changed", give_consent, who, old, way="phone")
        again = give_consent(who, new, way="phone")
        first.refresh_from_db()
        assert first.withdrawn_at is not None
        assert again.text.version == 2

    def test_a_child_needs_an_adult_guardian(self, home, who):
        born = timezone.localdate() - timedelta(days=365 * 10)
        child = resident(home, "邵小雨", birth_date=born)
        refused_text = text(home.compound)
        from residents.operations.faces.consents import give_consent

        refused("guardian_missing", give_consent, child, refused_text, way="desk")
        refused("guardian_invalid", give_consent, child, refused_text, way="desk", guardian=child)
        teen = person(home.compound, "邵大雨", birth_date=born - timedelta(days=365 * 5))
        refused("guardian_invalid", give_consent, child, refused_text, way="desk", guardian=teen)
        given = give_consent(child, refused_text, way="desk", guardian=who)
        assert (given.child, given.guardian) == (True, who)

    def test_an_unknown_age_or_somebody_from_elsewhere_is_refused(self, home, who):
        from residents.operations.faces.consents import give_consent

        nobody = resident(home, "沈一")
        refused("birth_date_missing", give_consent, nobody, text(home.compound), way="desk")
        guest = person(home.compound, "沈二", birth_date=BORN)
        refused("lives_elsewhere", give_consent, guest, text(home.compound), way="desk")

    def test_the_database_keeps_children_from_standing_alone(self, who):
        row = consent(who)
        row.pk, row.child, row.withdrawn_at = None, True, timezone.now()
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


class TestEnrolment:
    def test_needs_consent_another_way_and_good_pictures(self, who):
        refused("consent_missing", enrol_face, who, ENGINE, pictures(1))
        consent(who)
        refused("no_other_way", enrol_face, who, ENGINE, pictures(1))
        give_card(who, "0412345678")
        refused("pictures_count", enrol_face, who, ENGINE, pictures(1, 2))
        bad = [*pictures(1, 2), Judgement(("too_dark",))]
        refused("picture_unusable", enrol_face, who, ENGINE, bad)
        refused("pictures_differ", enrol_face, who, ENGINE, [*pictures(1), *pictures(2, 1)])
        way = enrol_face(who, ENGINE, pictures(1))
        assert faces(who.compound) == [way.pk]

    def test_the_numbers_are_sealed_and_no_event_names_them(self, who, card):
        way = enrolled(who)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM residents_facetemplate")
            (kept,) = cursor.fetchone()
        assert "linli-face" not in kept
        assert opened(way.face).pictures.shape == (3, 128)
        said = Event.objects.get(kind="residents.face_enrolled").payload
        assert set(said) == {"way_in", "person", "pictures", "twin_known", "version"}

    def test_a_new_enrolment_replaces_the_old_one(self, who, card):
        old = enrolled(who)
        new = enrol_face(who, ENGINE, pictures(1, 4))
        assert faces(who.compound) == [new.pk]
        assert not FaceTemplate.objects.filter(way=old).exists()
        assert FaceErasure.objects.get().way == old

    def test_somebody_elses_face_is_a_possible_duplicate(self, home, who, card):
        enrolled(who, 1)
        twin = resident(home, "邵朗", birth_date=BORN)
        give_card(twin, "0498765432")
        consent(twin)
        refused("possible_duplicate", enrol_face, twin, ENGINE, pictures(1))
        assert enrol_face(twin, ENGINE, pictures(1), twin_known=True)
        assert enrol_face(who, ENGINE, pictures(1), twin_known=True)

    def test_a_template_of_another_engine_is_not_in_the_gallery(self, who, card):
        enrolled(who)
        assert len(load_gallery(who.compound_id, "onnx-other").gallery) == 0


class TestBeside:
    def test_it_sleeps_without_another_way_and_wakes_with_one(self, who, card):
        way = enrolled(who)
        end_way_in(card, "lost")
        assert faces(who.compound) == []
        give_personal_code(who)
        assert faces(who.compound) == [way.pk]
        assert kinds("residents.face_") == ["face_enrolled", "face_paused", "face_resumed"]

    def test_a_card_replaced_leaves_it_awake(self, who, card):
        way = enrolled(who)
        replace_card(card, number="0498765432")
        assert faces(who.compound) == [way.pk]

    def test_the_database_refuses_a_face_alone(self, who, card):
        way = enrolled(who)
        ended = {"ended_at": timezone.now(), "end_reason": "lost"}
        with pytest.raises(DatabaseError, match="never the only way in"), transaction.atomic():
            WayIn.objects.filter(pk=card.pk).update(**ended)
        other = resident(factories.unit(who.compound, "9-1-901"), "邵岚")
        with pytest.raises(DatabaseError, match="never the only way in"), transaction.atomic():
            WayIn.objects.create(
                compound=who.compound, person=other, kind="face", issued_at=timezone.now()
            )
        with pytest.raises(DatabaseError, match="never the only way in"), transaction.atomic():
            WayIn.objects.filter(pk=card.pk).update(person=other)
        WayIn.objects.filter(pk=card.pk).delete()
        way.refresh_from_db()
        assert way.paused_at is not None
        with pytest.raises(DatabaseError, match="never the only way in"), transaction.atomic():
            WayIn.objects.filter(pk=way.pk).update(paused_at=None)

    def test_moving_out_ends_face_and_consent(self, who, card):
        enrolled(who)
        end_ways_of(who)
        assert not FaceTemplate.objects.exists()
        assert not Consent.objects.standing().exists()
        assert "face_paused" not in kinds()


class TestWithdrawal:
    def test_erases_at_once_and_is_proven_when_everybody_has_confirmed(self, who, card):
        enrolled(who)
        at = who.compound_id
        confirm_gallery(at, "worker-1", 1)
        confirm_gallery(at, "terminal-2", 1, kind="device")
        withdraw_consent(Consent.objects.get())
        erasure = FaceErasure.objects.get()
        assert not FaceTemplate.objects.exists()
        assert {one.name for one in behind(erasure)} == {"worker-1", "terminal-2"}
        confirm_gallery(at, "worker-1", erasure.version)
        assert FaceErasure.objects.get().proven_at is None
        confirm_gallery(at, "terminal-2", erasure.version, kind="device")
        assert FaceErasure.objects.get().proven_at is not None
        steps = ["consent_withdrawn", "way_in_ended", "face_erased", "face_erasure_proven"]
        assert kinds()[-4:] == steps

    def test_withdrawn_twice_counts_once_and_the_card_goes_on(self, who, card):
        enrolled(who)
        row = Consent.objects.get()
        withdraw_consent(row)
        before = Event.objects.count()
        withdraw_consent(row)
        assert Event.objects.count() == before
        assert WayIn.objects.active().get() == card

    def test_who_does_not_confirm_is_a_fault_until_somebody_sees_to_it(self, who, card):
        enrolled(who)
        holder = confirm_gallery(who.compound_id, "worker-1", 1)
        withdraw_consent(Consent.objects.get())
        assert prove_erasures() == 0
        late = timezone.now() + PATIENCE + timedelta(seconds=1)
        assert prove_erasures(late) == 1
        assert prove_erasures(late) == 0
        said = Event.objects.get(kind="residents.face_erasure_overdue").payload
        assert said["holders"] == [holder.pk]
        retire_holder(holder)
        assert FaceErasure.objects.get().proven_at is not None

    def test_a_version_that_was_never_there_is_not_confirmed(self, who, card):
        enrolled(who)
        refused("version_unknown", confirm_gallery, who.compound_id, "worker-1", 9)
        assert not GalleryHolder.objects.exists()

    def test_the_proof_outlives_the_persons_ways_in(self, who, card):
        enrolled(who)
        confirm_gallery(who.compound_id, "worker-1", 1)
        end_ways_of(who)
        WayIn.objects.filter(person=who).delete()
        confirm_gallery(who.compound_id, "worker-1", FaceErasure.objects.get().version)
        assert FaceErasure.objects.get().proven_at is not None

    def test_other_purposes_leave_the_template(self, who, card):
        way = enrolled(who)
        withdraw_consent(consent(who, "face_signs"))
        assert faces(who.compound) == [way.pk]


class TestAtTheDoor:
    @pytest.fixture
    def lane(self, home):
        return door(home.compound)

    def shown(self, lane, way, **fields) -> tuple[str, str]:
        with events.writing():
            values = {"sure": True, "beside": True} | fields
            verdict = present_face(lane, way.pk, timezone.now(), **values).verdict
        return verdict.outcome.value, verdict.code

    def test_opens_when_sure_and_with_something_beside_it(self, lane, who, card):
        way = enrolled(who)
        assert self.shown(lane, way) == ("allow", "resident")
        assert self.shown(lane, way, beside=False) == ("ask", "face_second_way")
        assert self.shown(lane, way, sure=False) == ("ask", "face_unsure")

    def test_consent_withdrawn_while_a_match_is_under_way(self, lane, who, card):
        way = enrolled(who)
        withdraw_consent(Consent.objects.get())
        assert self.shown(lane, way) == ("deny", "face_ended")

    def test_a_face_asleep_moved_out_or_not_a_face(self, lane, who, card):
        way = enrolled(who)
        assert self.shown(lane, card) == ("deny", "face_unknown")
        end_way_in(card, "lost")
        assert self.shown(lane, way) == ("deny", "face_asleep")
        give_personal_code(who)
        Residency.objects.update(ended_on=timezone.localdate() - timedelta(days=1))
        assert self.shown(lane, way) == ("deny", "lives_here_no_more")

    def test_another_compounds_door_does_not_know_it(self, who, card):
        way = enrolled(who)
        elsewhere = door(factories.compound())
        assert self.shown(elsewhere, way) == ("deny", "face_unknown")


def test_not_that_person_makes_stricter_once_for_a_passage_and_tells(who, card):
    way = enrolled(who)
    version = load_gallery(who.compound_id, ENGINE).version
    not_that_person(way, key="p1")
    row = not_that_person(way, key="p1")
    assert row is not None
    assert row.tighter == STRICTER
    assert load_gallery(who.compound_id, ENGINE).version == version + 1
    assert Notification.objects.get().kind == "residents.face_mistaken"
    for number in range(20):
        row = not_that_person(way, key=f"q{number}")
    assert row is not None
    assert row.tighter <= 0.2


def test_the_persons_own_data_say_what_they_consented_to(who, card):
    enrolled(who)
    withdraw_consent(Consent.objects.get())
    (section,) = [one for one in sections(who.user, who) if one.code == "consents"]
    said = [fact.value for fact in section.rows[0]]
    assert "face_entry" in said
    assert len(said) == 4


def test_calibration_over_the_compounds_own_people(home):
    for number in range(24):
        who = resident(home, f"住户{number}", birth_date=BORN)
        give_card(who, f"04{number:08d}")
        consent(who)
        enrol_face(who, ENGINE, pictures(number))
    found = calibrate_faces(home.compound, ENGINE)
    row = FaceGallery.objects.get()
    assert found.measured
    assert (row.calibrated_on, row.engine) == (24, ENGINE)
    assert load_gallery(home.compound.pk, ENGINE).thresholds == found.thresholds
    with pytest.raises(ValueError, match="templates"):
        calibrate_faces(home.compound, "onnx-other")


def test_the_command_says_what_came_of_it(home, who, card, capsys):
    call_command("calibrate_faces", compound=home.compound.code)
    enrolled(who)
    call_command("calibrate_faces", compound=home.compound.code)
    none, few = capsys.readouterr().out.splitlines()
    assert home.compound.code in none
    assert few != none
    assert FaceGallery.objects.get().open_below is None
    with pytest.raises(CommandError):
        call_command("calibrate_faces", compound="nowhere")
