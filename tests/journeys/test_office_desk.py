"""A clerk at the desk: somebody without a phone is found, helped, and given paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Event, User
from residents.models import Person, WayIn
from residents.operations import add_person, add_residency
from tests.community import factories
from tests.journeys.sitting import sit_down
from tests.parking import cars

pytestmark = [
    pytest.mark.journey,
    # The verbs have their own tests on both databases; this one is about the pages.
    pytest.mark.sqlite,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
expect.set_options(timeout=20_000)


@pytest.fixture
def lin() -> Person:
    at = factories.compound("梧桐苑")
    person = add_person(compound=at, name="林晓青", phone="19900001234")
    add_residency(person=person, unit=factories.unit(at), kind="owner", started_on=date(2024, 1, 1))
    cars.car(at, owner=person)
    return person


@pytest.fixture
def clerk(lin: Person, live_server, new_context: Callable[..., BrowserContext]) -> Page:
    user: User = factories.user("desk", at=lin.compound, name="李敏")
    context = new_context()
    context.add_init_script("window.print = () => { document.title = 'printed'; }")
    page = sit_down(context, live_server.url, user)
    page.goto(f"{live_server.url}/desk/")
    return page


def test_a_card_for_somebody_without_a_phone(clerk: Page, lin: Person) -> None:
    expect(clerk.locator("main [data-find]")).to_be_focused()
    clerk.keyboard.type("林晓青")
    clerk.keyboard.press("Enter")
    clerk.locator("main").get_by_role("link", name="林晓青").first.click()
    clerk.get_by_role("link", name="发卡").click()
    clerk.get_by_label("卡号").fill("x")
    clerk.get_by_role("button", name="发卡").click()
    expect(clerk.locator(".l-field__error")).to_contain_text("卡号")
    assert not WayIn.objects.exists()
    clerk.get_by_label("卡号").fill("04A1B2C3")
    clerk.get_by_role("button", name="发卡").click()
    expect(clerk.get_by_role("status")).to_contain_text("B2C3")
    card, done = WayIn.objects.get(), Event.objects.get(kind="desk.done")
    assert (card.person, card.issued_by.name) == (lin, "李敏")
    assert (done.payload["deed"], done.payload["subject_id"]) == ("give-card", lin.pk)
    clerk.locator(".k-papers summary").click()
    clerk.get_by_role("link", name="领卡单").click()
    expect(clerk.locator(".p-sheet")).to_contain_text("B2C3")
    clerk.get_by_role("button", name="打印").click()
    expect(clerk).to_have_title("printed")


def test_one_search_finds_people_and_their_cars(clerk: Page, lin: Person, live_server) -> None:
    clerk.goto(f"{live_server.url}/search/")
    box = clerk.locator("main [data-find]")
    for asked in (cars.PLATE[2:], "1234"):
        box.fill(asked)
        box.press("Enter")
        expect(clerk.locator("main")).to_contain_text("林晓青" if asked == "1234" else cars.PLATE)
    box.fill("zzzz")
    box.press("Enter")
    expect(clerk.locator("main")).to_contain_text("没有找到")
