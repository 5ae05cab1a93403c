"""Cars of visitors and of a family, on phones and at the guard's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from community.handling import run_due
from community.models import Compound, Lane, User
from parking import operations as parking
from parking.models import Debt, ParkedAs, Payment, Stay
from security.models import Passage
from security.operations import complete_passage
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.parking import cars, money
from tests.residents.doors import resident
from tests.security.gates import drive_up
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
PLATE, OTHER = money.PLATE, "皖A11111"


@pytest.fixture
def compound() -> Compound:
    made = factories.compound("梧桐苑")
    money.tariff(made)
    money.account(made)
    return made


@pytest.fixture
def entry(compound: Compound) -> Lane:
    return factories.lane(compound)


@pytest.fixture
def out(compound: Compound) -> Lane:
    return factories.lane(compound, direction="exit")


@pytest.fixture
def phone(linli_server: LinliServer, new_context: Callable[..., BrowserContext]):
    """`phone("/path/", user)`: a page on somebody's phone."""

    def take_out(path: str, user: User | None = None) -> Page:
        page = sit_down(new_context(width="narrow"), linli_server.url, user)
        page.goto(linli_server.url + path, wait_until="domcontentloaded")
        return page

    return take_out


def through(passage: Passage, hours: float = 0) -> None:
    """It drives through, some hours ago."""
    complete_passage(passage.pk, "loop", timezone.now() - timedelta(hours=hours))


def pay(page: Page, plate: str, due: str) -> None:
    page.get_by_label("车牌").fill(plate)
    page.get_by_role("button", name="查询费用").click()
    expect(page.locator(".y-due")).to_contain_text(due)
    page.get_by_role("button", name=f"支付 {due}").click()
    page.get_by_role("link", name="去支付").click()
    page.get_by_role("button", name="确认支付").click()


def test_a_visitors_car_is_invited_comes_pays_on_the_phone_and_leaves(
    compound: Compound, entry: Lane, out: Lane, phone
) -> None:
    host = factories.user("resident", at=compound)
    resident(factories.unit(compound), "林晓", user=host)
    home = phone(reverse("home-visit-new"), host)
    home.get_by_label("访客姓名").fill("周闻达")
    home.get_by_label("日期").fill(timezone.localdate().isoformat())
    home.get_by_label("开始时间").fill("00:00")
    home.get_by_label("结束时间").fill("23:59")
    home.get_by_label("车牌").fill(PLATE)
    home.get_by_role("button", name="生成通行证").click()
    expect(home.locator("[data-link]")).to_be_visible()

    came = drive_up(entry, PLATE)
    assert (came.code, came.state) == ("visit_expected", Passage.State.OPENED)
    through(came, 1.5)
    driver = phone(f"/park/{compound.code}/")
    pay(driver, PLATE, "¥10.00")
    expect(driver.get_by_text("道闸会自动打开")).to_be_visible()
    leaves = drive_up(out, PLATE)
    assert leaves.state == Passage.State.OPENED
    through(leaves)
    stay = Stay.objects.get()
    assert (stay.visit, stay.exit_passage) == (came.visit, leaves.pk)
    run_due()
    assert Payment.objects.get().state == "paid"
    assert not Debt.objects.exists()


def test_one_pays_the_guard_and_another_leaves_as_a_debt_and_pays_later(
    compound: Compound, out: Lane, at_desk: Callable[..., Page], phone
) -> None:
    money.inside(compound, 90)
    stay = money.inside(compound, 200, OTHER)
    desk = at_desk(factories.user("guard", at=compound))
    waits = drive_up(out, PLATE)
    desk.get_by_role("button", name="已收现金 ¥10.00").click()
    expect(desk.locator("#said")).to_contain_text("已收现金 ¥10.00")
    through(waits)
    waits = drive_up(out, OTHER)
    expect(desk.locator(".g-pay__due")).to_have_text("¥20.00")
    desk.get_by_role("button", name="暂时无法支付").click()
    expect(desk.locator(".g-pay__due")).to_have_count(0)
    waits.refresh_from_db()
    assert (waits.state, waits.reason) == (Passage.State.OPENED, "unpaid")
    through(waits)
    run_due()
    assert Debt.objects.get(stay=stay, settled_at=None).amount_fen == 2000
    driver = phone(f"/park/{compound.code}/")
    pay(driver, OTHER, "¥20.00")
    expect(driver.get_by_text("已支付，谢谢。")).to_be_visible()
    assert Debt.objects.get(stay=stay).settled_at is not None


def test_two_family_cars_on_one_place(
    compound: Compound, entry: Lane, out: Lane, at_desk: Callable[..., Page]
) -> None:
    home = factories.unit(compound)
    both = [cars.car(compound, plate, unit=home) for plate in (PLATE, OTHER)]
    parking.open_pool(compound=compound, unit=home, cars=both, when_taken="wait")
    desk = at_desk(factories.user("guard", at=compound))
    through(drive_up(entry, PLATE))
    waits = drive_up(entry, OTHER)
    assert (waits.code, waits.state) == ("home_places_taken", Passage.State.WAITING)
    expect(desk.locator("#decision-card")).to_contain_text("车位")
    through(drive_up(out, PLATE))
    Passage.objects.filter(pk=waits.pk).update(decided_at=timezone.now() - timedelta(seconds=20))
    again = drive_up(entry, OTHER)
    assert (again.pk, again.state) == (waits.pk, Passage.State.OPENED)
    expect(desk.locator("#decision-card")).to_have_count(0)
    through(again)
    assert Stay.objects.get(plate=OTHER).parked_as == ParkedAs.POOL
