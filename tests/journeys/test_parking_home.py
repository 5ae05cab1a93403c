"""A resident's cars on the phone: asked for with a licence, approved at the desk, let in."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from community.models import User
from parking.access import may_pass
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.residents.test_notices import resident
from tests.residents.test_requests import photo

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
PLATE = "皖A52M78"


def open_as(context: BrowserContext, url: str, user: User):
    page = sit_down(context, url, user)
    page.set_default_timeout(20_000)
    return page


def test_a_car_is_asked_for_approved_and_let_in(live_server, new_context):
    compound = factories.compound("梧桐苑")
    user = resident(compound, "3-2-1202", phone="13800001234")
    clerk = factories.user("desk", at=compound, name="小何", is_staff=True)
    url = live_server.url
    phone = open_as(new_context(width="narrow"), url, user)
    phone.goto(f"{url}/home/cars/")
    expect(phone.get_by_role("heading", name="我的车辆")).to_be_visible()
    phone.get_by_role("link", name="添加车辆").first.click()
    phone.get_by_label("车牌", exact=True).fill(PLATE)
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo((60, 40))}
    phone.get_by_label("行驶证照片").set_input_files(picture)
    phone.get_by_role("button", name="发给前台").click()
    expect(phone.get_by_text("等前台审核")).to_be_visible()
    desk = open_as(new_context(), url, clerk)
    desk.goto(f"{url}/desk/person/{user.files.get().pk}/")
    waits = desk.locator("section", has=desk.get_by_role("heading", name="等您审核的车辆"))
    waits.locator("summary").click()
    desk.get_by_role("link", name="登记这辆车").click()
    desk.get_by_role("button", name="登记这辆车").click()
    expect(desk.get_by_role("status").first).to_contain_text(PLATE)
    phone.reload()
    expect(phone.get_by_text("有效").first).to_be_visible()
    expect(phone.get_by_text("等前台审核")).to_have_count(0)
    asked = {"direction": "entry", "plate": PLATE, "kind": "blue", "at": timezone.now()}
    verdict, _car = may_pass(compound=compound, lane=factories.lane(compound), **asked)
    assert verdict.opens
