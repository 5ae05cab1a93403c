"""What people show at a door, as text: how it is made, read and told apart. No tables.

A personal code is ``L1:<way in>:<step>:<mac>``: its phone makes a new one every STEP_S seconds from
a key of its own, without network; the mac has 128 bits. A visitor's code is ``V1:<secret>`` with
160 random bits, or the address of its page with the same secret at the end.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

STEP_S = 15
#: Steps by which a code may be off: the time of walking up, and clocks that are nearly right.
REACH = 2
#: Steps beyond which a wrong time is no wrong clock any more.
CLOCK_REACH = 40
MAC_BYTES = 16
PASS_BYTES = 20
PIN_DIGITS = 6
PERSONAL, PASS = "L1", "V1"
LONGEST = 300
_SECRET = re.compile(r"[A-Za-z0-9_-]{27}")
_CARD = re.compile(r"[0-9A-F]{4,20}")
_PERSONAL = re.compile(r"L1:([0-9]{1,18}):([0-9]{1,12}):([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class Presented:
    """What was shown: ``kind`` is card, qr, pin or pass; ``home`` only with a PIN."""

    kind: str
    value: str
    home: str = ""


@dataclass(frozen=True)
class PersonalCode:
    """A personal code as read; ``mac`` is not checked yet."""

    way_id: int
    step: int
    mac: str


def of_code(text: str) -> Presented | None:
    """What a scanned code is: a personal code, a visitor's pass, or None for any other."""
    text = text[:LONGEST].strip().rstrip("/")
    if _PERSONAL.fullmatch(text):
        return Presented("qr", text)
    secret = (
        text.removeprefix(f"{PASS}:") if text.startswith(f"{PASS}:") else text.rpartition("/")[2]
    )
    if _SECRET.fullmatch(secret) and (text.startswith(f"{PASS}:") or "/pass/" in text):
        return Presented("pass", secret)
    return None


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP_S


def new_key() -> str:
    """The key of a personal code: 256 bits."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def personal_code(way_id: int, key: str, step: int) -> str:
    """The code that a phone shows in a step."""
    return f"{PERSONAL}:{way_id}:{step}:{_mac(way_id, key, step)}"


def read_personal(text: str) -> PersonalCode | None:
    found = _PERSONAL.fullmatch(text)
    return PersonalCode(int(found[1]), int(found[2]), found[3]) if found else None


def is_signed(code: PersonalCode, key: str) -> bool:
    """Whether the holder of the key made this code; in constant time."""
    return hmac.compare_digest(_mac(code.way_id, key, code.step), code.mac)


def _mac(way_id: int, key: str, step: int) -> str:
    made = hmac.new(base64.b64decode(key), f"{PERSONAL}:{way_id}:{step}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(made[:MAC_BYTES]).decode().rstrip("=")


def new_pass() -> str:
    """A visitor's secret: 160 bits, 27 signs that fit into an address."""
    return base64.urlsafe_b64encode(secrets.token_bytes(PASS_BYTES)).decode().rstrip("=")


def pass_digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def new_pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def plain_card(text: str) -> str:
    """A card's number as it is kept: readers type digits or hexadecimal, some with leading zeros.

    Empty where it is none.
    """
    number = re.sub(r"[\s:-]", "", text[:60]).upper()
    return number.lstrip("0") if _CARD.fullmatch(number) else ""


def is_pin(text: str) -> bool:
    return bool(re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", text))


def is_easy(pin: str) -> bool:
    """Whether a PIN is one of those that are guessed first."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or pin[:3] == pin[3:]
