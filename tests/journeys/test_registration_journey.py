"""A tenant registers on the phone: invited by the landlord, returned, corrected, renewed, left."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from community.models import User
from residents import operations, tasks
from residents.models import Ending, ExportReceipt, Letting, Registration, Residency
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.residents import homes

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
Come = Callable[..., Page]


@pytest.fixture
def letting() -> Letting:
    found = homes.letting(factories.compound("梧桐苑"))
    operations.account_of(found.landlord, how="desk")
    found.refresh_from_db()
    return found


@pytest.fixture
def come(live_server, new_context: Callable[..., BrowserContext]) -> Iterator[Come]:
    """`come("/home/", user)`: a phone that shows a page; no fault of a script goes unseen."""
    faults: list[str] = []

    def open_page(path: str, user: User | None = None, language: str = "zh-hans") -> Page:
        page = sit_down(new_context(width="narrow"), live_server.url, user, language)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(path if path.startswith("http") else live_server.url + path)
        return page

    yield open_page
    assert faults == []


def next_step(page: Page, question: str) -> None:
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=2, name=question)).to_be_visible()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def fill_in(page: Page, photo: Path) -> None:
    """The six steps, with one mistake on the way that is named at its field."""
    given = homes.form()
    page.get_by_label("姓名", exact=True).fill(given["name"])
    page.get_by_label("证件号码").fill(given["document"])
    page.get_by_label("电话").fill(given["phone"])
    assert fits(page)
    next_step(page, "您从哪里来？")
    page.get_by_label("户籍地址").fill(given["hukou_address"])
    next_step(page, "哪天搬进，住到哪天？")
    page.get_by_label("入住日期").fill(given["moved_in_on"].isoformat())
    page.get_by_label("预计住到").fill((given["moved_in_on"] - timedelta(days=9)).isoformat())
    page.get_by_label("与户主关系").select_option("01")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("预计住到")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("不确定就填租约到期日").last).to_be_visible()
    page.get_by_label("预计住到").fill(given["expected_out_on"].isoformat())
    next_step(page, "为什么来这里？")
    page.get_by_label("务工", exact=True).check()
    page.get_by_label("职业").select_option("05")
    next_step(page, "拍下您的证件")
    page.locator("#file-document_front").set_input_files(photo)
    expect(page.locator("img")).to_be_visible()
    page.get_by_role("link", name="下一步").click()
    expect(page.get_by_role("heading", name="核对一下，都对吗？")).to_be_visible()


def hand_in(page: Page) -> Registration:
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("您不用做什么")
    row = Registration.objects.get(name="许知夏")
    assert row.state == "submitted"
    return row


def invite(come: Come, letting: Letting) -> tuple[Page, str]:
    page = come("/home/", letting.landlord.user)
    expect(page.get_by_role("heading", name="我出租的房屋")).to_be_visible()
    page.locator('a[href="/home/lets/"]', has_text="全部").click()
    page.get_by_role("link", name="邀请租客").click()
    page.get_by_label("租客姓名").fill("许知夏")
    page.get_by_label("搬进日期").fill(homes.ago(2).isoformat())
    page.get_by_role("button", name="生成链接").click()
    return page, page.locator("[data-link]").inner_text().strip()


def test_from_the_invitation_to_moving_out(come: Come, letting: Letting, tmp_path: Path) -> None:
    photo = tmp_path / "card.jpg"
    photo.write_bytes(homes.photo(1200))
    clerk = factories.user("desk", at=letting.compound)
    landlord, link = invite(come, letting)

    phone = come(link)
    phone.get_by_role("button", name="开始填写").click()
    fill_in(phone, photo)
    row = hand_in(phone)

    # What the landlord holds opens nothing, and shows no more than the state.
    expect(come(link).get_by_text("这个链接已失效")).to_be_visible()
    landlord.goto(landlord.url.partition("/home/")[0] + "/home/lets/")
    expect(landlord.get_by_text("待核对")).to_be_visible()
    assert row.document not in landlord.content()

    desk = come(f"/admin/residents/registration/{row.pk}/change/", clerk)
    give_back(desk)
    phone.reload()
    expect(phone.get_by_text("前台说明：请填单位全称")).to_be_visible()
    phone.get_by_label("工作单位").fill("青禾食品厂")
    next_step(phone, "拍下您的证件")
    phone.get_by_role("link", name="下一步").click()
    row = hand_in(phone)

    accept_and_report(desk, row)
    phone.reload()
    phone.get_by_role("button", name="打开我的主页").click()
    expect(phone.get_by_role("heading", name="许知夏")).to_be_visible()
    renew(phone)
    move_out(phone, row)


def deal(page: Page, deed: str) -> Locator:
    """The open dialog of a deed on the desk's phone."""
    page.get_by_text("more_horiz", exact=True).click()
    page.locator(f"[hx-get*='/{deed}/']").click()
    dialog = page.locator("#modal-content #dialog")
    expect(dialog).to_be_visible()
    return dialog


def give_back(desk: Page) -> None:
    dialog = deal(desk, "give_back")
    dialog.get_by_label("在表中何处").select_option("workplace")
    dialog.get_by_label("需要更正的内容").fill("请填单位全称")
    dialog.get_by_role("button", name="退回").click()
    expect(desk.get_by_text("登记表已退回租客。")).to_be_visible()


def accept_and_report(desk: Page, row: Registration) -> None:
    """Accepted, on a receipt with a file for the police station, and confirmed by it."""
    desk.reload()
    deal(desk, "accept").get_by_role("button", name="受理").click()
    expect(desk.get_by_text("登记已受理。")).to_be_visible()
    there = desk.url
    desk.goto(there.partition("/registration/")[0] + "/exportreceipt/")
    deal(desk, "make").get_by_role("button", name="生成文件").click()
    # The page asks every second how far its receipt is; in between works the background job.
    expect(desk.locator("#export-progress progress")).to_be_visible()
    tasks.fill_receipts()
    expect(desk.locator("#export-progress")).to_contain_text("送派出所")
    desk.get_by_text("more_horiz", exact=True).click()
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="下载 CSV").click()
    (line,) = csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig")))
    assert (line["变动"], line["姓名"], line["证件号码"]) == ("新增", "许知夏", row.document)
    row.refresh_from_db()
    number = ExportReceipt.objects.get().number
    assert (row.state, row.steps.last().note) == ("reported", number)
    desk.goto(there)
    dialog = deal(desk, "confirm")
    dialog.get_by_label("派出所回执号").fill("2026-1122-03")
    dialog.get_by_role("button", name="派出所已确认").click()
    expect(desk.get_by_text("登记已确认。")).to_be_visible()


def renew(phone: Page) -> None:
    phone.get_by_role("link", name="登记", exact=True).click()
    phone.get_by_role("link", name="我要续住").click()
    phone.get_by_label("打算住到").fill((homes.today() + timedelta(days=500)).isoformat())
    phone.get_by_role("button", name="续期").click()
    expect(phone.get_by_role("status")).to_contain_text("已经续期")


def move_out(phone: Page, row: Registration) -> None:
    phone.get_by_role("link", name="我已搬走").click()
    phone.get_by_label("搬走日期").fill((homes.today() + timedelta(days=1)).isoformat())
    phone.get_by_role("button", name="我已搬走").click()
    expect(phone.get_by_text("最晚是今天")).to_be_visible()
    phone.get_by_label("搬走日期").fill(homes.today().isoformat())
    phone.get_by_role("button", name="我已搬走").click()
    expect(phone.get_by_role("status")).to_contain_text("已记下")
    row.refresh_from_db()
    assert (row.state, row.end_reason) == ("ended", "moved_out")
    assert not Residency.objects.filter(person=row.person, ended_on=None).exists()


def test_what_a_landlord_says_waits_for_the_tenant(come: Come, letting: Letting) -> None:
    row = homes.confirmed(letting)
    tenant = operations.account_of(row.person, how="desk")
    page = come(f"/home/lets/{letting.pk}/left/{row.pk}/", letting.landlord.user)
    page.get_by_label("搬走日期").fill(homes.today().isoformat())
    page.get_by_role("button", name="告诉前台").click()
    expect(page.get_by_role("status")).to_contain_text("已记下")
    row.refresh_from_db()
    assert row.state == "confirmed"

    phone = come("/home/", tenant, "en")
    phone.get_by_role("button", name="No, I live here").click()
    expect(phone.get_by_text("You are registered here")).to_be_visible()
    assert Ending.objects.get().state == "refused"
    row.refresh_from_db()
    assert row.state == "confirmed"
