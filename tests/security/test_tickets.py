"""Cars without a plate by ticket, and electric bicycles by tag: from the gate to the stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Lane
from parking import operations as parking
from parking.models import Payment, Stay, Ticket
from parking.tariff_words import yuan
from residents.ways import Presented
from security import operations
from security.models import Passage
from tests.community import factories
from tests.parking import money
from tests.security.gates import drive_up, gate

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane() -> Lane:
    lane = gate(direction="entry")
    money.tariff(lane.compound)
    money.account(lane.compound)
    return lane


def at_desk(lane: Lane) -> tuple[Client, Any]:
    client, guard = Client(), factories.user("guard", at=lane.compound)
    client.force_login(guard)
    return client, guard


def shown(lane: Lane, kind: str, value: str, key: str = "showing-1") -> Passage:
    what = Presented(kind, value)
    return operations.handle_shown(operations.Shown(lane.pk, key, what, timezone.now()))


def inside(lane: Lane, client: Client, hours: int = 2) -> Ticket:
    """A car without a plate that was given a ticket at the entry, some hours ago."""
    waiting = drive_up(lane, None)
    assert reverse("guard-ticket-give", args=[lane.pk]) in client.get("/guard/").content.decode()
    give = reverse("guard-ticket-give", args=[lane.pk])
    answer = client.post(give, {"passage": waiting.pk, "note": "白色"}, HTTP_HX_REQUEST="true")
    ticket = Ticket.objects.latest("pk")
    assert reverse("guard-ticket", args=[ticket.pk]) in answer.content.decode()
    client.post(give, {"passage": waiting.pk}, HTTP_HX_REQUEST="true")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("opened", "ticket")
    operations.complete_passage(waiting.pk, "loop", timezone.now() - timedelta(hours=hours))
    stay = Stay.objects.get(ticket=ticket)
    assert (stay.entry_passage, stay.parked_as) == (waiting.pk, "visitor")
    return ticket


def test_a_ticket_comes_in_pays_on_the_phone_and_opens_at_the_reader(lane):
    client, _guard = at_desk(lane)
    ticket = inside(lane, client)
    assert Ticket.objects.count() == 1
    sheet = client.get(reverse("guard-ticket", args=[ticket.pk])).content.decode()
    assert ticket.number in sheet
    assert "<svg" in sheet
    page = reverse("pay-ticket", args=[ticket.secret])
    stay = Stay.objects.get(ticket=ticket)
    out = factories.lane(lane.compound, "exit")
    stands = drive_up(out, None)
    asked = shown(out, "qr", f"https://linli.example{page}")
    assert (asked.pk, asked.code, asked.state) == (stands.pk, "exit_unpaid", "waiting")
    assert yuan(asked.facts["due"]) in client.get(reverse("guard-decision")).content.decode()
    phone = Client()
    assert "/park/stay/" in phone.get(page).content.decode()
    order = parking.ask_payment(stay, Payment.Way.PHONE)
    money.told(order)
    opened = operations.open_paid(stay)
    assert opened == stands
    operations.complete_passage(opened.pk, "loop", timezone.now())
    stay.refresh_from_db()
    ticket.refresh_from_db()
    assert stay.exit_passage == opened.pk
    assert ticket.ended_at == stay.left_at
    again = shown(out, "qr", f"https://linli.example{page}", "showing-2")
    assert (again.code, again.outcome) == ("ticket_spent", "ask")


def test_the_guard_types_the_number_takes_cash_and_lets_the_ticket_out(lane):
    client, guard = at_desk(lane)
    ticket = inside(lane, client)
    out = factories.lane(lane.compound, "exit")
    stands = drive_up(out, None)
    show = reverse("guard-ticket-show", args=[out.pk])
    wrong = client.post(show, {"passage": stands.pk, "ticket": "x" * 5000}, HTTP_HX_REQUEST="true")
    assert wrong.status_code == 200
    stands.refresh_from_db()
    assert stands.code == "plate_not_read"
    client.post(show, {"passage": stands.pk, "ticket": ticket.number}, HTTP_HX_REQUEST="true")
    stands.refresh_from_db()
    assert stands.code == "exit_unpaid"
    operations.take_cash(stands, stands.facts["due"], guard)
    operations.complete_passage(stands.pk, "loop", timezone.now())
    assert Stay.objects.get(ticket=ticket).left_at is not None


def test_a_car_with_a_plate_gets_no_ticket_and_a_ticket_of_another_compound_opens_nothing(lane):
    _client, guard = at_desk(lane)
    with pytest.raises(ValidationError):
        operations.give_ticket(lane, guard, drive_up(lane, "皖A11111"))
    elsewhere = parking.make_ticket(compound=factories.compound())
    out = factories.lane(lane.compound, "exit")
    address = "https://linli.example" + reverse("pay-ticket", args=[elsewhere.secret])
    assert shown(out, "qr", address).code == "ticket_unknown"
    with pytest.raises(ValidationError):
        operations.show_ticket(out, elsewhere.number + "0", guard)


def test_an_electric_bicycle_comes_and_goes_by_its_tag(lane):
    home = factories.unit(lane.compound, "1-1-101")
    row = parking.register_bicycle(compound=lane.compound, tag="E2 00 12 34", unit=home)
    came = shown(lane, "card", "E2001234")
    assert (came.code, came.state, came.way) == ("bicycle_registered", "opened", "tag")
    assert shown(lane, "card", "E2001234").pk == came.pk
    operations.complete_passage(came.pk, "loop", timezone.now())
    stay = Stay.objects.get(bicycle=row)
    assert (stay.entry_passage, stay.left_at) == (came.pk, None)
    out = factories.lane(lane.compound, "exit")
    left = shown(out, "card", "E2001234", "showing-3")
    operations.complete_passage(left.pk, "loop", timezone.now())
    stay.refresh_from_db()
    assert stay.exit_passage == left.pk
    parking.end_bicycle(row)
    assert shown(lane, "card", "E2001234", "showing-4").code == "lane_not_for_people"
