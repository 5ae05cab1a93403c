"""What is kept of visitors: the host reads it, it goes with its time, and on request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from community.handling import run_due
from community.models import RetentionRule
from residents.models import Visit, VisitStay
from residents.operations import erase_person, give_card, retire_visits, visitor_arrived
from security.models import HomeCall
from security.operations import answer_call, call_home, complete_passage, retire_calls
from tests.community import factories
from tests.residents.doors import door, resident, show, visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def host(home):
    return resident(home, user=factories.user("resident", at=home.compound))


def test_my_data_shows_and_downloads_visitors_calls_and_ways(client: Client, home, host):
    lane = door(home.compound)
    give_card(host, "00A1B2C3D4")
    complete_passage(show(lane, "card", "00A1B2C3D4").pk, "assumed", timezone.now())
    visit(home, host=host, name="许安", phone="13800006120", plates=["皖A52M78"])
    visit(home, host=resident(home, "合租人"), name="别人的客")
    answer_call(call_home(lane, home, name="高远"), host, "refused")
    client.force_login(host.user)
    assert "/home/my-data/held/residents/" in client.get("/home/my-data/").content.decode()
    page = client.get("/home/my-data/held/residents/").content.decode()
    assert "许安" in page
    assert "13800006120" not in page  # masked until it is downloaded
    told = {part["code"]: part for part in client.get("/home/my-data/download/").json()["parts"]}
    rows = {code: [list(row.values()) for row in part["rows"]] for code, part in told.items()}
    assert {"许安", "13800006120", "皖A52M78"} <= set(rows["visits"][0])
    assert len(rows["visits"]) == 1
    assert "高远" in rows["calls"][0]
    assert "C3D4" in rows["ways_in"][0]
    assert len(rows["passages"]) == 1
    assert "30" in told["visits"]["kept"]


def test_names_go_after_their_days_and_nobody_inside_is_forgotten(home, host):
    over, inside = (visit(home, host=host, plates=["皖A52M78"], phone="13800006120") for _ in "ab")
    visitor_arrived(over, passage_id=1, at=timezone.now(), plate="皖A52M78")
    VisitStay.objects.update(left_at=timezone.now())
    visitor_arrived(inside, passage_id=2, at=timezone.now())
    call_home(door(home.compound), home, name="高远")
    assert (retire_visits(timezone.now() + 29 * DAY), retire_calls()) == (0, 0)
    later = timezone.now() + 31 * DAY
    assert (retire_visits(later), retire_visits(later), retire_calls(later)) == (1, 0, 1)
    over.refresh_from_db()
    inside.refresh_from_db()
    assert (over.name, over.phone, over.secret, over.plates) == ("—", "", "", [])
    assert over.stays.get().plate == ""
    assert (inside.name, inside.plates) == ("许安", ["皖A52M78"])
    assert not HomeCall.objects.exists()


def test_the_compounds_own_rule_counts(home, host):
    row = visit(home, host=host)
    RetentionRule.objects.create(
        compound=home.compound, subject="visits", days=90, source="业主大会决议"
    )
    assert retire_visits(timezone.now() + 80 * DAY) == 0
    assert retire_visits(timezone.now() + 92 * DAY) == 1
    assert Visit.objects.get(pk=row.pk).name == "—"


def test_erasure_takes_the_names_out_of_calls_too(home, host):
    call = answer_call(call_home(door(home.compound), home, name="高远"), host, "refused")
    erase_person(host)
    run_due()
    call.refresh_from_db()
    assert (call.name, call.answered_by) == ("", host)  # who lives here keeps a file
    host.residencies.update(ended_on=timezone.localdate() - DAY)
    assert erase_person(host).whole
    run_due()
    call.refresh_from_db()
    assert call.answered_by is None
