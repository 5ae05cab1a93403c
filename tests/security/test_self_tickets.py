"""A car without a plate takes its own ticket at the entry; what it owes is found again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Lane
from parking import occupancy
from parking import operations as parking
from parking.models import Area, Debt, Hold, Payment, Stay, Ticket
from parking.pay.phones import COOKIE
from security import operations
from security.models import Passage
from security.self_ticket_pages import entry_path
from tests.community import factories
from tests.parking import money
from tests.security.gates import drive_up, gate, told
from tests.security.test_races import together

pytestmark = pytest.mark.django_db


def rule(lane: Lane, **values: Any) -> Area:
    values = {"name": "全小区", "capacity": 50, "whole": True, "self_tickets": True} | values
    return parking.save_area(Area(compound=lane.compound), **values)


@pytest.fixture
def lane() -> Lane:
    caches["shared"].clear()
    lane = gate(direction="entry", crossing="loop")
    money.tariff(lane.compound)
    money.account(lane.compound)
    rule(lane)
    return lane


@pytest.fixture
def out(lane: Lane) -> Lane:
    return factories.lane(lane.compound, "exit", crossing="loop")


def takes(lane: Lane, phone: Client) -> Ticket:
    """A car without a plate stands there; its driver scans, presses, and drives in."""
    stands = drive_up(lane, None)
    path = entry_path(lane)
    phone.get(path)
    answer = phone.post(path)
    assert answer.status_code == 302, answer.content.decode()
    stands.refresh_from_db()
    ticket = Ticket.objects.get(pk=stands.facts["ticket"])
    assert answer["Location"] == reverse("pay-ticket", args=[ticket.secret])
    return ticket


def drives_in(ticket: Ticket, hours: float = 2) -> Stay:
    passage = Passage.objects.get(facts__ticket=ticket.pk)
    operations.complete_passage(passage.pk, "loop", timezone.now() - timedelta(hours=hours))
    return Stay.objects.get(ticket=ticket)


def desk(lane: Lane, role: str = "guard") -> Client:
    client = Client()
    client.force_login(factories.user(role, at=lane.compound))
    return client


def leaves_with_a_debt(ticket: Ticket, out: Lane, guard: Client) -> Debt:
    stands = drive_up(out, None)
    show = reverse("guard-ticket-show", args=[out.pk])
    guard.post(show, {"passage": stands.pk, "ticket": ticket.number}, HTTP_HX_REQUEST="true")
    go = reverse("guard-debt", args=[stands.pk])
    guard.post(go, {"reason": "no_money"}, HTTP_HX_REQUEST="true")
    operations.complete_passage(stands.pk, "loop", timezone.now())
    return Debt.objects.get(stay__ticket=ticket)


def test_a_driver_takes_a_ticket_the_barrier_opens_and_the_guard_sees_it(lane):
    phone = Client()
    assert b"<form" not in phone.get(entry_path(lane)).content.split(b"<main")[1]
    ticket = takes(lane, phone)
    passage = Passage.objects.get(facts__ticket=ticket.pk)
    assert (passage.state, passage.code, passage.by_hand) == ("opened", "ticket_taken", False)
    assert (passage.command.device, passage.command.requested_by) == (lane.barrier, None)
    assert Hold.objects.get().plate == parking.name_of(ticket)
    assert ticket.number in desk(lane).get("/guard/").content.decode()
    assert told(lane.compound, "gate.")[-1] == "gate.passage_decided"
    # Pressed and scanned again it is the same ticket, and the barrier is ordered once.
    assert phone.post(entry_path(lane))["Location"].endswith(f"{ticket.secret}/")
    assert ticket.secret in phone.get(entry_path(lane)).content.decode()
    assert Ticket.objects.count() == 1
    assert drives_in(ticket).parked_as == "visitor"
    assert not Hold.objects.exists()
    assert phone.get(reverse("pay-ticket", args=[ticket.secret])).status_code == 200


def test_another_phone_gets_nothing_for_the_same_car_and_two_at_once_get_one(lane):
    takes(lane, Client())
    late = Client()
    late.get(entry_path(lane))
    answer = late.post(entry_path(lane))
    assert answer.status_code == 409
    assert (Ticket.objects.count(), Passage.objects.filter(state="opened").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_open_once(lane):
    drive_up(lane, None)
    phones = [parking.digest_of(letter * 32) for letter in "ab"]
    together(*[lambda phone=phone: operations.take_ticket(lane, phone) for phone in phones])
    assert (Ticket.objects.count(), Passage.objects.get().state) == (1, "opened")


def _off(lane: Lane) -> None:
    Area.objects.update(self_tickets=False)
    drive_up(lane, None)


def _read(lane: Lane) -> None:
    drive_up(lane, "皖A77777")


def _half_read(lane: Lane) -> None:
    drive_up(lane, None, plate_raw="皖A7777")


def _stale(lane: Lane) -> None:
    stands = drive_up(lane, None)
    Passage.objects.filter(pk=stands.pk).update(decided_at=timezone.now() - timedelta(minutes=6))


def _followed(lane: Lane) -> None:
    drive_up(lane, None)
    drive_up(lane)


def _full(lane: Lane) -> None:
    Area.objects.update(capacity=0)
    drive_up(lane, None)


def _refused(lane: Lane) -> None:
    operations.refuse(drive_up(lane, None), factories.user("guard", at=lane.compound))


def _no_barrier(lane: Lane) -> None:
    Lane.objects.filter(pk=lane.pk).update(barrier=None)
    drive_up(lane, None)


@pytest.mark.parametrize(
    "harm", [None, _off, _read, _half_read, _stale, _followed, _full, _refused, _no_barrier]
)
def test_nothing_opens_where_no_car_without_a_plate_stands_or_the_rule_says_no(lane, harm):
    if harm is not None:
        harm(lane)
    before = list(Passage.objects.values_list("pk", "state", "code"))
    phone, path = Client(), entry_path(lane)
    assert b'method="post"' not in phone.get(path).content.split(b"<main")[1]
    assert phone.get(f"{path}state/").json()["state"] != "ready"
    assert phone.post(path).status_code == 409
    assert list(Passage.objects.values_list("pk", "state", "code")) == before
    assert not Ticket.objects.exists()
    assert not Hold.objects.exists()


def test_a_code_that_is_not_ours_leads_nowhere_and_tries_are_counted(lane, out):
    path = entry_path(lane)
    for wrong in (f"{path[:-4]}xxx/", f"/park/lane/{lane.pk}/", "/park/lane/1.x/"):
        assert Client().get(wrong).status_code == 404
    assert Client().post(path).status_code == 422  # it kept no cookie
    phone = Client()
    phone.get(path)
    assert {phone.post(path).status_code for _try in range(12)} == {409}
    assert phone.post(path).status_code == 429
    drive_up(out, None)
    assert phone.get(f"{entry_path(out)}state/").json() == {"state": "ticket_by_guard"}


def test_who_turns_back_gives_the_place_up_and_takes_the_same_ticket_again(lane):
    Area.objects.update(capacity=1)
    phone = Client()
    ticket = takes(lane, phone)
    assert occupancy.levels(lane.compound)[0].free_for_visitors == 0
    operations.let_go(timezone.now() + timedelta(minutes=3))
    assert not Hold.objects.exists()
    assert takes(lane, phone) == ticket


def test_a_barrier_that_fails_leaves_the_car_to_the_guard_with_its_ticket(lane):
    ticket = takes(lane, Client())
    passage = Passage.objects.get()
    command = passage.command
    type(command).objects.filter(pk=command.pk).update(state="failed", finished_at=timezone.now())
    operations.take_command_failure(command.pk)
    passage.refresh_from_db()
    assert (passage.state, passage.code) == ("waiting", "barrier_failed")
    guard = factories.user("guard", at=lane.compound)
    assert operations.give_ticket(lane, guard, passage).facts["ticket"] == ticket.pk
    assert Ticket.objects.count() == 1


def test_a_debt_of_a_ticket_is_seen_and_taken_when_the_same_phone_comes_again(lane, out):
    phone, guard = Client(), desk(lane)
    first = takes(lane, phone)
    drives_in(first)
    debt = leaves_with_a_debt(first, out, guard)
    assert debt.plate == ""
    parking.forget_phones(timezone.now() + timedelta(days=3))
    assert first.number in phone.get(entry_path(lane)).content.decode()
    second = takes(lane, phone)
    passage = Passage.objects.get(facts__ticket=second.pk)
    assert passage.facts["owes"] == debt.amount_fen
    drives_in(second, 0)
    assert first.number in phone.get(reverse("pay-ticket", args=[second.secret])).content.decode()
    stranger = Client().get(reverse("pay-ticket", args=[second.secret])).content.decode()
    assert first.number not in stranger
    # The guard sees it on the card at the exit, and takes it; nothing opens by it.
    stands = drive_up(out, None)
    spent = {"passage": stands.pk, "ticket": first.number}
    guard.post(reverse("guard-ticket-show", args=[out.pk]), spent, HTTP_HX_REQUEST="true")
    card = guard.get(reverse("guard-decision")).content.decode()
    take = reverse("guard-old-debt", args=[stands.pk])
    assert take in card
    given = {"debt": debt.pk, "fen": debt.amount_fen}
    assert guard.post(take, given | {"fen": 1}, HTTP_HX_REQUEST="true").status_code == 409
    for _press in range(2):
        assert guard.post(take, given, HTTP_HX_REQUEST="true").status_code == 200
    debt.refresh_from_db()
    stands.refresh_from_db()
    assert (debt.settled_at is not None, stands.state) == (True, "waiting")
    assert Payment.objects.filter(stay=debt.stay, state="paid").count() == 1
    # What has left and owes nothing forgets the phone; the car inside keeps it.
    assert parking.forget_phones(timezone.now() + timedelta(days=3)) == 1
    assert Ticket.objects.exclude(phone="").get() == second


def test_the_office_lists_a_debt_without_a_plate_by_its_ticket_and_picture(lane, out):
    ticket = takes(lane, Client())
    drives_in(ticket)
    debt = leaves_with_a_debt(ticket, out, desk(lane))
    page = desk(lane, "manager").get("/admin/parking/debt/", {"q": ticket.number})
    said = page.content.decode()
    assert ticket.number in said
    assert reverse("debt-picture", args=[debt.pk, "in"]) in said


def test_a_phone_that_comes_back_to_a_guards_ticket_keeps_it(lane):
    ticket = parking.make_ticket(compound=lane.compound)
    page, phone = reverse("pay-ticket", args=[ticket.secret]), Client()
    phone.get(page)
    ticket.refresh_from_db()
    assert ticket.phone == ""  # a first look may be a machine's
    desk(lane).get(page)
    phone.get(page)
    ticket.refresh_from_db()
    assert ticket.phone == parking.digest_of(phone.cookies[COOKIE].value)


def test_a_plates_debt_is_on_its_card_and_a_registered_cars_is_not(lane, out):
    owed = money.leave(money.inside(lane.compound, 90))
    assert owed.debt.amount_fen == 1000
    stands = drive_up(lane, money.PLATE)
    assert reverse("guard-old-debt", args=[stands.pk]) in desk(lane).get("/guard/").content.decode()
    guard = factories.user("guard", at=lane.compound)
    operations.take_old_debt(stands, owed.debt.pk, 1000, guard)
    owed.debt.refresh_from_db()
    assert owed.debt.settled_at is not None


def test_the_guard_prints_the_code_of_an_entry(lane):
    page = desk(lane).get(reverse("guard-entry-code", args=[lane.pk])).content.decode()
    assert "<svg" in page
    assert desk(gate()).get(reverse("guard-entry-code", args=[lane.pk])).status_code == 404
