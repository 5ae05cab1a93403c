"""At the exit: one car's driver pays the guard, another's on the phone before driving up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Lane
from parking.models import Payment
from security.models import Passage
from tests.community import factories
from tests.parking import money
from tests.security.gates import drive_up
from tests.servers.linli import LinliServer

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "皖A11111"


@pytest.fixture
def lane() -> Lane:
    compound = factories.compound()
    money.tariff(compound)
    money.account(compound)
    return factories.lane(compound, direction="exit")


def test_a_driver_pays_the_guard_and_another_pays_on_the_phone(
    at_desk: Callable[..., Page],
    linli_server: LinliServer,
    new_context: Callable[..., BrowserContext],
    lane: Lane,
):
    compound = lane.compound
    money.inside(compound, 90)
    desk = at_desk(factories.user("guard", at=compound))
    waiting = drive_up(lane, money.PLATE)
    assert waiting.code == "exit_unpaid"
    expect(desk.locator(".g-pay__due")).to_have_text("¥10.00", timeout=15_000)
    desk.get_by_role("button", name="已收现金 ¥10.00").click()
    expect(desk.locator("#said")).to_contain_text("已收现金 ¥10.00", timeout=15_000)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("opened", "paid")

    money.inside(compound, 200, OTHER)
    phone = new_context(width="narrow").new_page()
    phone.goto(f"{linli_server.url}/park/{compound.code}/")
    phone.get_by_label("车牌").fill("皖a11111")
    phone.get_by_role("button", name="查询费用").click()
    expect(phone.locator(".y-due")).to_contain_text("¥20.00")
    phone.get_by_role("button", name="支付 ¥20.00").click()
    phone.get_by_role("link", name="去支付").click()
    phone.get_by_role("button", name="确认支付").click()
    expect(phone.get_by_text("道闸会自动打开")).to_be_visible()
    assert Payment.objects.get(stay__plate=OTHER).state == "paid"
    assert drive_up(lane, OTHER).state == Passage.State.OPENED
