"""A face on the guard's card and in the feed, in words; the page of the office."""

from __future__ import annotations

import pytest
from django.test import Client

from community.feed import rows as feed_rows
from community.models import Building, Event
from security.models import FaceRule, Passage
from security.operations.faces import set_face_rule
from tests.community import factories
from tests.community.test_admin import office, url
from tests.residents.doors import door, resident, show
from tests.residents.faces import enrolled
from tests.security.test_faces import CARD, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> Passage:
    home = factories.unit(factories.compound())
    account = factories.user("resident", at=home.compound)
    who = resident(home, "邵晴", birth_date="1980-05-01", user=account)
    from residents.operations import give_card

    give_card(who, CARD)
    lane = door(home.compound)
    set_face_rule(lane.gate, is_on=True)
    found = seen(lane, enrolled(who), likeness="enough", others="close")
    assert found is not None
    return found


@pytest.fixture
def guard(waiting: Passage) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.cookies["django_language"] = "en"
    client.force_login(factories.user("guard", at=waiting.compound, language="en"))
    return client


def test_the_card_says_it_in_words_and_takes_the_match_away(waiting: Passage, guard: Client):
    card = guard.get("/guard/decision/").content.decode()
    assert "Looks like the enrolled pictures." in card
    assert "Somebody else looks almost as much alike." in card
    assert "邵晴" in card
    assert "0." not in card.split("g-face")[1].split("</div>")[0]
    answer = guard.post(f"/guard/passages/{waiting.pk}/not-that-person/")
    assert answer.status_code == 200
    assert "邵晴" not in answer.content.decode()
    again = guard.get(f"/guard/passages/{waiting.pk}/face/").content.decode()
    assert "Nobody is named here any more." in again


def test_a_face_that_was_let_in_can_be_put_right_from_the_feed(waiting: Passage, guard: Client):
    assert show(waiting.lane, "card", CARD).pk == waiting.pk
    row = feed_rows([Event.objects.filter(kind="gate.passage_decided").latest("pk")], "en")
    assert f'data-face="{waiting.pk}"' in next(iter(row.values()))["html"]
    assert "邵晴" in guard.get(f"/guard/passages/{waiting.pk}/face/").content.decode()
    guard.post(f"/guard/passages/{waiting.pk}/not-that-person/")
    waiting.refresh_from_db()
    assert (waiting.person, waiting.outcome) == (None, "allow")


def test_the_office_cannot_leave_a_face_alone(waiting: Passage):
    rule = FaceRule.objects.get()
    client = office(factories.user("manager", at=waiting.compound))
    page = url("security.facerule", "change", rule.pk)
    bare = client.post(page, {"is_on": "on", "attended": "on"})
    assert bare.status_code == 200
    rule.refresh_from_db()
    assert rule.asks_second
    own = Building.objects.get(compound=waiting.compound)
    factories.unit(factories.compound())
    assert set(Building.objects.values_list("pk", flat=True)) > {own.pk}
    assert client.get(page).content.decode().count('name="buildings"') == 1
    good = {"is_on": "on", "attended": "on", "asks_task": "on", "buildings": [own.pk]}
    assert client.post(page, good).status_code == 302
    rule.refresh_from_db()
    assert (rule.asks_task, rule.asks_second) == (True, False)
    assert rule.buildings.get() == own
