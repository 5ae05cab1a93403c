"""Cards in the office: handed out in a row by a reader that types, found, lost, replaced."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from residents.models import Visit, WayIn
from residents.operations import give_card, replace_card
from tests.community import factories
from tests.residents.doors import door, resident, show, visit

pytestmark = pytest.mark.django_db
CARDS = ("00A1B2C301", "00A1B2C302", "00A1B2C303")


@pytest.fixture
def homes():
    compound = factories.compound()
    return [factories.unit(compound, f"1-1-{number}") for number in (101, 102, 103)]


@pytest.fixture
def clerk(homes):
    client = Client()
    client.force_login(factories.user("desk", at=homes[0].compound))
    return client


def scan(clerk: Client, number: str):
    """What the reader types into the page that is open."""
    page = clerk.get(clerk.where)
    data = {"at": page.context["row"].pk, "number": number}
    answer = clerk.post("/desk/cards/", data)
    if answer.status_code == 302:
        clerk.where = answer["Location"]
    return answer


def test_scan_next_scan(homes, clerk, django_assert_max_num_queries):
    people = [resident(home, f"周{home.code}") for home in homes]
    clerk.where = "/desk/cards/"
    for number in CARDS:
        assert scan(clerk, number).status_code == 302
    given = WayIn.objects.filter(kind="card").order_by("pk").values_list("person", flat=True)
    assert list(given) == [person.pk for person in people]
    with django_assert_max_num_queries(20):
        assert "k-form" not in clerk.get(clerk.where).content.decode()


def test_skip_jump_and_a_bad_card(homes, clerk):
    people = [resident(home, f"周{home.code}") for home in homes]
    give_card(people[2], CARDS[2])
    clerk.where = "/desk/cards/"
    assert scan(clerk, "").status_code == 302  # nobody there: the next one
    assert scan(clerk, "xyz").status_code == 422
    assert scan(clerk, CARDS[2]).status_code == 422  # somebody has it
    assert scan(clerk, "1-1-101").status_code == 302  # back to the first
    assert scan(clerk, CARDS[0]).status_code == 302
    held = WayIn.objects.filter(kind="card").order_by("pk").values_list("person", flat=True)
    assert list(held) == [people[2].pk, people[0].pk]


def test_a_lost_card_is_replaced_in_one_step_or_not_at_all(homes):
    lane = door(homes[0].compound)
    old = give_card(resident(homes[0]), CARDS[0])
    give_card(resident(homes[1], "韩梅"), CARDS[1])
    with pytest.raises(ValidationError):
        replace_card(old, number=CARDS[1])
    assert show(lane, "card", CARDS[0]).code == "resident"
    replace_card(old, number=CARDS[2])
    assert show(lane, "card", CARDS[0]).code == "card_ended"
    assert show(lane, "card", CARDS[2]).code == "resident"


def test_lists_find_a_card_a_home_and_a_visitor(homes, clerk):
    give_card(resident(homes[0], "周宁"), CARDS[0])
    give_card(resident(homes[1], "韩梅"), CARDS[1])
    guest = visit(homes[0], name="周闻达")
    for query in (CARDS[0], "1-1-101", "周宁"):
        page = clerk.get("/admin/residents/wayin/", {"q": query}).content.decode()
        assert "周宁" in page
        assert "韩梅" not in page
    assert "周闻达" in clerk.get("/admin/residents/visit/", {"q": "1-1-101"}).content.decode()
    clerk.post(reverse("admin:residents_visit_revoke", args=[guest.pk]), {"_form_submitted": "on"})
    way = WayIn.objects.get(person__name="周宁")
    assert clerk.get(f"/admin/residents/wayin/{way.pk}/change/").status_code == 200
    assert Visit.objects.get(pk=guest.pk).revoked_at
