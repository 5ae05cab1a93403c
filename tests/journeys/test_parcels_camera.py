"""A courier's phone films waybills, a resident's shows where it stands: in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from community.devices.drivers import simulated_locker
from community.vision.codes import read_code
from parcels import operations
from parcels.models import Parcel
from tests.community import factories
from tests.community.vision.bars import bars, parcel, seen
from tests.journeys.sitting import sit_down
from tests.parcels.lockers import Stand, stand
from tests.servers.browser import ARGUMENTS, program

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
WAYBILL = "SF1428091666315"
#: A browser that reads barcodes by itself: it sees two at once, and then one again and again.
EYES = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["code_128", "qr_code"]); }
  constructor() { this.looks = 0; }
  detect() {
    this.looks += 1;
    const two = ["SF1428091666311", "SF1428091666312"];
    const texts = this.looks === 1 ? two : ["sf 1428-0916 66313"];
    return Promise.resolve(texts.map((rawValue) => ({ format: "code_128", rawValue })));
  }
};
"""
DENIED = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
"""


@pytest.fixture
def place(settings, tmp_path: Path) -> Stand:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    return stand(phone_proof="shown")


def label(module: int = 3) -> np.ndarray:
    frame = parcel(bars(WAYBILL, module, 110), angle=-6, size=(480, 640))
    return seen(frame, blur=0.8, noise=4, contrast=0.8)


@pytest.fixture
def filming(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees a waybill, a little tilted and dim."""
    film = tmp_path / "waybill.y4m"
    picture = cv2.cvtColor(label(), cv2.COLOR_BGR2YUV_I420).tobytes()
    head = b"YUV4MPEG2 W640 H480 F5:1 Ip A1:1 C420jpeg\n"
    film.write_bytes(head + 2 * (b"FRAME\n" + picture))
    shown = f"--use-file-for-fake-video-capture={film}"
    found = browser.browser_type.launch(executable_path=program(), args=[*ARGUMENTS, shown])
    yield found
    found.close()


def stand_there(page: Page, root: str) -> None:
    """The courier's page, in front of the only bank."""
    page.goto(f"{root}/courier/")
    page.get_by_role("button", name="1 号快递柜").click()
    expect(page.locator("#waybill")).to_be_focused()


def test_a_phone_without_a_reader_of_its_own_reads_waybills_by_its_camera(
    live_server, filming, place: Stand
) -> None:
    context = filming.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = sit_down(context, live_server.url, place.courier.user)
    stand_there(page, live_server.url)
    page.locator("[data-camera]").click()
    expect(page.locator("#waybill")).to_have_value(WAYBILL)
    expect(page.locator("#tail")).to_be_focused()
    expect(page.locator("[data-see]")).to_be_hidden()
    page.keyboard.type("6120")
    expect(page.locator("#hint")).to_be_focused()
    page.keyboard.type("许")
    page.keyboard.press("Enter")
    expect(page.locator("form[data-size]")).to_be_visible()
    # For the next parcel the camera is on by itself, and whoever closes it types on.
    page.goto(f"{live_server.url}/courier/")
    expect(page.locator("#waybill")).to_have_value(WAYBILL)
    page.goto(f"{live_server.url}/courier/")
    page.keyboard.press("Escape")
    expect(page.locator("[data-see]")).to_be_hidden()
    context.close()


def test_a_phone_with_a_reader_of_its_own_sends_nothing_and_takes_no_doubtful_number(
    live_server, new_context, place: Stand
) -> None:
    page = sit_down(new_context(width="narrow"), live_server.url, place.courier.user)
    page.add_init_script(EYES)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(urlsplit(one.url).path))
    stand_there(page, live_server.url)
    expect(page.locator("[data-camera]")).to_be_visible()
    page.locator("[data-camera]").focus()
    page.keyboard.press("Enter")  # by keyboard: a scanner's next keys are the number all the same
    expect(page.locator("#waybill")).to_have_value("SF1428091666313")
    assert "/courier/read/" not in sent


def test_without_leave_for_the_camera_the_page_says_so_and_takes_a_photograph(
    live_server, new_context, place: Stand
) -> None:
    page = sit_down(new_context(width="narrow"), live_server.url, place.courier.user)
    page.add_init_script(DENIED)
    stand_there(page, live_server.url)
    page.locator("[data-camera]").click()
    expect(page.locator("[data-say]")).to_have_text(re.compile("没有允许"))
    page.keyboard.type("SF00")  # the cursor never left the field
    expect(page.locator("#waybill")).to_have_value("SF00")
    photo = bytes(cv2.imencode(".jpg", label())[1].tobytes())
    given = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}
    page.locator("#waybill-photo").set_input_files(given)
    expect(page.locator("#waybill")).to_have_value(WAYBILL)
    page.locator("[data-camera]").click()
    page.locator("[data-close]").click()
    expect(page.locator("[data-see]")).to_be_hidden()


def test_a_phone_opens_by_what_the_tablet_shows(live_server, new_context, place: Stand) -> None:
    user = factories.user("resident", at=place.compound)
    place.person.user = user
    place.person.save()
    first, second = place.put_in(), place.put_in()
    tablet = new_context().new_page()
    tablet.goto(f"{live_server.url}/locker/{operations.tablet_of(place.bank)}/")
    expect(tablet.locator("#code")).to_be_focused()

    phone = sit_down(new_context(width="narrow"), live_server.url, user)
    phone.goto(f"{live_server.url}/home/parcels/{first.pk}/")
    button = phone.locator("form[action$='/open/'] button")
    button.click()
    expect(phone.get_by_role("alert")).to_contain_text("四位数字")
    phone.locator("#shown").fill(tablet.locator("[data-digits]").inner_text())
    phone.locator("#shown").press("Enter")
    expect(phone.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, first.compartment.number)
    expect(phone.locator("[data-door]")).to_have_count(0)

    # Another phone scans the code with its camera, and is led to what is left.
    picture = np.frombuffer(tablet.locator("[data-shown]").screenshot(), np.uint8)
    link = read_code(cv2.resize(cv2.imdecode(picture, cv2.IMREAD_COLOR), None, fx=3, fy=3))
    other = sit_down(new_context(width="narrow"), live_server.url, user)
    other.goto(link)
    expect(other).to_have_url(re.compile(f"/{second.pk}/$"))
    expect(other.locator("#shown")).to_have_count(0)
    other.locator("form[action$='/open/'] button").click()
    expect(other.locator("[data-said]")).to_have_text(re.compile("门开了"))
    simulated_locker.shut(place.device_id, second.compartment.number)
    expect(other.locator("[data-door]")).to_have_count(0)
    assert Parcel.objects.filter(state="collected").count() == 2
