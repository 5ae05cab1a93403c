"""Cards, codes, PINs and passes at a door: who gets in, and who does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.handling import run_due
from community.models import Command, Event
from parking import operations as parking
from parking.access import may_pass
from residents import ways
from residents.models import GuessLock, Sign, Visit, VisitStay
from residents.operations import (
    end_way_in,
    find_overstays,
    give_card,
    give_personal_code,
    merge_people,
    move_out,
    revoke_visit,
    set_pin,
)
from security.models import Alert
from security.operations import complete_passage
from tests.community import factories
from tests.residents.doors import code_of, door, resident, show, visit

pytestmark = pytest.mark.django_db
CARD, PIN = "00A1B2C3D4", "407182"


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def lane(home):
    return door(home.compound)


def said(passage) -> tuple[str, str]:
    return passage.outcome, passage.code


def opened(lane) -> int:
    return Command.objects.filter(lane=lane, action="open").count()


def test_each_way_in_opens_the_door_once(home, lane):
    who = resident(home)
    give_card(who, CARD)
    code = give_personal_code(who)
    set_pin(who, home, PIN)
    assert said(show(lane, "card", "A1:B2:C3:D4")) == ("allow", "resident")
    assert said(show(lane, "qr", code_of(code))) == ("allow", "resident")
    passage = show(lane, "pin", PIN, home.code)
    assert said(passage) == ("allow", "resident")
    assert passage.person == who
    assert opened(lane) == 3


def test_a_repeated_showing_changes_nothing(home, lane):
    give_card(resident(home), CARD)
    first, again = (show(lane, "card", CARD, key="same") for _ in range(2))
    assert first == again
    assert opened(lane) == 1


def test_who_moved_out_this_morning_is_refused_by_every_way(home, lane):
    who = resident(home)
    give_card(who, CARD)
    code = give_personal_code(who)
    shown = code_of(code)
    set_pin(who, home, PIN)
    given = visit(home, host=who).secret
    move_out(home, [who], on=timezone.localdate(), sold=True)
    shown_now = (("card", CARD), ("qr", shown), ("pin", PIN), ("pass", given))
    codes = [show(lane, kind, value, home.code).code for kind, value in shown_now]
    assert codes == ["card_ended", "code_ended", "pin_wrong", "pass_revoked"]
    assert opened(lane) == 0


def test_the_car_of_who_moved_out_this_morning_is_asked_about(home):
    who, gate = resident(home), factories.lane(home.compound)
    for plate, owner in (("豫A12345", who), ("豫A54321", None)):
        parking.register_vehicle(compound=home.compound, plate=plate, unit=home, owner=owner)
    move_out(home, [who], on=timezone.localdate(), sold=True)
    run_due()
    for plate in ("豫A12345", "豫A54321"):
        verdict, _car = may_pass(
            compound=home.compound,
            lane=gate,
            direction="entry",
            plate=plate,
            kind="unknown",
            at=timezone.now(),
        )
        assert (verdict.outcome, verdict.code) == ("ask", "vehicle_not_registered")


def test_a_way_in_without_a_residency_opens_nothing(home, lane):
    who = resident(home)
    give_card(who, CARD)
    who.residencies.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert said(show(lane, "card", CARD)) == ("deny", "lives_here_no_more")


def test_a_guard_on_duty_has_a_card(home, lane):
    user = factories.user("guard", at=home.compound)
    who = resident(home, user=user)
    give_card(who, CARD)
    who.residencies.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert said(show(lane, "card", CARD)) == ("allow", "on_duty")
    user.held_roles.update(ended_at=timezone.now())
    assert said(show(lane, "card", CARD)) == ("deny", "lives_here_no_more")


class TestPersonalCode:
    def test_is_taken_once(self, home, lane):
        shown = code_of(give_personal_code(resident(home)))
        assert show(lane, "qr", shown).code == "resident"
        assert said(show(lane, "qr", shown)) == ("deny", "code_used")

    def test_a_screenshot_is_too_old(self, home, lane):
        shown = code_of(give_personal_code(resident(home)), steps=-20)
        assert said(show(lane, "qr", shown)) == ("deny", "code_too_old")

    def test_a_phone_five_minutes_ahead_is_told_so(self, home, lane):
        passage = show(lane, "qr", code_of(give_personal_code(resident(home)), steps=20))
        assert said(passage) == ("deny", "code_clock_ahead")
        assert passage.facts == {"minutes": 5}

    def test_cannot_be_made_without_the_key(self, home, lane):
        way = give_personal_code(resident(home))
        forged = ways.personal_code(way.pk, ways.new_key(), ways.step_at(timezone.now()))
        assert said(show(lane, "qr", forged)) == ("deny", "code_unknown")

    def test_a_new_phone_ends_the_old_one(self, home, lane):
        who = resident(home)
        old = code_of(give_personal_code(who))
        give_personal_code(who)
        assert said(show(lane, "qr", old)) == ("deny", "code_ended")


class TestCard:
    def test_lost_opens_nothing(self, home, lane):
        end_way_in(give_card(resident(home), CARD), "lost")
        assert said(show(lane, "card", CARD)) == ("deny", "card_ended")

    def test_somebody_elses_is_not_handed_out(self, home):
        give_card(resident(home), CARD)
        with pytest.raises(ValidationError):
            give_card(resident(home, "韩梅"), CARD)

    def test_the_same_person_again_is_the_same_card(self, home):
        who = resident(home)
        assert give_card(who, CARD) == give_card(who, CARD.lower())

    def test_at_two_gates_within_a_walk_asks_the_guard(self, home, lane):
        give_card(resident(home), CARD)
        far = door(home.compound, gate="人行西门")
        assert show(lane, "card", CARD).code == "resident"
        assert said(show(far, "card", CARD)) == ("ask", "card_two_gates")
        later = timezone.now() + timedelta(seconds=1)
        assert show(far, "card", CARD, at=later).code == "resident"

    @pytest.mark.parametrize("number", ["", "xyz", "12", "0" * 200, "<b>", "A1B2' OR 1=1"])
    def test_what_is_none_is_refused(self, home, lane, number):
        assert said(show(lane, "card", number)) == ("deny", "card_unknown")


class TestPin:
    def test_is_locked_for_one_home_while_others_still_pass(self, home, lane):
        other = factories.unit(home.compound, "3-2-1203")
        set_pin(resident(home), home, PIN)
        set_pin(resident(other), other, PIN)
        for _ in range(5):
            last = show(lane, "pin", "999999", home.code)
        assert last.code == "pin_home_locked"
        assert show(lane, "pin", PIN, home.code).code == "pin_home_locked"
        assert show(lane, "pin", PIN, other.code).code == "resident"

    def test_guesses_over_many_homes_slow_the_lane_and_are_told_once(self, home, lane):
        for room in range(18):
            show(lane, "pin", "999999", f"9-9-{room}")
        assert show(lane, "pin", "999999", "9-9-77").code == "pin_lane_slow"
        told = Event.objects.filter(kind="residents.pins_tried_at_many_homes")
        assert told.count() == 1
        run_due()
        assert [alert.kind for alert in Alert.objects.all()] == ["pins_guessed"]

    def test_of_no_home_and_wrong_for_a_home_are_answered_alike(self, home, lane):
        set_pin(resident(home), home, PIN)
        answers = {said(show(lane, "pin", "999999", code)) for code in (home.code, "8-8-8888")}
        assert answers == {("deny", "pin_wrong")}

    def test_a_right_one_clears_the_count(self, home, lane):
        set_pin(resident(home), home, PIN)
        show(lane, "pin", "999999", home.code)
        show(lane, "pin", PIN, home.code)
        assert GuessLock.objects.get(unit=home).wrong == 0

    @pytest.mark.parametrize("pin", ["111111", "123456", "654321", "123123", "12345", "abcdef"])
    def test_that_is_guessed_first_is_not_taken(self, home, pin):
        with pytest.raises(ValidationError):
            set_pin(resident(home), home, pin)

    def test_is_used_by_one_person_of_the_home(self, home):
        set_pin(resident(home), home, PIN)
        with pytest.raises(ValidationError):
            set_pin(resident(home, "韩梅"), home, PIN)


class TestPass:
    def test_is_used_as_often_as_it_may_be(self, home, lane):
        resident(home)
        expected = visit(home, most_entries=2)
        codes = [show(lane, "pass", expected.secret).code for _ in range(3)]
        assert codes == ["pass_valid", "pass_valid", "pass_used_up"]
        assert Visit.objects.get(pk=expected.pk).entries == 2

    def test_of_another_compound_is_unknown(self, home, lane):
        elsewhere = factories.unit(factories.compound())
        resident(elsewhere)
        assert said(show(lane, "pass", visit(elsewhere).secret)) == ("deny", "pass_unknown")

    def test_revoked_and_out_of_time(self, home, lane):
        resident(home)
        now = timezone.now()
        gone = revoke_visit(visit(home))
        early = visit(home, starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3))
        over = visit(home)
        Visit.objects.filter(pk=over.pk).update(ends_at=now - timedelta(minutes=1))
        codes = [show(lane, "pass", one.secret).code for one in (gone, early, over)]
        assert codes == ["pass_revoked", "pass_too_early", "pass_over"]
        assert opened(lane) == 0

    def test_who_is_inside_may_leave_even_when_revoked(self, home, lane):
        resident(home)
        out = door(home.compound, "exit")
        expected = visit(home)
        passage = show(lane, "pass", expected.secret)
        complete_passage(passage.pk, "assumed", timezone.now())
        revoke_visit(expected)
        assert said(show(out, "pass", expected.secret)) == ("allow", "pass_leaving")

    def test_coming_and_going_is_kept(self, home, lane):
        resident(home)
        out = door(home.compound, "exit")
        expected = visit(home)
        for one in (lane, out):
            passage = show(one, "pass", expected.secret)
            complete_passage(passage.pk, "assumed", timezone.now())
        stay = VisitStay.objects.get(visit=expected)
        assert stay.left_at

    def test_overstay_is_told_once(self, home, lane):
        resident(home)
        expected = visit(home)
        passage = show(lane, "pass", expected.secret)
        complete_passage(passage.pk, "assumed", timezone.now())
        later = expected.ends_at + timedelta(hours=2)
        assert (find_overstays(later), find_overstays(later)) == (1, 0)

    def test_has_more_than_128_bits_and_is_read_from_code_and_link(self, home):
        resident(home)
        secret = visit(home).secret
        assert len(secret) == 27
        for text in (f"V1:{secret}", f"https://linli.example/pass/{secret}"):
            assert ways.of_code(text) == ways.Presented("pass", secret)
        assert ways.of_code("https://elsewhere.example/abc") is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"people": 0},
            {"most_entries": 0},
            {"name": "<script>"},
            {"plates": ["no plate"]},
            {"kind": "thief"},
            {"ends_at": timezone.now() - timedelta(days=1)},
        ],
    )
    def test_that_makes_no_sense_is_not_given(self, home, wrong):
        resident(home)
        with pytest.raises(ValidationError):
            visit(home, **wrong)
        assert not Visit.objects.exists()


def test_a_gate_for_cars_opens_for_nobody_on_foot(home):
    give_card(resident(home), CARD)
    assert said(show(factories.lane(home.compound), "card", CARD)) == ("ask", "lane_not_for_people")


def test_what_was_shown_a_while_ago_opens_nothing(home, lane):
    give_card(resident(home), CARD)
    passage = show(lane, "card", CARD, at=timezone.now() - timedelta(minutes=1))
    assert said(passage) == ("ask", "shown_too_late")


def test_an_unknown_kind_is_refused(home, lane):
    assert said(show(lane, "face", "anything")) == ("deny", "way_unknown")


def test_a_merged_persons_card_opens_for_the_one_file_that_is_kept(home, lane):
    keep, gone = resident(home), resident(home, "周 宁")
    give_card(gone, CARD)
    code = give_personal_code(gone)
    shown = code_of(code)
    merge_people(keep, gone)
    assert show(lane, "card", CARD).person == keep
    assert said(show(lane, "qr", shown)) == ("deny", "code_ended")


def test_who_comes_in_leaves_one_sign_a_day_and_who_leaves_none(home, lane):
    who = resident(home)
    give_card(who, CARD)
    set_pin(who, home, PIN)
    for passage in (show(lane, "card", CARD), show(lane, "pin", PIN, home.code)):
        for _ in range(2):
            complete_passage(passage.pk, "assumed", timezone.now())
    cross = door(home.compound, "exit")
    complete_passage(show(cross, "pin", PIN, home.code).pk, "assumed", timezone.now())
    found = Sign.objects.filter(person=who, unit=home, kind="entry")
    assert sorted(found.values_list("source", flat=True)) == ["card", "pin"]
