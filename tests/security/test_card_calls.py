"""The bell on a card: one guard rings, each reads the answer, and one road opens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Command, Event
from residents.models import Visit, VisitStay
from residents.operations import give_card
from security.models import HomeCall
from security.operations import answer_call, complete_passage
from security.operations.watchlist import add_watch
from tests.community import factories
from tests.residents.doors import door, resident, show, visit
from tests.security.gates import drive_up, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def host(home):
    return resident(home, user=factories.user("resident", at=home.compound))


@pytest.fixture
def guards(home):
    clients = []
    for name in ("陈国栋", "马"):
        client = Client()
        client.force_login(factories.user("guard", at=home.compound, name=name))
        clients.append(client)
    return clients


def press(client: Client, name: str, passage: Any, **given: str) -> Any:
    where = reverse(name, args=[passage.pk])
    return client.post(where, given, headers={"HX-Request": "true"})


def card(client: Client) -> str:
    page = client.get(reverse("guard-decision")).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def feed(client: Client) -> str:
    return client.get(reverse("guard-feed")).content.decode()


def test_one_guard_rings_the_other_reads_the_answer_and_opens(home, host, guards):
    road = factories.lane(home.compound)
    waiting = drive_up(road, "皖A90C31", picture=jpeg())
    first, second = guards
    assert press(first, "guard-card-call", waiting, home=home.code).status_code == 200
    call = HomeCall.objects.get()
    assert (call.passage, call.lane, call.plate) == (waiting, road, "皖A90C31")
    assert "呼叫中" in card(second)
    answer_call(call, host, "let_in", actor=host.user)
    for guard in guards:
        assert "住户同意" in card(guard)
        assert host.name in card(guard)
    assert home.code in feed(second)
    opened = press(second, "guard-card-admit", waiting)
    assert opened.status_code == 200
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.reason, str(waiting.decided_by)) == (
        "allow", "home_agreed", "马",
    )  # fmt: skip
    assert "没有车在等" in card(first)
    assert press(first, "guard-card-admit", waiting).status_code == 200
    assert Command.objects.filter(action="open").count() == 1
    complete_passage(waiting.pk, "assumed", timezone.now())
    assert VisitStay.objects.get().visit == Visit.objects.get()


def test_who_waits_on_foot_is_let_in_by_the_same_passage(home, host, guards):
    lane = door(home.compound)
    card_number = "00A1B2C3D4"
    give_card(resident(home, "许安宁"), card_number)
    show(door(home.compound, gate="人行西门"), "card", card_number)
    waiting = show(lane, "card", card_number)
    assert waiting.code == "card_two_gates"
    press(guards[0], "guard-card-call", waiting, home=home.code)
    answer_call(HomeCall.objects.get(), host, "let_in")
    press(guards[1], "guard-card-admit", waiting)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("opened", "allow")
    assert Command.objects.filter(lane=lane, action="open").count() == 1


def test_a_no_is_read_and_another_home_can_be_called(home, host, guards):
    waiting = drive_up(factories.lane(home.compound), "皖A90C31")
    press(guards[0], "guard-card-call", waiting, home=home.code)
    answer_call(HomeCall.objects.get(), host, "refused")
    assert "住户拒绝" in card(guards[1])
    assert press(guards[1], "guard-card-admit", waiting).status_code == 409
    other = factories.unit(home.compound, "3-2-1203")
    resident(other, user=factories.user("resident", at=home.compound))
    press(guards[1], "guard-card-call", waiting, home=other.code)
    assert press(guards[0], "guard-card-hang-up", waiting).status_code == 200
    assert list(HomeCall.objects.values_list("state", flat=True)) == ["withdrawn", "refused"]
    assert not Command.objects.exists()


@pytest.mark.parametrize("code", ["", "9-9-9999", "x" * 400])
def test_a_home_that_cannot_be_called_is_said_on_the_card(home, guards, code):
    waiting = drive_up(factories.lane(home.compound), "皖A90C31")
    answer = press(guards[0], "guard-card-call", waiting, home=code)
    assert answer.status_code == 422
    assert "call-fault" in answer.content.decode()
    assert not HomeCall.objects.exists()


def test_the_home_of_an_invitation_stands_in_the_field(home, host, guards):
    visit(home, host=host, plates=["皖A52M78"])
    add_watch(
        compound=home.compound,
        kind="plate",
        value="皖A52M78",
        basis="police",
        reference="2026-9",
        reason="先核对",
        expires_at=timezone.now() + timedelta(days=3),
        actor=factories.user("manager", at=home.compound),
    )
    drive_up(factories.lane(home.compound), "皖A52M78")
    page = guards[0].get(reverse("guard-decision")).content.decode()
    assert f'value="{home.code}"' in page


def test_who_leaves_has_no_bell(home, guards):
    drive_up(factories.lane(home.compound, "exit"), "皖A90C31")
    page = guards[0].get(reverse("guard-decision")).content.decode()
    assert "decision-card" in page
    assert "call-home" not in page


def test_the_list_of_visitors_is_taken_along_within_the_guards_rights(home, host, guards):
    visit(home, host=host, name="高远", plates=["皖A52M78"], phone="13800006120")
    late = timezone.now() + timedelta(days=3)
    visit(home, name="下周的客", starts_at=late, ends_at=late + timedelta(hours=1))
    elsewhere = factories.unit(factories.compound())
    visit(elsewhere, name="别处的人")
    path = reverse("guard-visitors")
    lines = guards[0].get(path, {"format": "csv"}).content.decode("utf-8-sig")
    assert "高远" in lines
    assert "皖A52M78" in lines
    for absent in ("13800006120", "别处的人", "下周的客", Visit.objects.first().spoken):
        assert absent not in lines
    assert len(guards[0].get(path, {"format": "csv", "q": "无此人"}).content.splitlines()) == 1
    assert guards[0].get(path, {"format": "xlsx"}).content.startswith(b"PK")
    assert Event.objects.filter(kind="security.visitors_taken").count() == 3
