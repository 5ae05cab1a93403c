"""A visitor with a pass, and one without, in real browsers: phone, tablet, guard's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from community.devices.operations import issue_token
from community.models import Compound, Lane, User
from community.vision.codes import read_code
from residents.models import Visit, VisitStay
from security.kiosk import COOKIE
from security.models import HomeCall, Passage
from security.operations import complete_passage
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.residents.doors import door, resident, show
from tests.servers.browser import ARGUMENTS, program

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
Come = Callable[..., Page]
ACROSS, DOWN = 1280, 720


@pytest.fixture
def compound() -> Compound:
    return factories.compound("梧桐苑")


@pytest.fixture
def host(compound) -> User:
    user = factories.user("resident", at=compound)
    resident(factories.unit(compound), "林晓", user=user)
    return user


@pytest.fixture
def lane(compound) -> Lane:
    return door(compound)


@pytest.fixture
def come(live_server, new_context: Callable[..., BrowserContext]) -> Iterator[Come]:
    """`come("home", user)`: a page of this user; no fault of a script goes unseen."""
    faults: list[str] = []

    def open_page(path: str, user: User | None = None, context: BrowserContext | None = None):
        page = sit_down(context or new_context(width="narrow"), live_server.url, user)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    assert faults == []


@pytest.fixture
def tablet(live_server, come: Come, lane: Lane) -> Callable[[BrowserContext], Page]:
    """`tablet(context)`: the lane's tablet, bound by its token."""
    device = factories.device(lane.compound, "kiosk", "none", settings={"lane": lane.pk})
    token = issue_token(device, None)

    def put_up(context: BrowserContext) -> Page:
        where = live_server.url + reverse("kiosk")
        context.add_cookies([{"name": COOKIE, "value": token, "url": where}])
        return come(reverse("kiosk"), context=context)

    return put_up


def film_of(picture: bytes, place: Path) -> Path:
    """A film of one picture, as a camera would see it: grey all around."""
    code = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert code is not None
    code = cv2.resize(code, (480, 480 * code.shape[0] // code.shape[1]))
    frame = np.full((DOWN, ACROSS), 110, np.uint8)
    frame[100 : 100 + code.shape[0], 400 : 400 + code.shape[1]] = code
    colours = np.full(DOWN * ACROSS // 2, 128, np.uint8).tobytes()
    head = f"YUV4MPEG2 W{ACROSS} H{DOWN} F5:1 Ip A1:1 C420mpeg2\n".encode()
    place.write_bytes(head + (b"FRAME\n" + frame.tobytes() + colours) * 2)
    return place


def filming(browser: Browser, film: Path) -> Browser:
    """A second Chromium, whose camera shows this film."""
    shows = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    return browser.browser_type.launch(executable_path=program(), args=shows)


def test_invited_read_by_the_tablet_told_and_signed_out(
    come: Come, tablet, host: User, browser: Browser, tmp_path: Path
) -> None:
    phone = come(reverse("home-visit-new"), host)
    phone.get_by_label("访客姓名").fill("周闻达")
    now = timezone.localtime()
    phone.get_by_label("日期").fill(now.date().isoformat())
    phone.get_by_label("开始时间").fill("00:00")
    phone.get_by_label("结束时间").fill("23:59")
    phone.get_by_role("button", name="生成通行证").click()
    link = phone.locator("[data-link]").text_content()
    assert link

    guest = come("/" + link.split("/", 3)[3])
    expect(guest.get_by_role("heading", name="周闻达")).to_be_visible()
    film = film_of(guest.get_by_role("img", name="二维码").screenshot(), tmp_path / "pass.y4m")
    camera = filming(browser, film)
    try:
        screen = tablet(camera.new_context(locale="zh-CN"))
        expect(screen.get_by_role("alert")).to_contain_text("请进")
    finally:
        camera.close()

    passage = Passage.objects.get(way="pass")
    assert passage.outcome == "allow"
    complete_passage(passage.pk, "assumed", timezone.now())
    phone.goto(phone.url.split("/home/")[0] + reverse("home-messages"))
    expect(phone.get_by_text("周闻达 已到达")).to_be_visible()

    guard = come(reverse("guard-visitors"), factories.user("guard", at=passage.compound))
    guard.get_by_role("button", name="已离开").click()
    expect(guard.get_by_role("status").first).to_contain_text("周闻达")
    assert VisitStay.objects.get().left_by == "guard"
    row = Visit.objects.get()
    assert row.entries == 1
    phone.goto(phone.url.split("/home/")[0] + reverse("home-visit", args=[row.pk]))
    expect(phone.get_by_text("离开").first).to_be_visible()


def test_a_walk_in_is_let_in_and_the_phone_makes_its_code_without_network(
    come: Come, tablet, host: User, lane: Lane, new_context
) -> None:
    phone = come(reverse("home"), host)
    screen = tablet(new_context())
    screen.get_by_role("button", name="我是访客").click()
    for key in "3-2-1202":
        screen.locator(f"[data-press='{key}']").click()
    screen.get_by_role("button", name="呼叫这一户").click()
    expect(screen.get_by_role("heading", name="正在呼叫 3-2-1202")).to_be_visible()
    expect(phone.get_by_role("heading", name="有人找您")).to_be_visible()
    phone.get_by_role("button", name="让他进来").click()
    expect(screen.get_by_role("alert")).to_contain_text("请进")
    expect(phone.get_by_text("住户同意").first).to_be_visible()
    assert HomeCall.objects.get().answered_by.user == host
    assert Visit.objects.get().is_walk_in

    path = reverse("home-pass")
    phone.goto(phone.url.split("/home/")[0] + path)
    phone.get_by_role("button", name="在本机启用").click()
    picture = phone.get_by_role("img", name="本机开门码")
    expect(picture).to_be_visible()
    for _ in range(100):
        if phone.evaluate(f"caches.match('{path}').then((kept) => Boolean(kept))"):
            break
        phone.wait_for_timeout(100)
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("[data-part='offline']")).to_be_visible()
    expect(picture.locator("path")).not_to_have_attribute("d", "")
    shown = cv2.imdecode(np.frombuffer(phone.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    text = read_code(shown)
    assert text
    assert show(lane, "qr", text).code == "resident"
    assert show(lane, "qr", text).code == "code_used"
