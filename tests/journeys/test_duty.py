"""Guards in a real browser: a shift changes hands, a screen changes guards, a round is walked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from community.models import BrowserSession, Compound, Event, User
from security.models import Handover, Passage, PatrolPoint, PatrolRound, PatrolScan
from security.operations import patrols
from tests.journeys.sitting import sit_down
from tests.security.duty import PASSWORD, due, guard, pass_by
from tests.security.gates import OTHER, drive_up, gate
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
expect.set_options(timeout=20_000)
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def here() -> Compound:
    return gate(name="南门入口").compound


@pytest.fixture
def leaves(here) -> User:
    return guard(here, "陈国栋")


@pytest.fixture
def comes(here) -> User:
    return guard(here, "马小军")


@pytest.fixture
def come(linli_server: LinliServer, new_context: Callable[..., BrowserContext]) -> Iterator[Open]:
    """`come(user, "/guard/", width="narrow")`: the page, signed in."""
    faults: list[str] = []

    def open_page(user: User, path: str, **how: Any) -> Page:
        page = sit_down(new_context(**how), linli_server.url, user)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(linli_server.url + path, wait_until="domcontentloaded")
        return page

    yield open_page
    assert not faults


def test_two_guards_hand_over_at_one_computer(come: Open, here, leaves, comes):
    drive_up(here.lanes.get(), OTHER)
    page = come(leaves, "/guard/")
    page.get_by_role("link", name="交班").first.click()
    expect(page.locator("#main")).to_contain_text("等待的车")
    expect(page.locator("#main")).to_contain_text(OTHER[2:])
    page.get_by_label("接班人须知").fill("快递柜钥匙在抽屉里")
    page.get_by_role("button", name="交班人签字").click()
    expect(page.get_by_role("heading", name="接班人在此签字")).to_be_visible()
    page.get_by_role("radio", name="马小军").check()
    page.get_by_label("您的密码，或应用上的验证码").fill("guessed")
    page.get_by_role("button", name="签字接班").click()
    expect(page.get_by_role("alert")).to_contain_text("密码和这个姓名不相符")
    page.get_by_label("您的密码，或应用上的验证码").fill(PASSWORD)
    page.get_by_role("button", name="签字接班").click()
    go_on = page.get_by_role("link", name="由 马小军 在这个岗位继续")
    expect(go_on).to_be_visible()
    held = Handover.objects.get()
    assert (held.state, held.outgoing, held.incoming) == ("accepted", leaves, comes)
    go_on.click()
    expect(page.get_by_role("radio", name="马小军")).to_be_checked()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="接替值守").click()
    expect(page.locator("[data-guard]").first).to_contain_text("马小军")
    page.goto(page.url + "shift/history/?q=抽屉", wait_until="domcontentloaded")
    expect(page.get_by_role("row")).to_have_count(2)


def last() -> int:
    return Event.objects.filter(kind="gate.passage_decided").latest("sequence").sequence


def test_a_change_of_guard_keeps_the_page_and_its_feed(come: Open, here, leaves, comes):
    lane = here.lanes.get()
    drive_up(lane, OTHER)
    page = come(leaves, "/guard/")
    expect(page.locator("#live")).to_be_visible()
    page.evaluate("window.sameWindow = true")
    page.get_by_role("link", name="换人值守").first.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("radio", name="马小军").check()
    dialog.get_by_label("密码").fill("guessed")
    dialog.get_by_role("button", name="接替值守").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("radio", name="马小军").check()
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="接替值守").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-guard]").first).to_contain_text("马小军")
    assert not BrowserSession.objects.filter(user=leaves).exists()
    seen = []
    for number in range(3):
        drive_up(lane, f"皖A6{number:04}")
        seen.append(last())
    for sequence in seen:
        expect(page.locator(f"#event-{sequence}")).to_have_count(1)
    # Past the moment at which the old session's line would have been cut, all is live.
    page.wait_for_timeout(12_000)
    expect(page.locator("#live")).to_be_visible()
    expect(page.locator("#out-strip")).to_be_hidden()
    card = page.locator("#decision-card")
    passage = int(card.get_attribute("data-passage") or 0)
    card.get_by_label("送货").check()
    page.get_by_role("button", name="抬杆放行").click()
    expect(page.locator("#said")).to_contain_text("正在抬杆")
    assert page.evaluate("window.sameWindow") is True
    assert Passage.objects.get(pk=passage).decided_by == comes
    expect(page.locator("#feed")).to_contain_text("陈国栋 的屏幕现在由 马小军 值守")


def test_a_round_is_walked_by_phone(come: Open, linli_server: LinliServer, here, leaves):
    patrol = due(here)
    points = PatrolPoint.objects.in_bulk(patrol.stops)
    first, second = (points[key] for key in patrol.stops)
    phone = come(leaves, "/guard/patrols/", width="narrow")
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.get_by_role("button", name="开始本次巡逻").click()
    expect(phone.locator("#main")).to_contain_text("还剩 2 个点")
    assert not phone.evaluate(TOO_WIDE)
    # What the phone's camera opens.
    phone.goto(f"{linli_server.url}/patrol/{first.secret}/", wait_until="domcontentloaded")
    expect(phone.get_by_role("status")).to_contain_text("东门 已确认。 还剩 1 个点")
    phone.goto(f"{linli_server.url}/patrol/{first.secret}/", wait_until="domcontentloaded")
    expect(phone.get_by_role("status")).to_contain_text("还剩 1 个点")
    assert PatrolScan.objects.count() == 1
    stop = phone.locator(f"#point-{second.pk}")
    stop.get_by_text("手动确认").click()
    stop.get_by_role("radio", name="二维码不见了或损坏").check()
    assert not phone.evaluate(TOO_WIDE)
    stop.get_by_role("button", name="我已到达").click()
    expect(phone.get_by_role("status")).to_contain_text("本次巡逻已完成")
    assert PatrolRound.objects.get(pk=patrol.pk).state == "done"


def test_a_missed_point_alerts_at_the_desk(come: Open, here, leaves, comes):
    patrol = due(here)
    patrols.start_round(patrol, comes)
    point = PatrolPoint.objects.get(pk=patrol.stops[0])
    patrols.confirm_point(patrol, point, comes)
    page = come(leaves, "/guard/")
    expect(page.locator("#live")).to_be_visible()
    patrols.end_rounds(pass_by(patrol))
    expect(page.locator("#alerts")).to_contain_text("漏了 1 个点")
    expect(page.locator("#feed")).to_contain_text("漏了 1 个点")
