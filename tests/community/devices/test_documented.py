"""Settings that the documents tell people to type are settings that the drivers take."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from community.devices.push import FORMATS
from community.devices.registry import driver_for
from community.models import Device
from tests.community.devices.relay import PASSWORD, USER, Relay

pytestmark = pytest.mark.pure
FOLDER = Path(settings.BASE_DIR) / "docs" / "devices"
BLOCKS = [
    json.loads(block)
    for page in sorted(FOLDER.glob("*.md"))
    for block in re.findall(r"```json\n(.*?)```", page.read_text(), re.DOTALL)
]
#: Some blocks show messages; a driver of their own has what opens something.
OWN = [block for block in BLOCKS if block.get("driver", "push") != "push"]


def test_every_maker_has_its_page_and_each_page_says_what_to_type():
    index = (FOLDER / "push.md").read_text()
    assert len(BLOCKS) >= 7
    assert [name for name in FORMATS if f"({name}.md)" not in index] == []
    for name in FORMATS:
        text = (FOLDER / f"{name}.md").read_text()
        assert f"/devices/<secret>/{name}" in text
        assert "(push.md)" in text


def test_no_page_leads_nowhere():
    for page in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            assert (page.parent / target).exists() or target.startswith("http"), (page, target)


@pytest.mark.parametrize("block", OWN, ids=lambda block: str(block["settings"])[:60])
def test_what_is_to_be_typed_makes_a_driver(block: dict[str, Any]):
    device = Device(pk=7, driver=block["driver"], settings=block["settings"], credentials={})
    assert driver_for(device)


@pytest.mark.parametrize("block", [block for block in OWN if block["driver"] == "http_relay"])
def test_each_sends_its_opening_once_after_a_harmless_question(block):
    auth = block["settings"].get("auth", "none")
    with Relay(auth=auth, mode="no") as board:
        text = re.sub(r"http://[\d.]+", board.url, json.dumps(block["settings"]))
        own = json.loads(text) | {"timeout_s": 1.0, "accepted_contains": "", "refused_contains": ""}
        credentials = {"username": USER, "password": PASSWORD}
        device = Device(pk=7, driver="http_relay", settings=own, credentials=credentials)
        driver_for(device).open(command_id=1, pulse_ms=1000)
    opening = re.sub(r"^http://[^/]+", "", json.loads(text)["open_url"])
    sent = [request.target for request in board.requests]
    commands = [one for one in sent if one.split("?")[0] == opening.split("?")[0]]
    authorised = [one for one in board.requests if "authorization" in one.headers]
    assert len([one for one in commands if "tatus" not in one]) == 1
    assert len(authorised) == (1 if auth == "digest" else 0)
