"""Misread plates and alerts between two guards, in real browsers, mostly by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from community.models import Command, Lane, User
from security import alerts
from security.models import Alert, Misread, Passage
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg, vehicle

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
ALIKE, FAR = "皖A52M7B", "皖AD0Q19"
expect.set_options(timeout=20_000)


@pytest.fixture
def lane() -> Lane:
    return gate(name="南门入口")


@pytest.fixture
def guard(lane: Lane) -> User:
    return factories.user("guard", at=lane.compound, name="陈国栋")


@pytest.fixture
def colleague(lane: Lane) -> User:
    return factories.user("guard", at=lane.compound, name="马骁")


def settled() -> None:
    """Cars of before are gone: what is read next is another one."""
    ago = timezone.now() - timedelta(minutes=5)
    Passage.objects.update(state="gone", decided_at=ago)


def guess(page: Page, place: str = "#failed") -> Any:
    return page.locator(f"{place} [data-claim]").first


def test_a_failed_read_is_claimed_with_one_key_and_comes_first_the_next_time(
    at_desk: Open, guard, lane
):
    page = at_desk(guard)
    # Far from every registered plate: nothing but what is learnt can bring the car to the top.
    vehicle(lane.compound, "皖AD0019")
    drive_up(lane, None, plate_raw=FAR, picture=jpeg())
    first = guess(page)
    expect(first).to_contain_text("D0")
    assert PLATE[2:] not in (first.text_content() or "")
    expect(page.locator("#decision-card #plate-button")).to_be_visible()
    page.keyboard.press("e")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    page.locator("#plate-text").fill(PLATE[2:5].lower())
    dialog.locator("#plate-found button").first.click()
    expect(page.locator("#said")).to_contain_text("排在最前")
    assert Misread.objects.get().read == FAR
    settled()
    again = drive_up(lane, None, plate_raw=FAR, picture=jpeg())
    card = page.locator("#decision-card")
    expect(card).to_have_attribute("data-passage", str(again.pk))
    best = guess(page, "#decision")
    expect(best).to_contain_text(PLATE[2:])
    expect(best).to_contain_text("上次认定")
    expect(best.locator("kbd")).to_have_text("1")
    assert not Command.objects.exists()
    page.wait_for_timeout(900)  # a digit that just changed its car is not taken
    page.keyboard.press("1")
    expect(page.locator("#said")).to_contain_text("理由：车牌读错")
    again.refresh_from_db()
    assert (again.plate, again.reason, again.decided_by) == (PLATE, "plate_misread", guard)
    assert Command.objects.get().lane == lane


def test_digits_rest_while_typing_and_where_they_are_off(at_desk: Open, guard, lane):
    drive_up(lane, None, plate_raw=ALIKE)
    page = at_desk(guard)
    expect(guess(page, "#decision").locator("kbd")).to_have_text("1")
    page.keyboard.press("/")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.wait_for_timeout(500)
    assert not Command.objects.exists()
    assert Passage.objects.get().state == "waiting"


def test_a_wrong_plate_is_put_right_by_keyboard_seen_by_the_other_guard_and_undone(
    at_desk: Open, guard, colleague, lane
):
    first, second = at_desk(guard), at_desk(colleague)
    passage = drive_up(lane, OTHER)
    expect(first.locator("#decision-card")).to_contain_text(OTHER[2:])
    first.keyboard.press("e")
    expect(first.locator("#plate-text")).to_be_focused()
    first.keyboard.type("皖A52M7")
    first.keyboard.press("Enter")
    expect(first.locator("#plate-error")).to_be_visible()
    first.locator("#plate-text").fill(PLATE)
    first.keyboard.press("Enter")
    expect(first.locator("#said")).to_contain_text("车牌已更正")
    expect(second.locator("#feed")).to_contain_text(f"原读数 {OTHER}")
    expect(second.locator("#decision-card")).to_contain_text("车牌已人工更正")
    first.keyboard.press("z")
    expect(first.locator("#said")).to_contain_text("恢复为识别结果")
    expect(second.locator("#decision-card")).to_contain_text(OTHER[2:])
    passage.refresh_from_db()
    assert (passage.plate, passage.state, Misread.objects.count()) == (OTHER, "waiting", 0)


def test_two_guards_see_one_alert_go_from_hand_to_hand(at_desk: Open, guard, colleague, lane):
    first, second = at_desk(guard), at_desk(colleague)
    alerts.raise_alert(compound=lane.compound, kind="disk_full", key="k", severity=1)
    for page in (first, second):
        expect(page.locator("#alerts")).to_contain_text("紧急")
    first.keyboard.press("a")
    expect(first.locator("#said")).to_contain_text("由您处理")
    expect(second.locator("#alerts")).to_contain_text("陈国栋")
    expect(second.locator("#take-alert")).to_have_count(0)
    first.keyboard.press("d")
    dialog = first.locator("#dialog")
    dialog.locator("#assign-to").select_option(label="马骁")
    dialog.get_by_role("button", name="交给他").click()
    expect(second.locator("#alerts")).to_contain_text("已交给 马骁")
    second.keyboard.press("b")
    expect(second.locator("#alert-list")).to_contain_text("已交给 马骁")
    second.keyboard.press("d")
    dialog = second.locator("#dialog")
    dialog.get_by_role("button", name="关闭告警").click()
    expect(dialog).to_contain_text("请选处理结果")
    dialog.get_by_label("已处理好").check()
    dialog.get_by_role("button", name="关闭告警").click()
    expect(second.locator("#said")).to_contain_text("告警已关闭")
    for page in (first, second):
        expect(page.locator("#alerts")).to_contain_text("没有")
    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by, alert.assigned_to) == ("closed", colleague, colleague)


def test_sound_stays_as_it_was_left(at_desk: Open, guard, lane):
    page = at_desk(guard)
    page.keyboard.press("s")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("s")
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
