"""A walk-in: the home is called, one answer counts, silence goes back to the guard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.devices.operations import issue_token
from community.models import Command, Event, Notification
from residents.models import Letting, Residency, Visit, VisitStay
from residents.operations import find_overstays, visitor_left
from security import handlers
from security.models import Alert, HomeCall
from security.operations import (
    AlreadyAnswered,
    admit,
    answer_call,
    call_home,
    complete_passage,
    end_unanswered,
    hang_up,
)
from tests.community import factories
from tests.residents.doors import door, resident, visit
from tests.security.gates import drive_up, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def host(home):
    return resident(home, user=factories.user("resident", at=home.compound))


@pytest.fixture
def lane(home):
    return door(home.compound)


@pytest.fixture
def guard(home):
    return factories.user("guard", at=home.compound)


@pytest.fixture
def screen(lane):
    tablet = factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})
    client = Client()
    client.post(reverse("kiosk-bind"), {"token": issue_token(tablet, None)})
    return client


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late(call: HomeCall, by: timedelta = timedelta(minutes=2)) -> None:
    HomeCall.objects.filter(pk=call.pk).update(
        asked_at=call.asked_at - by, expires_at=call.expires_at - by
    )


def test_a_call_rings_on_every_phone_of_the_home_once(home, host, lane):
    spouse = resident(home, "许安宁", user=factories.user("resident", at=home.compound))
    landlord = resident(home, "房东", user=factories.user("landlord", at=home.compound))
    Letting.objects.create(
        compound=home.compound, unit=home, landlord=landlord, started_on=date(2024, 1, 1)
    )
    calls = {call_home(lane, home, name="高远").pk for _ in range(2)}
    assert len(calls) == 1
    rung = Notification.objects.filter(kind="security.home_call")
    assert set(rung.values_list("user", flat=True)) == {host.user_id, spouse.user_id}
    page = signed_in(host.user).get(reverse("home-card-calls")).content.decode()
    assert "高远" in page
    assert "高远" not in signed_in(landlord.user).get(reverse("home-calls")).content.decode()


def test_let_in_is_a_visit_and_opens_once(home, host, lane):
    call = call_home(lane, home, name="高远", people=2)
    answered = answer_call(call, host, "let_in", actor=host.user)
    assert answered.answered_by == host
    row = Visit.objects.get()
    assert (row.is_walk_in, row.host, row.people, row.unit) == (True, host, 2, home)
    passages = {admit(call).pk for _ in range(2)}
    assert len(passages) == 1
    assert Command.objects.filter(lane=lane, action="open").count() == 1
    complete_passage(passages.pop(), "assumed", timezone.now())
    assert VisitStay.objects.inside().get(visit=row)
    assert told(home.compound, "gate.home") == ["gate.home_called", "gate.home_answered"]


def test_two_answer_at_once_and_one_wins(home, host, lane):
    spouse = resident(home, "许安宁", user=factories.user("resident", at=home.compound))
    call = call_home(lane, home)
    answer_call(call, host, "refused")
    with pytest.raises(AlreadyAnswered) as lost:
        answer_call(call, spouse, "let_in")
    assert lost.value.call.answered_by == host
    assert not Visit.objects.exists()
    path = reverse("home-call-answer", args=[call.pk])
    answer = signed_in(spouse.user).post(path, {"answer": "let_in"})
    assert answer.status_code == 409
    assert host.name in answer.content.decode()


@pytest.mark.parametrize("said", ["refused", "not_at_home"])
def test_a_no_opens_nothing(home, host, lane, said):
    call = call_home(lane, home)
    answer_call(call, host, said)
    with pytest.raises(ValidationError):
        admit(call)
    assert not Command.objects.exists()


def test_silence_goes_back_to_the_guard(home, host, lane, screen):
    screen.post(reverse("kiosk-visit"), {"home": home.code})
    call = HomeCall.objects.get()
    assert end_unanswered() == 0
    late(call)
    assert (end_unanswered(), end_unanswered()) == (1, 0)
    assert Alert.objects.get(kind="kiosk_call").lane == lane
    with pytest.raises(AlreadyAnswered):
        answer_call(call, host, "let_in")


def test_who_does_not_live_there_does_not_answer(home, host, lane):
    call = call_home(lane, home)
    other = factories.unit(home.compound, "3-2-1203")
    neighbour = resident(other, "邻居", user=factories.user("resident", at=home.compound))
    with pytest.raises(ValidationError):
        answer_call(call, neighbour, "let_in")
    path = reverse("home-call-answer", args=[call.pk])
    assert signed_in(neighbour.user).post(path, {"answer": "let_in"}).status_code == 404
    Residency.objects.filter(person=host).update(ended_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError):
        answer_call(call, host, "let_in")


def test_a_yes_of_a_while_ago_opens_nothing(home, host, lane):
    call = call_home(lane, home)
    answer_call(call, host, "let_in")
    HomeCall.objects.update(answered_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(ValidationError):
        admit(call)


class TestTablet:
    def ring(self, screen, home):
        return screen.post(reverse("kiosk-visit"), {"home": home.code}).json()

    def test_calls_and_opens_when_the_home_says_so(self, screen, home, host, lane):
        rung = self.ring(screen, home)
        path = reverse("kiosk-visit-state", args=[rung["call"]])
        assert screen.get(path).json()["state"] == "ringing"
        answer_call(HomeCall.objects.get(), host, "let_in")
        answers = [screen.get(path).json() for _ in range(2)]
        assert [answer["outcome"] for answer in answers] == ["allow", "allow"]
        assert Command.objects.filter(lane=lane, action="open").count() == 1

    def test_says_the_same_of_no_and_nobody(self, screen, home, host):
        said = []
        for answer in ("refused", "not_at_home", None):
            rung = self.ring(screen, home)
            call = HomeCall.objects.get(pk=rung["call"])
            if answer:
                answer_call(call, host, answer)
            else:
                hang_up(call)
            said.append(screen.get(reverse("kiosk-visit-state", args=[call.pk])).json())
        assert said[0] == said[1] == said[2]

    def test_rings_at_many_homes_only_for_a_while(self, screen, home, lane):
        for number in range(7):
            unit = factories.unit(home.compound, f"3-2-13{number:02d}")
            resident(unit, user=factories.user("resident", at=home.compound))
            last = self.ring(screen, unit)
        assert last["state"] == "over"
        assert HomeCall.objects.count() == 6

    @pytest.mark.parametrize("code", ["", "9-9-9999", "x" * 400, "3-2-1202"])
    def test_a_home_that_cannot_be_called_is_said(self, screen, home, code):
        answer = screen.post(reverse("kiosk-visit"), {"home": code}).json()
        assert answer["outcome"] == "deny"
        assert not HomeCall.objects.exists()

    def test_anothers_call_is_not_there(self, screen, home, host, lane):
        call = call_home(lane, home)
        assert screen.get(reverse("kiosk-visit-state", args=[call.pk])).status_code == 404


class TestGuard:
    def test_sees_whom_to_expect_and_finds_them(self, guard, home, host):
        visit(home, host=host, plates=["皖A52M78"])
        elsewhere = factories.unit(factories.compound())
        resident(elsewhere)
        visit(elsewhere, name="别处的人")
        client, path = signed_in(guard), reverse("guard-visitors")
        page = client.get(path).content.decode()
        assert "许安" in page
        assert home.code in page
        assert "别处的人" not in page
        assert "许安" in client.get(path, {"q": "皖a·52"}).content.decode()
        assert "许安" not in client.get(path, {"q": "无此人"}).content.decode()

    def test_calls_a_home_for_a_waiting_car_and_opens(self, guard, home, host):
        road = factories.lane(home.compound)
        waiting = drive_up(road, "皖A90C31")
        call = call_home(road, home, plate="皖A90C31", passage=waiting, actor=guard)
        answer_call(call, host, "let_in")
        client = signed_in(guard)
        client.post(reverse("guard-call-admit", args=[call.pk]))
        waiting.refresh_from_db()
        assert (waiting.outcome, waiting.visit) == ("allow", Visit.objects.get())
        assert waiting.reason == "home_agreed"
        assert Visit.objects.get().entries == 1

    def test_rings_by_the_form_and_is_told_what_is_wrong(self, guard, home, host, lane):
        client, path = signed_in(guard), reverse("guard-call-home")
        good = {"home": home.code, "lane": lane.pk, "kind": "guest", "name": "高远", "people": "1"}
        for wrong in ({"home": "9-9"}, {"lane": "0"}, {"people": "99"}, {"plate": "x"}):
            assert client.post(path, good | wrong).status_code == 422, wrong
        assert not HomeCall.objects.exists()
        assert client.post(path, good).status_code == 302
        assert HomeCall.objects.get().asked_by == guard

    def test_signs_a_visitor_out_and_the_overstay_ends(self, guard, home, host):
        row = visit(home, host=host)
        came = timezone.now()
        VisitStay.objects.create(compound=home.compound, visit=row, entered_at=came)
        assert find_overstays(row.ends_at + timedelta(hours=2)) == 1
        handlers.alert_overstay(Event.objects.get(kind="residents.visit_overstayed"))
        alert = Alert.objects.get(kind="visit_overstayed")
        assert alert.facts["home"] == home.code
        path = reverse("guard-visitor-left", args=[row.pk])
        assert signed_in(guard).post(path).status_code == 200
        assert VisitStay.objects.get().left_by == "guard"
        handlers.close_overstay(Event.objects.get(kind="residents.visitor_left"))
        alert.refresh_from_db()
        assert alert.state == Alert.State.CLOSED
        assert visitor_left(row, at=came) == 0

    def test_the_list_takes_few_questions(self, guard, home, host, django_assert_max_num_queries):
        road = factories.lane(home.compound)
        call_home(road, home)
        for number in range(20):
            visit(home, host=host, name=f"访客{number}", plates=["皖A52M78"])
        client = signed_in(guard)
        with django_assert_max_num_queries(20):
            assert client.get(reverse("guard-visitors")).status_code == 200
