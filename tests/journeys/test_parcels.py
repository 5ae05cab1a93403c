"""A courier at the locker's tablet by keyboard alone, and a resident who fetches, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from community.devices.drivers import simulated_locker
from community.models import User
from parcels import operations
from parcels.models import Parcel, ParcelReport
from parcels.operations import watching
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.parcels.lockers import Stand, stand
from tests.residents.test_requests import photo

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
Come = Callable[..., Page]


@pytest.fixture
def place(settings, tmp_path: Path) -> Stand:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    found = stand({"small": 3, "medium": 2, "large": 1})
    operations.change_bank(found.bank, rows=2)
    return found


@pytest.fixture
def come(live_server, new_context) -> Iterator[Come]:
    """`come("/home/", user)`: a page of this user; no fault of a script goes unseen."""
    faults: list[str] = []

    def open_page(path: str, user: User | None = None, width: str = "narrow") -> Page:
        page = sit_down(new_context(width=width), live_server.url, user)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    assert faults == []


def numbers_of(page: Page) -> int:
    return int(page.locator(".y-num").inner_text())


def scan(page: Page, waybill: str, size: str) -> None:
    """What a scanner and a keyboard type, and nothing else."""
    expect(page.locator("#waybill")).to_be_focused()
    page.keyboard.type(waybill)
    page.keyboard.press("Enter")
    expect(page.locator("#tail")).to_be_focused()
    page.keyboard.type("6120")
    expect(page.locator("#hint")).to_be_focused()
    page.keyboard.type("许")
    page.keyboard.press("Enter")
    expect(page.get_by_text("许*", exact=False).first).to_be_visible()
    expect(page.locator("form[data-size]")).to_be_visible()
    page.keyboard.press(size)
    expect(page.locator(f"[data-key='{size}']")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".y-num")).to_be_visible()


def shut_when_open(page: Page, place: Stand) -> None:
    """The page has seen the door open; somebody pushes it shut; the next one is asked for."""
    expect(page.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, numbers_of(page))
    expect(page.locator("#waybill")).to_be_visible()


def test_a_courier_puts_several_in_by_keyboard_takes_a_larger_one_and_undoes_one(
    come: Come, place: Stand
) -> None:
    page = come("/courier/sign-in/", width="wide")
    expect(page.locator("#phone")).to_be_focused()
    page.keyboard.type("13900001111")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(operations.make_code(place.courier))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="1 号快递柜").press("Enter")

    scan(page, "SF0000000001", "1")
    expect(page.locator(".y-bank .on")).to_have_count(1)
    shut_when_open(page, place)
    scan(page, "SF0000000002", "1")
    shut_when_open(page, place)

    # The wrong size: a larger one opens, and the small one is free again.
    scan(page, "SF0000000003", "1")
    expect(page.locator("[data-said]")).to_have_text(re.compile("门开了"))
    first = numbers_of(page)
    simulated_locker.shut(place.device_id, first)
    page.locator("form[action$='/larger/'] button").press("Enter")
    expect(page.locator(".y-num")).not_to_have_text(str(first))
    shut_when_open(page, place)
    row = Parcel.objects.get(waybill="SF0000000003")
    assert (row.state, row.compartment.size) == ("stored", "medium")

    # Nothing put in: undone, and the waybill may come again.
    scan(page, "SF0000000004", "3")
    expect(page.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, numbers_of(page))
    page.locator("form[action$='/undo/'] button").press("Enter")
    expect(page.locator("#waybill")).to_be_visible()
    assert Parcel.objects.get(waybill="SF0000000004").state == "undone"
    expect(page.locator(".y-done li")).to_have_count(3)


def test_a_resident_is_told_fetches_lets_somebody_fetch_and_reports(
    come: Come, place: Stand
) -> None:
    user = factories.user("resident", at=place.compound)
    place.person.user = user
    place.person.save()
    first, second, third, fourth = (
        place.put_in(size=size) for size in ("small", "small", "medium", "large")
    )
    phone = come("/home/messages/", user)
    expect(phone.get_by_text(f"{first.code[:3]} {first.code[3:]}").first).to_be_visible()

    base = phone.url.removesuffix("/home/messages/")
    # Two from the phone in one visit, the second by the list of what else lies here.
    phone.goto(f"{base}/home/parcels/{first.pk}/")
    phone.locator("form[action$='/open/'] button").click()
    expect(phone.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, first.compartment.number)
    expect(phone.locator("[data-door]")).to_have_count(0)

    tablet = come(f"/locker/{operations.tablet_of(place.bank)}/", width="wide")
    for digit in second.code:
        tablet.locator(f"[data-digit='{digit}']").click()
    tablet.locator("#code").press("Enter")
    expect(tablet.locator(".y-num")).to_have_text(str(second.compartment.number))
    expect(tablet.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, second.compartment.number)
    tablet.locator("button[value='next']").click()
    expect(tablet.locator(".y-num")).to_have_text(str(third.compartment.number))
    expect(tablet.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, third.compartment.number)
    expect(tablet.locator("[data-said]")).to_have_text(re.compile("谢谢"))

    # Somebody else comes with a code of their own, once.
    phone.goto(f"{base}/home/parcels/{fourth.pk}/")
    phone.locator("a[href='#proxy']").click()
    phone.locator("#name").fill("王阿姨")
    phone.locator("form[action$='/proxy/'] button").click()
    expect(phone.get_by_text("王阿姨").first).to_be_visible()
    code = fourth.proxies.get().code
    for last in (str(fourth.compartment.number), None):
        tablet.goto(tablet.url.split("/act/")[0].rstrip("/") + "/")
        tablet.locator("#code").fill(code)
        tablet.locator("#code").press("Enter")
        if last is None:
            expect(tablet.get_by_role("alert")).to_be_visible()
            break
        expect(tablet.locator(".y-num")).to_have_text(last)
        expect(tablet.locator("[data-said]")).to_have_text(re.compile("门开了"))
        simulated_locker.shut(place.device_id, fourth.compartment.number)
        expect(tablet.locator("[data-said]")).to_have_text(re.compile("谢谢"))
    fourth.refresh_from_db()
    assert (fourth.state, fourth.by_proxy) == ("collected", True)

    # What was damaged is shown by a picture.
    phone.goto(f"{base}/home/parcels/{second.pk}/")
    phone.locator("a[href='#report']").click()
    phone.locator("input[name='what'][value='damaged']").check(force=True)
    phone.locator("#text").fill("外箱压扁了")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo((640, 480))}
    phone.locator("#picture").set_input_files(picture)
    phone.locator("form[action$='/report/'] button").click()
    expect(phone.get_by_text("外箱压扁了")).to_be_visible()
    told = ParcelReport.objects.get()
    assert (told.what, told.parcel_id) == ("damaged", second.pk)
    assert second.pictures.count() == 1
    # Whoever went on to the next door before the screen saw this one shut, is seen by the round.
    watching.watch(place.bank)
    assert Parcel.objects.filter(state="collected").count() == 4
