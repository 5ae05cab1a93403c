"""From an empty installation to the first opened barrier, through the pages alone."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from community.vision.plates import PlateKind
from community.vision.render import scenes
from tests.journeys.test_make_run import Run, soon
from tests.servers import template

pytestmark = [pytest.mark.journey, pytest.mark.sqlite, pytest.mark.slow, pytest.mark.timeout(500)]
PLATE = "皖A52M78"
PASSWORD = "plane-tree-garden-7"


@pytest.fixture
def linli(tmp_path: Path) -> Iterator[Run]:
    """An installation without the demo, with a folder in which a camera's pictures lie."""
    home = tmp_path / "installation"
    frame, _ = scenes.scene(PLATE, PlateKind.BLUE, np.random.default_rng(3), (960, 540))
    empty = scenes.lane((960, 540), np.random.default_rng(4))
    folder = home / "cameras" / "south"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "1-empty.jpg"), empty)
    cv2.imwrite(str(folder / "2-car.jpg"), frame)
    # That `make run` makes the tables itself is shown by test_make_run.
    template.copy_sqlite(Path(tempfile.gettempdir()), home / "linli.sqlite3")
    run = Run(home, tmp_path / "run.log", "--lang", "en", LINLI_DEMO="0")
    run.wait_until_ready()
    yield run
    run.kill()
    assert soon(lambda: not run.family())


class Walk:
    """Somebody who sets a compound up, and keeps pictures of the pages on the way."""

    def __init__(self, page: Page, linli: Run, keep: Callable[[Page, str], object]) -> None:
        self.page, self.linli, self._keep = page, linli, keep

    def keep(self, name: str) -> None:
        """A picture of this page; it must fit its width."""
        wide = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert self.page.evaluate(wide), f"{name} scrolls sideways"
        self._keep(self.page, name)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def choose(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("radio", name=name, exact=True).check(force=True)

    def see(self, title: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def first_account(self) -> None:
        code = re.search(r"Code +([a-z0-9]{5}-[a-z0-9]{5})", self.linli.log)
        assert code
        self.page.goto(self.linli.url("/"))
        self.see("Make the first account")
        self.fill(Code_from_the_terminal="wrong-wrong", User_name="operator", Password=PASSWORD)
        self.press("Begin")
        expect(self.page.get_by_role("alert")).to_contain_text("This is not the code")
        self.keep("first-account")
        self.fill(Code_from_the_terminal=code[1], Password=PASSWORD)
        self.page.get_by_label("Language", exact=True).select_option("en")
        self.press("Begin")

    def places(self) -> None:
        self.see("Which compound is this?")
        self.fill(Name="梧桐苑", Address="文渊路 18 号")
        self.keep("compound")
        self.press("Create the compound")
        self.see("Buildings and homes")
        self.fill(Buildings="1-3", Floors_with_homes="6")
        self.press("Preview")
        expect(self.page.get_by_role("status")).to_contain_text("36 homes")
        self.keep("homes")
        self.press("Make 36 homes")
        self.see("Gates and lanes")
        self.fill(Gate="South gate", Lane="South in")
        self.keep("gates")
        self.press("Save and go on")

    def camera(self) -> None:
        self.see("Which camera looks at this lane?")
        self.fill(Address="file:///etc/passwd")
        self.press("Show its picture")
        expect(self.page.get_by_role("alert")).to_contain_text("A camera cannot have this address")
        self.choose("A folder of pictures")
        self.fill(Address="south")
        self.press("Show its picture")
        expect(self.page.get_by_alt_text("What the camera sees")).to_be_visible(timeout=30_000)
        self.keep("camera")
        self.press("Save this camera")

    def region(self) -> None:
        self.see("Where do cars stop before the arm?")
        stage = self.page.get_by_role("group", name=re.compile("Region of the picture"))
        expect(stage).to_be_visible(timeout=30_000)
        stage.scroll_into_view_if_needed()
        box = stage.bounding_box()
        assert box
        at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in DRAWN]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        self.page.mouse.move(*at[1], steps=5)
        self.page.mouse.up()
        self.page.keyboard.press("ArrowLeft")
        self.page.keyboard.press("Shift+ArrowDown")
        self.fill(From_the_top="30")
        shown = [float(self.page.get_by_label(name).input_value()) for name in SIDES]
        assert shown == pytest.approx([19, 30, 60, 56], abs=1.5)
        self.keep("region")
        self.press("Save this region")

    def plate(self) -> None:
        self.see("Read a test plate")
        self.press("Read now")
        expect(self.page.get_by_role("button", name="The car has this plate")).to_be_visible(
            timeout=60_000
        )
        expect(self.page.locator(".u-read .l-plate")).to_have_text("皖A52M78")
        self.keep("plate")
        self.press("The car has this plate")

    def barrier(self) -> None:
        self.see("What opens this lane?")
        self.fill(Address_that_opens="http://169.254.169.254/open?{pulse_s}")
        self.press("Save this barrier")
        expect(self.page.get_by_role("alert")).to_contain_text("address is not allowed")
        self.keep("barrier")
        self.choose("Simulated, for trying out")
        self.press("Save this barrier")
        self.see("Test the barrier")
        self.press("Raise the arm once")
        expect(self.page.get_by_role("alert")).to_contain_text("Look at the lane first")
        self.page.get_by_label("The lane is clear: no car, nobody under the arm").check()
        self.page.get_by_label("I watch the arm").check()
        self.keep("test")
        self.press("Raise the arm once")
        expect(self.page.get_by_role("status")).to_contain_text("took the order", timeout=20_000)
        self.keep("tested")
        self.press("Yes, it rose")

    def people(self) -> None:
        self.see("Who works here?")
        for role, name, more in (
            ("Property manager", "manager", "Add and add another"),
            ("Guard", "guard", "Add and go on"),
        ):
            self.choose(role)
            self.fill(Name=name.title(), User_name=name, First_password=f"{PASSWORD}-{name}")
            self.press(more)
        self.see("Which car may come in?")
        self.keep("vehicle")
        self.fill(Number_plate=PLATE, Home="1-1-101")
        self.press("Register this car")


DRAWN = ((0.2, 0.35), (0.8, 0.9))
SIDES = ("From the left", "From the top", "Width", "Height")


def openings(linli: Run) -> int:
    """How often the simulated barrier rose for a command, whoever sent it."""
    logs = list((linli.home / "simulated").glob("*.log"))
    lines = [json.loads(line) for log in logs for line in log.read_text().splitlines()]
    return sum(line["action"] == "open" for line in lines)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_from_an_empty_database_to_an_opened_barrier(
    width: str, linli: Run, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(width=width, locale="en").new_page()
    folder = Path(__file__).resolve().parents[2] / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"setup-{name}-{width}.png", full_page=True)

    walk = Walk(page, linli, keep)
    walk.first_account()
    walk.places()
    walk.camera()
    walk.region()
    walk.plate()
    walk.barrier()
    assert openings(linli) >= 1
    before = openings(linli)
    walk.people()
    expect(page.get_by_role("status")).to_contain_text("Everything is set up")
    walk.keep("done")
    # Nobody started anything anew: the workers that ran since the beginning see the new camera.
    assert soon(lambda: openings(linli) > before, 120), "the car was not let in"
    page.goto(linli.url("/guard/"))
    expect(page.locator("#feed, main").first).to_contain_text("52M78", timeout=30_000)
