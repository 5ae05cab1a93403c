"""The six digits of a pass: with the home's number they are the pass, alone they are nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.devices.operations import issue_token
from community.handling import run_due
from community.models import Command
from residents import ways
from residents.models import Visit, VisitStay
from residents.operations import revoke_visit, set_pin
from security.models import Alert
from security.operations import answer_call, call_home, complete_passage
from security.operations.watchlist import add_watch
from tests.community import factories
from tests.residents.doors import door, resident, show, visit

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


def say(lane, row: Visit, home: str = "") -> tuple[str, str]:
    passage = show(lane, "pin", row.spoken, home or row.unit.code)
    return passage.code, passage.way


def test_digits_with_the_home_are_the_pass_and_count_as_it_does(home, host, lane):
    row = visit(home, host=host)
    assert ways.is_pin(row.spoken)
    assert say(lane, row) == ("pass_valid", "pass")
    assert show(lane, "pass", row.secret).code == "pass_used_up"
    out = door(home.compound, "exit", gate="人行西门")
    assert say(out, row) == ("pass_leaving", "pass")
    assert Command.objects.filter(action="open").count() == 2


def test_only_in_the_window_of_the_pass_and_at_its_compound(home, host, lane):
    now = timezone.now()
    gone = revoke_visit(visit(home))
    early = visit(home, starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3))
    over = visit(home)
    Visit.objects.filter(pk=over.pk).update(ends_at=now - timedelta(minutes=1))
    said = [say(lane, row)[0] for row in (gone, early, over)]
    assert said == ["pass_revoked", "pass_too_early", "pass_over"]
    other = factories.unit(home.compound, "3-2-1203")
    assert say(lane, visit(home), other.code) == ("pin_wrong", "pin")
    elsewhere = factories.unit(factories.compound(), home.code)
    assert say(door(elsewhere.compound), visit(home)) == ("pin_wrong", "pin")
    assert not Command.objects.exists()


def test_guesses_lock_the_home_slow_the_lane_and_are_told(home, host, lane):
    row = visit(home)
    for _ in range(5):
        show(lane, "pin", "900001", home.code)
    assert say(lane, row)[0] == "pin_home_locked"
    assert show(lane, "pass", row.secret).code == "pass_valid"  # the code itself is not locked
    for room in range(18):
        show(lane, "pin", "900001", f"9-9-{room}")
    run_due()
    assert Alert.objects.get().kind == "pins_guessed"
    assert show(lane, "pin", row.spoken, "9-9-99").code == "pin_lane_slow"


def test_they_open_no_page_and_are_nobodys_pin(client: Client, home, host):
    row = visit(home)
    assert client.get(f"/pass/{row.spoken}/").status_code == 404
    assert ways.of_code(f"V1:{row.spoken}") is None
    with pytest.raises(ValidationError):
        set_pin(host, home, row.spoken)
    page = client.get(f"/pass/{row.secret}/").content.decode()
    assert f"{row.spoken[:3]} {row.spoken[3:]}" in page


def test_a_watched_pass_asks_the_guard_by_its_digits_too(home, host, lane):
    row, manager = visit(home), factories.user("manager", at=home.compound)
    add_watch(
        compound=home.compound,
        kind="pass",
        value=f"V1:{row.secret}",
        basis="court",
        reference="2026-7",
        reason="先核对",
        expires_at=timezone.now() + timedelta(days=3),
        actor=manager,
    )
    assert say(lane, row)[0] == "watch_listed"


def test_the_guard_finds_a_visitor_by_what_they_say(home, host):
    row, client = visit(home, name="高远"), Client()
    visit(home, name="别人的客")
    client.force_login(factories.user("guard", at=home.compound))
    spoken = f"{row.spoken[:3]} {row.spoken[3:]}"
    page = client.get(reverse("guard-visitors"), {"q": spoken}).content.decode()
    assert "高远" in page
    assert "别人的客" not in page


def test_a_walk_in_is_told_digits_at_the_tablet_and_signs_out_with_them(home, host, lane):
    tablet = factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})
    screen = Client()
    screen.post(reverse("kiosk-bind"), {"token": issue_token(tablet, None)})
    rung = screen.post(reverse("kiosk-visit"), {"home": home.code}).json()
    answer_call(call_home(lane, home), host, "let_in")
    told = screen.get(reverse("kiosk-visit-state", args=[rung["call"]])).json()
    row = Visit.objects.get()
    assert row.spoken[:3] in told["why"]
    complete_passage(told["passage"], "assumed", timezone.now())
    assert say(lane, row)[0] == "pass_used_up"
    out = door(home.compound, "exit", gate="人行西门")
    leaving = show(out, "pin", row.spoken, home.code)
    complete_passage(leaving.pk, "assumed", timezone.now())
    assert VisitStay.objects.get(visit=row).left_at
