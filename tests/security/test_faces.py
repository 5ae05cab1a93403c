"""A face at a gate: off by default, never enough alone, shut once consent goes."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from community.models import Command, Event, Notification, Role
from residents.models import Consent, FaceTemplate, WayIn
from residents.operations import give_card
from residents.operations.faces.consents import withdraw_consent
from residents.operations.faces.matching import candidates
from residents.operations.moves import move_out
from security.models import FaceRule, Passage, Picture, WatchEntry
from security.operations import let_go
from security.operations.faces import FaceSeen, handle_face, not_that_person, set_face_rule
from tests.community import factories
from tests.residents.doors import door, resident, show
from tests.residents.faces import enrolled

pytestmark = pytest.mark.django_db
CARD = "0412345678"


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def who(home):
    account = factories.user("resident", at=home.compound)
    row = resident(home, "邵晴", birth_date="1980-05-01", user=account)
    give_card(row, CARD)
    return row


@pytest.fixture
def face(who) -> WayIn:
    return enrolled(who)


@pytest.fixture
def lane(home):
    return door(home.compound)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def seen(lane, face, key="k1", **fields) -> Passage | None:
    values = {"sure": True, "hurdle": False, "picture": jpeg(), "box": (10, 10, 60, 60)}
    values |= {"likeness": "very", "others": "nobody", "received_at": timezone.now()}
    return handle_face(FaceSeen(lane.pk, key, face.pk, **(values | fields)))


def opened() -> int:
    return Command.objects.filter(action="open").count()


class TestTheRuleOfAGate:
    def test_a_gate_takes_no_faces_until_the_office_says_so(self, lane, face):
        assert seen(lane, face) is None
        assert not Passage.objects.exists()
        assert not Picture.objects.exists()

    def test_an_unattended_gate_asks_for_a_second_way_by_default(self, lane):
        rule = set_face_rule(lane.gate, is_on=True)
        assert (rule.asks_second, rule.asks_task) == (True, False)
        again = set_face_rule(lane.gate, is_on=True)
        assert (again.pk, Event.objects.filter(kind="gate.face_rule_set").count()) == (rule.pk, 1)
        attended = set_face_rule(lane.gate, is_on=True, attended=True, asks_task=True)
        assert not attended.asks_second

    def test_a_face_alone_never_opens_a_gate(self, lane):
        with pytest.raises(ValidationError):
            set_face_rule(lane.gate, is_on=True, asks_second=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            FaceRule.objects.create(
                compound=lane.compound, gate=lane.gate, is_on=True, asks_second=False
            )

    def test_no_gate_for_cars(self, home):
        gate = factories.gate(home.compound, "车行门", "vehicle")
        with pytest.raises(ValidationError):
            set_face_rule(gate, is_on=True)


class TestAtTheDoor:
    def test_a_sure_face_and_the_card_of_the_same_person_are_one_passage(self, lane, face):
        set_face_rule(lane.gate, is_on=True)
        first = seen(lane, face)
        assert first is not None
        assert (first.outcome, first.code) == ("ask", "face_second_way")
        assert (first.person, first.facts["unit"]) == (face.person, "3-2-1202")
        assert first.picture is not None
        # The same person is seen again and again while they look for the card.
        assert seen(lane, face, "k2") == first
        assert opened() == 0
        card = show(lane, "card", CARD)
        assert (card.pk, card.outcome, card.facts["beside"]) == (first.pk, "allow", "card")
        assert opened() == 1
        # Still before the camera, walking through: neither asked again nor opened twice.
        assert seen(lane, face, "k3").pk == first.pk
        assert (Passage.objects.count(), opened()) == (1, 1)

    def test_the_card_of_somebody_else_opens_for_them_alone(self, home, lane, face):
        set_face_rule(lane.gate, is_on=True)
        give_card(resident(home, "周宁"), "0498765432")
        first = seen(lane, face)
        other = show(lane, "card", "0498765432")
        assert other.pk != first.pk
        assert other.outcome == "allow"
        first.refresh_from_db()
        assert first.state == "waiting"
        assert let_go(timezone.now() + timedelta(seconds=70)) == 1

    def test_a_photograph_that_does_not_blink_opens_nothing(self, lane, face):
        set_face_rule(lane.gate, is_on=True, asks_task=True, asks_second=False)
        held_up = seen(lane, face)
        assert (held_up.outcome, opened()) == ("ask", 0)
        blinked = seen(lane, face, "k2", hurdle=True)
        assert (blinked.pk, blinked.outcome, opened()) == (held_up.pk, "allow", 1)

    def test_an_unsure_face_opens_nothing_whatever_it_does(self, lane, face):
        set_face_rule(lane.gate, is_on=True, asks_task=True, asks_second=False)
        passage = seen(lane, face, sure=False, hurdle=True)
        assert (passage.code, opened()) == ("face_unsure", 0)

    def test_consent_withdrawn_while_a_match_is_under_way(self, lane, face, who):
        set_face_rule(lane.gate, is_on=True, asks_task=True, asks_second=False)
        withdraw_consent(Consent.objects.get(person=who))
        passage = seen(lane, face, hurdle=True)
        assert (passage.outcome, passage.code, opened()) == ("deny", "face_ended", 0)
        # Nothing of somebody who does not consent is kept.
        assert (passage.person, passage.picture) == (None, None)
        assert not Picture.objects.exists()
        assert seen(lane, face, "k2", hurdle=True).pk == passage.pk

    def test_who_moved_out_or_was_seen_too_long_ago(self, lane, face, who, home):
        set_face_rule(lane.gate, is_on=True)
        assert seen(lane, face, received_at=timezone.now() - timedelta(minutes=1)) is None
        assert candidates(home.compound_id, timezone.now()) == {face.pk}
        move_out(home, [who], on=timezone.localdate(), sold=True)
        assert candidates(home.compound_id, timezone.now()) == set()
        assert seen(lane, face).outcome == "deny"


class TestTheDoorOfABuilding:
    """A gate that serves one building: whoever lives elsewhere is a stranger there by face."""

    @pytest.fixture
    def other(self, home):
        row = resident(factories.unit(home.compound, "9-1-901"), "周宁", birth_date="1980-05-01")
        give_card(row, "0498765432")
        return enrolled(row, 2)

    def test_compares_with_its_own_residents_and_who_works_here(self, home, lane, who, face, other):
        own, now = home.building, timezone.now()
        elsewhere = {other.person.residencies.get().unit.building_id}
        set_face_rule(lane.gate, is_on=True, buildings=[own])
        assert candidates(home.compound_id, now) == {face.pk, other.pk}
        assert candidates(home.compound_id, now, {own.pk}) == {face.pk}
        assert candidates(home.compound_id, now, elsewhere) == {other.pk}
        Role.objects.create(user=who.user, compound=home.compound, role="guard")
        assert candidates(home.compound_id, now, elsewhere) == {face.pk, other.pk}

    def test_the_decision_asks_anew_and_the_card_opens_as_before(self, home, lane, face, other):
        rule = set_face_rule(lane.gate, is_on=True)
        set_face_rule(lane.gate, is_on=True, buildings=[home.building])
        assert Event.objects.filter(kind="gate.face_rule_set").count() == 2
        set_face_rule(lane.gate, is_on=True)  # not said: as it stands
        assert rule.buildings.get() == home.building
        assert seen(lane, other) is None
        assert not Passage.objects.exists()
        assert seen(lane, face, "k2").person == face.person
        assert show(lane, "card", "0498765432").outcome == "allow"

    def test_no_building_of_another_compound(self, lane):
        far = factories.unit(factories.compound()).building
        with pytest.raises(ValidationError):
            set_face_rule(lane.gate, is_on=True, buildings=[far])
        assert not FaceRule.objects.exists()


class TestNotThatPerson:
    def test_takes_the_match_away_and_tells_the_resident(self, lane, face, who):
        set_face_rule(lane.gate, is_on=True)
        guard = factories.user("guard", at=lane.compound)
        passage = seen(lane, face)
        held = not_that_person(passage, guard)
        assert (held.person, held.code, held.state) == (None, "face_of_another", "waiting")
        assert FaceTemplate.objects.get().tighter > 0
        assert Notification.objects.filter(kind="residents.face_mistaken").count() == 1
        not_that_person(passage, guard)
        assert Event.objects.filter(kind="gate.face_mistaken").count() == 1
        # Whoever it is still stands there: not taken for the same person at once.
        assert seen(lane, face, "k2").pk == passage.pk
        assert show(lane, "card", CARD).pk != passage.pk

    def test_is_the_word_of_a_guard_on_a_face(self, lane, face):
        set_face_rule(lane.gate, is_on=True)
        passage = seen(lane, face)
        with pytest.raises(PermissionDenied):
            not_that_person(passage, factories.user("desk", at=lane.compound))
        card = show(lane, "card", "0400000001")
        with pytest.raises(ValidationError):
            not_that_person(card, factories.user("guard", at=lane.compound))


def test_nobodys_face_is_on_a_watch_list(lane, face, who):
    names = {field.name for field in WatchEntry._meta.get_fields()}
    related = {field.related_model for field in WatchEntry._meta.get_fields()}
    assert not {"face", "person", "way", "template", "vector"} & names
    assert not {FaceTemplate, WayIn, type(who)} & related
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchEntry.objects.create(
            compound=lane.compound, kind="face", card_index=str(face.pk), basis="owners",
            reason="x", entered_at=now, expires_at=now + timedelta(days=1),
            entered_by=factories.user("manager", at=lane.compound),
        )  # fmt: skip
