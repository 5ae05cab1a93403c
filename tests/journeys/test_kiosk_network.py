"""A tablet at a gate that loses its network, and comes back by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from community.devices.operations import issue_token
from community.models import Command
from residents.models import Person
from residents.operations import give_card, move_out
from security.models import Passage
from tests.community import factories
from tests.residents.doors import door, resident
from tests.servers.linli import LinliServer

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]
CARD = "00A1B2C3D4"
READ = """keys => keys.forEach(key =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})))"""


@pytest.fixture
def tablet(linli_server: LinliServer, new_context: Callable[..., BrowserContext]) -> Page:
    home = factories.unit(factories.compound())
    lane = door(home.compound)
    give_card(resident(home), CARD)
    device = factories.device(
        home.compound, "kiosk", "browser", settings={"lane": lane.pk, "again_ms": 300}
    )
    page = new_context(width="wide").new_page()
    page.goto(f"{linli_server.url}/kiosk/")
    page.locator("[name=token]").fill(issue_token(device, None))
    page.locator("form button[type=submit]").last.click()
    expect(page.locator("#kiosk")).to_be_visible(timeout=15_000)
    expect(page.locator("#clock")).not_to_be_empty(timeout=15_000)
    return page


def show_card(page: Page) -> None:
    """As a reader types: at once, with Enter behind, however busy the machine of the test is."""
    page.evaluate(READ, [*CARD, "Enter"])


def test_a_break_is_said_nothing_is_opened_later_and_it_goes_on_by_itself(tablet: Page):
    cut, done = tablet.locator("#cut"), tablet.locator("#done")
    shown: list[str] = []
    tablet.on("request", lambda request: shown.append(request.url))
    tablet.context.set_offline(True)
    expect(cut).to_be_visible()
    show_card(tablet)
    expect(done).to_be_hidden()
    assert not [url for url in shown if "/show" in url]
    assert not Passage.objects.exists()
    tablet.context.set_offline(False)
    expect(cut).to_be_hidden(timeout=10_000)
    # What was shown while the network was away opens nothing now.
    assert not Command.objects.exists()
    show_card(tablet)
    expect(done).to_be_visible(timeout=10_000)
    expect(tablet.locator("#done-title")).to_have_text("请进")
    assert Command.objects.filter(action="open").count() == 1
    expect(done).to_be_hidden(timeout=10_000)
    person = Person.objects.get()
    home = person.residencies.get().unit
    move_out(home, [person], on=timezone.localdate(), sold=True)
    show_card(tablet)
    expect(tablet.locator("#done-title")).to_have_text("没有开门", timeout=10_000)
    assert Command.objects.filter(action="open").count() == 1
