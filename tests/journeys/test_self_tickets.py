"""A car without a plate, its driver alone with a phone: ticket, price, payment, the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Lane
from parking import operations as parking
from parking.models import Area, Payment, Stay, Ticket
from security import operations
from security.models import Passage
from security.self_ticket_pages import entry_path
from tests.community import factories
from tests.parking import money
from tests.security.gates import drive_up, gate
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=15_000)


@pytest.fixture
def entry() -> Lane:
    caches["shared"].clear()
    lane = gate(direction="entry", crossing="loop", name="南门入口")
    money.tariff(lane.compound)
    money.account(lane.compound)
    whole = Area(compound=lane.compound)
    parking.save_area(whole, name="全小区", capacity=50, whole=True, self_tickets=True)
    return lane


def drives_in(lane: Lane) -> None:
    """The loop behind the barrier has felt the car; that was an hour and a half ago."""
    opened = Passage.objects.get(lane=lane, state="opened")
    operations.complete_passage(opened.pk, "loop", timezone.now())
    Stay.objects.update(entered_at=timezone.now() - timedelta(minutes=90))


def test_a_driver_without_a_plate_takes_a_ticket_pays_and_leaves(
    at_desk: Callable[..., Page],
    linli_server: LinliServer,
    new_context: Callable[..., BrowserContext],
    entry: Lane,
):
    out = factories.lane(entry.compound, "exit", crossing="loop")
    phone = new_context(width="narrow").new_page()
    phone.goto(f"{linli_server.url}{entry_path(entry)}")
    press = phone.get_by_role("button", name="取票")
    expect(phone.get_by_role("link", name="再看一次")).to_be_visible()
    expect(press).to_have_count(0)
    # The camera sees a car and no plate: the page finds out by itself.
    drive_up(entry, None)
    press.click()
    ticket = Ticket.objects.get()
    expect(phone.get_by_text(ticket.number)).to_be_visible()
    drives_in(entry)

    phone.reload()
    phone.get_by_role("link", name="查看费用并支付").click()
    expect(phone.locator(".y-due")).to_contain_text("¥10.00")
    phone.get_by_role("button", name="支付 ¥10.00").click()
    phone.get_by_role("link", name="去支付").click()
    phone.get_by_role("button", name="确认支付").click()
    expect(phone.get_by_text("道闸会自动打开")).to_be_visible()
    assert Payment.objects.get().state == "paid"

    # At the exit nothing can be read either: the guard types the number that the phone shows.
    desk = at_desk(factories.user("guard", at=entry.compound))
    leaves = drive_up(out, None)
    card = desk.locator(f'#decision-card[data-passage="{leaves.pk}"]')
    card.get_by_label("停车票").fill(ticket.number)
    desk.keyboard.press("Enter")
    expect(desk.locator("#said")).to_contain_text(ticket.number)
    expect(desk.locator("#said")).to_contain_text("正在开闸")
    leaves.refresh_from_db()
    assert leaves.state == "opened"
    operations.complete_passage(leaves.pk, "loop", timezone.now())
    phone.goto(f"{linli_server.url}/park/ticket/{ticket.secret}/")
    expect(phone.get_by_text("这张停车票已离场。")).to_be_visible()
