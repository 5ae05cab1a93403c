"""What a controller's answer to a harmless question says, by texts that the installer names.

Blanks do not count: `{"output": true}` has several spellings.
"""

from __future__ import annotations

import re

from community.devices.base import BarrierState
from community.devices.exchange import Answer


def position(opened: bool, closed: bool) -> BarrierState:
    found = BarrierState.OPEN if opened else BarrierState.CLOSED
    return found if opened != closed else BarrierState.UNKNOWN


def holds(answer: Answer, wanted: str) -> bool:
    """Whether an answer contains a text; never where none is named."""
    return bool(wanted) and _plain(wanted) in _plain(answer.text)


def number_after(answer: Answer, before: str) -> float | None:
    """The number that follows a text; None where there is none."""
    if not before:
        return None
    number = re.escape(_plain(before)) + r'"?(\d{1,12}(?:\.\d{1,6})?)'
    found = re.search(number, _plain(answer.text))
    return float(found[1]) if found else None


def _plain(text: str) -> str:
    return "".join(text.split())
