"""The guard's page in a real browser, on a real server: live, by keyboard, cut off and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from community.models import Command, Event, Lane, User
from security import operations
from security.models import Passage
from tests.community import factories
from tests.residents.doors import resident
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
SECOND = "皖A90C37"
expect.set_options(timeout=20_000)
STOPPED = re.compile(r"画面停在 \d\d:\d\d:\d\d，正在重新连接")


@pytest.fixture
def lane() -> Lane:
    return gate(name="南门入口")


@pytest.fixture
def guard(lane: Lane) -> User:
    return factories.user("guard", at=lane.compound, name="陈国栋")


def row(page: Page, sequence: int) -> Any:
    return page.locator(f"#event-{sequence}")


def last_decided() -> int:
    return Event.objects.filter(kind="gate.passage_decided").latest("sequence").sequence


def test_a_car_appears_by_itself_and_is_let_in_with_a_reason(at_desk: Open, guard, lane):
    page = at_desk(guard)
    expect(page.locator("#decision")).to_contain_text("现在没有车在等")
    waiting = drive_up(lane, OTHER, picture=jpeg(), frames=5)
    expect(row(page, last_decided())).to_contain_text(OTHER[2:])
    card = page.locator("#decision-card")
    expect(card).to_contain_text("待处理 · 南门入口")
    assert card.locator("input:checked").count() == 0
    page.get_by_role("button", name="抬杆放行").click()
    expect(page.locator("#reason-error")).to_have_text("请先选理由。")
    assert not Command.objects.exists()
    card.get_by_label("送货").check()
    page.get_by_role("button", name="抬杆放行").click()
    expect(page.locator("#said")).to_contain_text("正在抬杆")
    expect(page.locator("#feed")).to_contain_text("手动放行")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by, waiting.reason) == ("opened", guard, "delivery")
    assert Command.objects.get().action == "open"


def test_hands_stay_on_the_keyboard(at_desk: Open, guard, lane):
    first = drive_up(lane, OTHER)
    second = drive_up(factories.lane(lane.compound, "exit"), SECOND)
    page = at_desk(guard, language="en")
    page.keyboard.press("j")
    card = page.locator("#decision-card")
    expect(card).to_have_attribute("data-passage", str(second.pk))
    page.keyboard.press("x")
    expect(page.locator("#refuse-reasons")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#said")).to_contain_text("refused")
    expect(card).to_have_attribute("data-passage", str(first.pk))
    page.keyboard.press("q")
    expect(card.locator("[name=reason]").first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("opening")
    assert set(Passage.objects.values_list("state", flat=True)) == {"refused", "opened"}


def test_a_card_drawn_again_under_a_deed_loses_no_answer(at_desk: Open, guard, lane):
    drive_up(lane, OTHER)
    page = at_desk(guard, language="en")
    on_the_way: list[Route] = []
    page.route("**/open/", lambda route: on_the_way.append(route))  # noqa: PLW0108 - Playwright asks how many arguments
    page.keyboard.press("q")
    with page.expect_request("**/open/"):
        page.keyboard.press("Enter")
    with page.expect_response("**/guard/decision/*"):
        page.evaluate("htmx.trigger('#decision', 'refresh')")
    on_the_way[0].continue_()
    expect(page.locator("#said")).to_contain_text("opening")
    expect(page.locator("#decision-card")).to_have_count(0)


def test_letters_typed_into_the_search_do_nothing_else(at_desk: Open, guard, lane):
    waiting = drive_up(lane, OTHER)
    drive_up(factories.lane(lane.compound), PLATE)
    page = at_desk(guard)
    page.keyboard.press("/")
    page.keyboard.type("xj" + OTHER[2:5])
    expect(page.locator("#feed")).to_contain_text("没有找到这个车牌")
    page.locator("#find").fill(OTHER[2:5])
    expect(page.locator("#feed li.l-event")).to_have_count(1)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    expect(page.locator("#refuse-reasons")).to_be_hidden()


def test_two_guards_see_one_anothers_deeds(at_desk: Open, guard, lane):
    drive_up(lane, OTHER)
    home = factories.unit(lane.compound)
    resident(home, user=factories.user("resident", at=lane.compound))
    first = at_desk(guard)
    second = at_desk(factories.user("guard", at=lane.compound, name="马"))
    first.locator("#call-home").fill(home.code)
    first.get_by_role("button", name="呼叫住户").click()
    expect(second.locator("#decision-card")).to_contain_text("呼叫中")
    first.keyboard.press("q")
    first.keyboard.press("Enter")
    expect(second.locator("#decision")).to_contain_text("现在没有车在等")
    expect(second.locator("#feed")).to_contain_text("陈国栋")


def test_what_a_guard_began_to_fill_in_survives_news_of_other_cars(at_desk: Open, guard, lane):
    drive_up(lane, OTHER)
    page = at_desk(guard)
    page.get_by_role("radio", name="其他").check()
    page.locator("#note").fill("搬家公司")
    second = drive_up(factories.lane(lane.compound, "exit"), SECOND)
    expect(page.locator(".g-next")).to_contain_text(SECOND[2:])
    expect(page.locator("#note")).to_have_value("搬家公司")
    expect(page.get_by_role("radio", name="其他")).to_be_checked()
    # Without keys, as on a phone, a press chooses the next car.
    page.locator(".g-next__go").click()
    expect(page.locator("#decision-card")).to_have_attribute("data-passage", str(second.pk))


def test_cut_off_the_page_says_so_and_comes_back_without_a_gap(
    at_desk: Open, linli_server: LinliServer, guard, lane
):
    drive_up(lane, OTHER)
    page = at_desk(guard)
    linli_server.kill()
    expect(page.locator("#cut-strip")).to_be_visible(timeout=15_000)
    expect(page.locator("#cut-strip")).to_have_text(STOPPED)
    expect(page.locator("#open-button")).to_be_disabled()
    expect(page.get_by_text("暂时不能在这里开门")).to_be_visible()
    page.keyboard.press("q")
    page.keyboard.press("Enter")
    missed = []
    for number in range(5):
        drive_up(factories.lane(lane.compound), f"皖A6{number:04}")
        missed.append(last_decided())
    linli_server.start_again()
    page.keyboard.press("r")
    for sequence in missed:
        expect(row(page, sequence)).to_have_count(1, timeout=20_000)
    expect(page.locator("#cut-strip")).to_be_hidden()
    expect(page.locator("#open-button")).to_be_enabled()
    expect(page.locator(".l-event--gap")).to_contain_text("补齐")
    numbers = [
        int(each.get_attribute("data-sequence") or 0)
        for each in page.locator("li[data-sequence]").all()
    ]
    assert numbers == sorted(set(numbers), reverse=True)
    assert not Command.objects.filter(lane=lane).exists()


def test_a_session_that_ended_is_said_and_not_tried_for_ever(at_desk: Open, guard, lane):
    page = at_desk(guard)
    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    engine = import_module(settings.SESSION_ENGINE)
    engine.SessionStore(kept[settings.SESSION_COOKIE_NAME]).delete()
    expect(page.locator("#out-strip")).to_be_visible(timeout=45_000)
    expect(page.get_by_role("link", name="登录")).to_be_visible()


NAMELESS = """[...document.querySelectorAll("button, a, input:not([type=hidden]), select, img")]
    .filter(e => e.checkVisibility() && !(e.ariaLabel || (e.tagName === "IMG" && e.alt !== null)
    || e.labels?.length || e.textContent.trim())).map(e => e.outerHTML.slice(0, 120))"""
SMALL = """[...document.querySelectorAll("button, a[href]:not(.l-skip), .l-choice span")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 120))"""
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def fits(page: Page) -> bool:
    """Whether the page fits once laid out; the browser's own waiting would poll by eval."""
    for _ in range(50):
        if not page.evaluate(TOO_WIDE):
            return True
        page.wait_for_timeout(100)
    return False


def test_the_page_fits_and_can_be_used_by_touch(at_desk: Open, guard, lane):
    drive_up(lane, OTHER, picture=jpeg())
    drive_up(factories.lane(lane.compound, "exit"), None, plate_raw=PLATE[:-1] + "B")
    for language in ("zh-hans", "en"):
        page = at_desk(guard, "wide", language)
        assert not page.evaluate(TOO_WIDE)
        assert page.evaluate(NAMELESS) == []
        page.set_viewport_size({"width": 360, "height": 740})
        for view in ("todo", "feed", "lanes", "alerts"):
            page.locator(f".p-tabs a[data-view={view}]").click()
            assert fits(page), (language, view)
            assert page.evaluate(SMALL) == [], (language, view)
        expect(page.locator("#decision")).to_be_hidden()


def test_the_phone_shows_the_decision_first(at_desk: Open, guard, lane):
    waiting = drive_up(lane, OTHER, picture=jpeg())
    page = at_desk(guard, "narrow")
    top = page.locator("#decision-card").bounding_box()
    assert top
    assert top["y"] < 260
    expect(page.locator('[data-count="todo"]')).to_have_text("1")
    page.get_by_label("维修").check()
    page.get_by_role("button", name="抬杆放行").click()
    expect(page.locator("#said")).to_contain_text("正在抬杆")
    waiting.refresh_from_db()
    assert waiting.reason == "repair"


def test_a_lane_is_kept_open_from_its_own_menu(at_desk: Open, guard, lane):
    page = at_desk(guard)
    page.keyboard.press("o")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("搬家").check()
    dialog.get_by_label("1 小时").check()
    dialog.get_by_role("button", name="保持常开").click()
    expect(page.locator("#said")).to_contain_text("保持常开")
    expect(dialog).to_be_hidden()
    expect(page.locator("#lanes")).to_contain_text("常开到")
    operations.release(lane, guard)
    expect(page.locator("#lanes")).not_to_contain_text("常开到")
