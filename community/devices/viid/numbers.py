"""The 20 digits of a device or platform, and the names of what it saw, as GA/T 1400.1 builds them.

A device: eight digits of the place (the first six of GB/T 2260), two of the trade, three of its
kind, one of the network, six of its own. A picture: the device's number, ``02``, the local time to
the second, five digits. A vehicle in it: the picture's name, ``02``, five digits.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.utils import timezone

NUMBER = re.compile(r"[0-9]{20}")
#: The first two digits of GB/T 2260: provinces, and what is like one.
PROVINCES = frozenset(
    str(code)
    for region in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 83))
    for code in range(*region)
)
#: GB/T 28181 gives kinds below 111 to nothing.
LOWEST_KIND = 111
PICTURE = VEHICLE = "02"


def is_number(text: str) -> bool:
    """Whether these are the 20 digits of a device or platform."""
    if not NUMBER.fullmatch(text):
        return False
    return text[:2] in PROVINCES and int(text[10:13]) >= LOWEST_KIND


def picture_id(number: str, at: datetime, row: int) -> str:
    """41 digits; the same for the same row, however often it is asked for."""
    return f"{number}{PICTURE}{stamp(at)}{row % 100_000:05}"


def vehicle_id(number: str, at: datetime, row: int) -> str:
    """48 digits."""
    return f"{picture_id(number, at, row)}{VEHICLE}00001"


def stamp(at: datetime) -> str:
    """``yyyyMMddHHmmss``, local."""
    return timezone.localtime(at).strftime("%Y%m%d%H%M%S")
