"""The watch list: a hit waits for a guard, opens and refuses nothing, and is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from community.models import Command, Event
from parking import operations as parking
from residents.operations import give_card
from security.models import Alert, Passage, WatchEntry, WatchHit
from security.operations import open_by_hand, refuse
from security.operations.watchlist import add_watch, answer_hits, end_watch, retire_watch
from tests.community import factories
from tests.residents.doors import door, resident, show, visit
from tests.security.gates import drive_up

pytestmark = pytest.mark.django_db
CARD, PLATE = "00A1B2C3D4", "豫A12345"


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def manager(home):
    return factories.user("manager", at=home.compound)


@pytest.fixture
def guard(home):
    return factories.user("guard", at=home.compound)


def entry(home, manager, kind: str = "card", value: str = CARD, **fields) -> WatchEntry:
    values = {
        "basis": "police",
        "reference": "公治字 12 号",
        "reason": "请先联系民警再放行",
        "expires_at": timezone.now() + timedelta(days=10),
    }
    return add_watch(
        compound=home.compound, kind=kind, value=value, actor=manager, **(values | fields)
    )


def orders() -> int:
    return Command.objects.filter(action="open").count()


def test_a_watched_card_waits_and_opens_only_after_the_guard_compared(home, manager, guard):
    lane = door(home.compound)
    give_card(resident(home), CARD)
    entry(home, manager)
    passage = show(lane, "card", CARD)
    assert (passage.outcome, passage.code, passage.state) == ("ask", "watch_listed", "waiting")
    assert orders() == 0
    assert Alert.objects.get().kind == "watch_hit"
    for deed in (
        lambda: open_by_hand(lane=lane, passage=passage, user=guard, reason="home_agreed"),
        lambda: refuse(passage, guard),
    ):
        with pytest.raises(ValidationError):
            deed()
    assert orders() == 0
    assert answer_hits(passage, guard, is_it=False) == 1
    assert answer_hits(passage, guard, is_it=True) == 0  # who said it first stays
    assert orders() == 0
    open_by_hand(lane=lane, passage=passage, user=guard, reason="home_agreed")
    assert orders() == 1
    assert WatchHit.objects.get().answer == "no"
    assert Alert.objects.get().state == "closed"


def test_an_emergency_does_not_wait_for_an_answer(home, manager, guard):
    lane = door(home.compound)
    give_card(resident(home), CARD)
    entry(home, manager)
    open_by_hand(lane=lane, passage=show(lane, "card", CARD), user=guard, reason="emergency")
    assert orders() == 1


def test_a_watched_pass_and_what_is_not_on_the_list(home, manager):
    lane = door(home.compound)
    give_card(resident(home), CARD)
    guest, other = visit(home), visit(home)
    entry(home, manager, "pass", f"V1:{guest.secret}", basis="owners", reference="")
    assert show(lane, "pass", guest.secret).code == "watch_listed"
    assert show(lane, "pass", other.secret).code == "pass_valid"
    assert show(lane, "card", CARD).code == "resident"


def test_a_watched_plate_waits_once(home, manager):
    lane = factories.lane(home.compound)
    parking.register_vehicle(compound=home.compound, plate=PLATE, unit=home)
    entry(home, manager, "plate", PLATE)
    first, again = drive_up(lane, PLATE), drive_up(lane, PLATE)
    assert first == again
    assert (first.code, first.facts["decided"]) == ("watch_listed", "vehicle_registered")
    assert orders() == 0
    assert WatchHit.objects.count() == 1


def test_over_or_ended_it_does_nothing_and_is_erased(home, manager):
    lane = door(home.compound)
    give_card(resident(home), CARD)
    row = entry(home, manager)
    end_watch(row, actor=manager)
    assert show(lane, "card", CARD).code == "resident"
    late = entry(home, manager)
    later = timezone.now() - timedelta(days=1)
    WatchEntry.objects.filter(pk=late.pk).update(
        entered_at=later - timedelta(days=2), expires_at=later
    )
    assert show(lane, "card", CARD).code == "resident"
    assert retire_watch() == 0
    assert retire_watch(timezone.now() + timedelta(days=31)) == 2
    assert Passage.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "no plate", "kind": "plate"},
        {"value": "xyz"},
        {"value": "V1:" + "a" * 27, "kind": "pass"},
        {"value": "周宁", "kind": "face"},
        {"basis": "because"},
        {"reference": ""},
        {"reason": " "},
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"expires_at": timezone.now() + timedelta(days=400)},
    ],
)
def test_without_ground_reason_or_end_nothing_is_entered(home, manager, wrong):
    with pytest.raises(ValidationError):
        entry(home, manager, **wrong)
    assert not WatchEntry.objects.exists()


def test_twice_is_refused_and_only_managers_enter(home, manager, guard):
    entry(home, manager)
    with pytest.raises(ValidationError):
        entry(home, manager)
    with pytest.raises(PermissionDenied):
        entry(home, guard)
    stranger = factories.user("manager", at=factories.compound())
    assert not WatchEntry.objects.visible_to(guard).exists()
    assert not WatchEntry.objects.visible_to(stranger).exists()


def test_the_card_says_it_to_the_guard_and_the_tablet_to_nobody(home, manager, guard):
    from security.kiosk import told

    lane = door(home.compound)
    give_card(resident(home), CARD)
    entry(home, manager)
    passage = show(lane, "card", CARD)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(guard)
    page = client.get("/guard/decision/").content.decode()
    assert "请先联系民警再放行" in page
    said = str(told(passage))
    assert "民警" not in said
    answer = client.post(f"/guard/passages/{passage.pk}/compare/", {"answer": "yes"})
    assert answer.status_code == 200
    hit = WatchHit.objects.get()
    assert (hit.answer, hit.answered_by) == ("yes", guard)
    assert Event.objects.filter(kind="security.watch_answered", actor=guard).count() == 1


def test_a_manager_enters_and_ends_one_in_the_office(home, manager):
    client = Client()
    client.force_login(manager)
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    form = {
        "kind": "plate",
        "value": PLATE,
        "basis": "police",
        "reference": "公治字 12 号",
        "reason": "请先联系民警",
        "expires_at": day,
    }
    bad = client.post("/admin/security/watchentry/add/", form | {"value": "??"})
    assert bad.status_code == 200
    assert not WatchEntry.objects.exists()
    assert client.post("/admin/security/watchentry/add/", form).status_code == 302
    row = WatchEntry.objects.get()
    assert (row.plate, row.entered_by) == (PLATE, manager)
    assert PLATE in client.get("/admin/security/watchentry/").content.decode()
    client.get(f"/admin/security/watchentry/{row.pk}/change/")
