"""The roll: who is inside, and of whom nothing is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from community.models import Event
from parking import operations as parking
from residents.operations import give_card
from security.inside import roll
from security.models import Passage
from security.operations import complete_passage
from tests.community import factories
from tests.residents.doors import door, resident, show, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def lane(home):
    return door(home.compound)


@pytest.fixture
def guard(home):
    return factories.user("guard", at=home.compound)


def cross(lane, number: str) -> Passage:
    passage = show(lane, "card", number)
    return complete_passage(passage.pk, "assumed", timezone.now())


def taken(guard, home) -> roll.Roll:
    return roll.take(guard, home.compound)


def names(found: roll.Roll, kind: str) -> list[str]:
    return [row.name for row in found.rows() if row.kind == kind]


def test_who_came_in_is_inside_until_they_go_out(home, lane, guard):
    give_card(resident(home, "周宁"), "00A1B2C3D4")
    resident(home, "许安")
    cross(lane, "00A1B2C3D4")
    found = taken(guard, home)
    assert names(found, "resident") == ["周宁"]
    assert found.unknown() == 1
    assert found.assumed() == 1
    out = door(home.compound, "exit", gate="人行西门")
    card_later(home, out)
    after = taken(guard, home)
    assert names(after, "resident") == []
    assert (after.left, after.unknown()) == (1, 1)


def card_later(home, out) -> None:
    """The same card at another gate at once would be asked about: here a minute has passed."""
    from residents.models import WayIn

    WayIn.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    cross(out, "00A1B2C3D4")


def test_visitors_cars_and_old_crossings(home, lane, guard):
    give_card(resident(home, "周宁"), "00A1B2C3D4")
    cross(lane, "00A1B2C3D4")
    long_ago = timezone.now() - roll.LOOK_BACK - timedelta(days=1)
    Passage.objects.update(crossed_at=long_ago)
    guest = visit(home, name="周闻达", people=3)
    passage = show(lane, "pass", guest.secret)
    complete_passage(passage.pk, "assumed", timezone.now())
    car = parking.register_vehicle(compound=home.compound, plate="豫A12345", unit=home)
    now = timezone.now()
    parking.vehicle_entered(
        compound=home.compound, plate=car.plate, vehicle=car, at=now, passage_id=9
    )
    found = taken(guard, home)
    assert found.unknown() == 1  # seen too long ago to say anything
    assert found.count("visitor") == 3
    assert names(found, "car") == ["豫A12345"]


def test_page_paper_and_file_ask_little_and_are_noted(
    home, lane, guard, django_assert_max_num_queries
):
    for number in range(12):
        other = factories.unit(home.compound, code=f"1-1-{number + 300}")
        give_card(resident(other, f"周{number}"), f"00A1B2C3{number:02d}")
        cross(lane, f"00A1B2C3{number:02d}")
    client = Client()
    client.force_login(guard)
    with django_assert_max_num_queries(15):
        answer = client.get("/guard/inside/")
    assert "周11" in answer.content.decode()
    found = client.get("/guard/inside/", {"q": "1-1-303"}).content.decode()
    assert "周3" in found
    assert "周11" not in found
    with django_assert_max_num_queries(18):
        assert "☐ 周11" in client.get("/guard/inside/paper/").content.decode()
    lines = client.get("/guard/inside/", {"format": "csv"}).content.decode("utf-8-sig")
    assert len(lines.splitlines()) >= 13
    told = Event.objects.filter(kind="security.roll_taken", actor=guard)
    assert [event.payload["how"] for event in told.order_by("sequence")] == ["paper", "file"]


def test_another_compounds_people_are_not_on_it(home, lane):
    give_card(resident(home, "周宁"), "00A1B2C3D4")
    cross(lane, "00A1B2C3D4")
    elsewhere = factories.compound("elsewhere")
    stranger = factories.user("guard", at=elsewhere)
    assert list(roll.take(stranger, home.compound).rows()) == []
