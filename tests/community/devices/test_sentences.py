"""Each code that this layer can give has a sentence, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from community import devices
from community.devices.sentences import FAMILIES, SENTENCES, sentence

pytestmark = pytest.mark.pure
GIVEN = re.compile(
    r'(?:DeviceFault|DeviceSilent|Health\("(?:faulty|offline)",|judge|return|finish\w*\([^"]*)\(?\s*"([a-z_]+)"'
)


def given_codes() -> set[str]:
    """Codes as the source names them; formatted ones and states of devices aside."""
    folder = Path(devices.__path__[0])
    text = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    states = {"online", "offline", "faulty", "auth", "received", "device", "state"}
    states |= {"jpeg", "empty"}  # kinds of parts of a push
    families = tuple(FAMILIES)
    return {code for code in GIVEN.findall(text) if not code.startswith(families)} - states


def test_every_code_has_a_sentence() -> None:
    codes = given_codes()
    assert {"unreachable", "expired", "jammed", "no_answer", "superseded"} <= codes
    assert codes <= SENTENCES.keys()


@pytest.mark.parametrize("code", ["refused_409", "answered_500", "motor_overheated"])
def test_a_code_of_the_device_has_one_too(code: str) -> None:
    with translation.override("en"):
        text = sentence(code)
    assert text.endswith(".")
    assert code not in text


def test_no_code_has_no_sentence() -> None:
    assert sentence("") == ""
