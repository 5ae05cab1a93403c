"""The code on a phone: enrolled once, ended at once, its key told to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from residents import ways
from residents.models import Residency, WayIn
from tests.community import factories
from tests.residents.doors import door, resident, show

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def host(home):
    return resident(home, user=factories.user("resident", at=home.compound))


@pytest.fixture
def phone(client: Client, host) -> Client:
    client.force_login(host.user)
    return client


def enrol(phone: Client) -> dict:
    return phone.post(reverse("home-pass-enrol")).json()


def test_a_phone_makes_codes_that_open(phone, home, host):
    told = enrol(phone)
    step = ways.step_at(timezone.now())
    code = ways.personal_code(told["way"], told["key"], step)
    assert show(door(home.compound), "qr", code).person == host
    state = phone.get(reverse("home-pass-state")).json()
    assert state["way"] == told["way"]
    assert "key" not in state
    assert abs(state["now"] / 1000 - timezone.now().timestamp()) < 30


def test_a_second_phone_ends_the_first(phone, home):
    first, second = enrol(phone), enrol(phone)
    assert first["key"] != second["key"]
    assert WayIn.objects.active().get().pk == second["way"]


def test_ended_it_opens_nothing(phone, home):
    told = enrol(phone)
    phone.post(reverse("home-pass-end"))
    code = ways.personal_code(told["way"], told["key"], ways.step_at(timezone.now()))
    assert show(door(home.compound), "qr", code).code == "code_ended"
    assert phone.get(reverse("home-pass-state")).json()["way"] is None


def test_who_lives_nowhere_gets_no_key(phone, home):
    Residency.objects.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert phone.post(reverse("home-pass-enrol")).status_code == 422
    assert phone.get(reverse("home-pass-state")).json()["lives"] is False
    assert not WayIn.objects.exists()


def own(page: str) -> str:
    """The part about the code, without what surrounds every page."""
    return page.partition('id="pass"')[2].partition("</section>")[0]


def test_the_page_is_the_same_for_everybody(phone, host):
    mine = phone.get(reverse("home-pass")).content.decode()
    theirs = Client().get(reverse("home-pass"))
    assert theirs.status_code == 200
    assert host.name not in mine
    assert own(mine) == own(theirs.content.decode())


def test_signed_out_there_is_no_state(client, host):
    assert client.get(reverse("home-pass-state")).status_code == 302
    assert client.post(reverse("home-pass-enrol")).status_code == 302
    assert not WayIn.objects.exists()
