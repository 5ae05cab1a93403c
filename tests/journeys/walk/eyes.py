"""A browser that opens pages and says what is wrong with them: axe's rules, and their width."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Response
from playwright.sync_api import Error as BrowserError

from tests.journeys.walk.stops import Stop

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
#: A page begins to look at itself and answers when it is asked, so that two look at once. It waits
#: until nothing is fetched any more, three seconds at most. A piece or a picture is no page.
BEGIN = """() => {
  const fetching = () => document.readyState !== 'complete'
    || document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling');
  const look = async () => {
    if (document.contentType !== 'text/html') return null;
    // A piece is fetched into a page: what only a whole page has is not asked of it.
    const off = document.querySelector('title') ? [] : ['region', 'landmark-one-main', 'bypass',
      'page-has-heading-one', 'document-title', 'html-has-lang', 'heading-order', 'list',
      'listitem'];
    const rules = Object.fromEntries(off.map((name) => [name, {enabled: false}]));
    for (let turn = 0; turn < 60 && (turn < 2 || fetching()); turn++) {
      await new Promise((done) => setTimeout(done, turn < 2 ? 10 : 50));
    }
    // The office's list of lists is the same on each of its pages: the first page is enough.
    const again = location.pathname !== '/admin/' && document.querySelector('#nav-sidebar');
    const where = again ? {exclude: [['#nav-sidebar']]} : document;
    const found = await axe.run(where, {
      rules, resultTypes: ['violations'], preload: false, iframes: false,
    });
    return found.violations.map((one) =>
      `axe ${one.id}, ${one.nodes.length} times, such as ${one.nodes[0].html.slice(0, 160)}`);
  };
  window.linliLook = look();
}"""
WIDTH = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= innerWidth) return [];
  const boxes = [...document.body.querySelectorAll('*')]
    .map((one) => [one.getBoundingClientRect().right, one])
    .filter(([right]) => right > innerWidth + 1).sort((a, b) => b[0] - a[0]);
  const [right, one] = boxes[0] || [wide, document.body];
  return [`${wide} px wide, ${one.tagName}.${one.className} reaches ${Math.round(right)}`];
}"""


@dataclass
class Eyes:
    """One profile of the browser in one language, at one width; signed in as whoever walks."""

    context: BrowserContext
    language: str
    root: str
    size: dict[str, int]
    thrown: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.answer: Response | None = None
        self.failed = ""

    def become(self, client: Client) -> None:
        """Go on as whoever the test client is by now: signed in, half signed in, a bound tablet."""
        kept = {name: morsel.value for name, morsel in client.cookies.items()}
        kept[settings.LANGUAGE_COOKIE_NAME] = self.language
        self._begin_anew()
        self.context.clear_cookies()
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.root} for name, value in kept.items()]
        )

    def _begin_anew(self) -> None:
        self.page.close()  # whatever it still fetches is not for whoever comes next
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda fault: self.thrown.append(f"script: {fault}"))

    def go(self, stop: Stop) -> None:
        """Open the page, and let it look at itself while others do."""
        self.failed, self.answer = "", None
        self.page.set_viewport_size(self.size)  # type: ignore[arg-type]
        try:
            self.answer = self._open(self.root + stop.path)
            self.page.evaluate(AXE)
            self.page.evaluate(BEGIN)
        except BrowserError as fault:
            self.failed = str(fault).splitlines()[0]

    def _open(self, address: str) -> Response | None:
        """Where the last address had no page, the browser may still be on its way to say so."""
        try:
            return self.page.goto(address, wait_until="domcontentloaded")
        except BrowserError as fault:
            if "interrupted by another navigation" not in str(fault):
                raise
        self._begin_anew()
        self.page.set_viewport_size(self.size)  # type: ignore[arg-type]
        return self.page.goto(address, wait_until="domcontentloaded")

    def say(self, stop: Stop) -> list[str] | None:
        """What is wrong; None where there is nothing to look at."""
        if "Download is starting" in self.failed:
            return None  # a file
        if self.failed:
            # An empty answer is none to a browser with a window: that of a deed, which is sent and
            # not opened.
            asked = self.context.request.get(self.root + stop.path)
            return None if asked.status == 405 else [self.failed]
        assert self.answer is not None
        if self.answer.status == 405:
            return None
        if self.answer.status != stop.status:
            return [f"answers {self.answer.status}"]
        found = self.page.evaluate("() => window.linliLook")
        if found is None:
            return None
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        told = [*found, *self.page.evaluate(WIDTH), *self.thrown]
        self.thrown.clear()
        return told
