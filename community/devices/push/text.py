"""Text, JSON and XML as cameras write them: two encodings, odd ends, and nothing trusted."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from datetime import UTC, datetime, tzinfo
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree
from django.utils.dateparse import parse_datetime

from community.devices.push.told import NotUnderstood

_EXPECTED = re.compile("[\u0000-\u007f\u00b7\u2014\u2018-\u201d\u2022\u2026\u3000-\u303f"
                       "\u4e00-\u9fff\uff00-\uffef]")  # fmt: skip
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
#: Years outside of which a camera's clock was plainly never set.
YEARS = range(2000, 2100)
LONGEST_ID = 80


def decode(data: bytes) -> str:
    """UTF-8 or GBK, whichever gives Chinese text.

    Some GBK is valid UTF-8: 豫 is D4 A5 in GBK, which UTF-8 reads as a Cyrillic letter. So UTF-8
    counts when all of it is what such devices write; otherwise the reading with fewer oddities.
    """
    if data.isascii():
        return data.decode("ascii")
    # Pictures say nothing about it, and no character of either ends in a quotation mark.
    telling = b'"'.join(piece for piece in data.split(b'"') if not piece.isascii())
    utf8, gbk = _strict(telling, "utf-8"), _strict(telling, "gb18030")
    is_gbk = gbk is not None and (utf8 is None or _odd(utf8) > _odd(gbk))
    return data.decode("gb18030" if is_gbk else "utf-8", "replace")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _odd(text: str) -> int:
    return len(_EXPECTED.sub("", text))


def read_json(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises NotUnderstood: ``json_invalid``, ``json_too_deep``."""
    try:
        found = json.loads(decode(data).strip("\0\ufeff \r\n\t"))
    except RecursionError as error:
        raise NotUnderstood("json_too_deep") from error
    except ValueError as error:
        raise NotUnderstood("json_invalid") from error
    if not isinstance(found, dict):
        raise NotUnderstood("json_invalid")
    return found


def at(value: Any, *path: str) -> Any:
    """What stands at a path of names, None where it leads nowhere."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def read_xml(data: bytes) -> dict[str, str]:
    """Local names to texts, the first of each name. Raises NotUnderstood: ``xml_…``.

    No document type and no entities: they serve nothing here but to fill our memory.
    """
    text = _DECLARATION.sub("", decode(data).strip("\0\ufeff \r\n\t"), count=1)
    try:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise NotUnderstood("xml_forbidden") from error
    except (ParseError, ValueError) as error:
        raise NotUnderstood("xml_invalid") from error
    found: dict[str, str] = {}
    for element in root.iter():
        found.setdefault(str(element.tag).rpartition("}")[2], (element.text or "").strip())
    return found


def plain(value: Any, most: int = LONGEST_ID) -> str:
    """A value as short text without control characters; nothing for lists and objects."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = "".join(sign if sign.isprintable() else " " for sign in str(value)[: 4 * most])
    return text.strip()[:most]


def number(value: Any) -> float | None:
    """A finite number, also from text; None for anything else."""
    try:
        found = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def flag(value: Any) -> bool:
    """Whether a mark is set: true, 1, "1", "true", "yes"."""
    return plain(int(value) if isinstance(value, bool) else value).lower() in ("1", "true", "yes")


def share(value: Any, whole: float) -> float | None:
    """A confidence as 0..1; None where there is none, 0 where it makes no sense."""
    found = number(value)
    if found is None:
        return None
    return found / whole if 0 <= found <= whole else 0.0


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """A time as text; one without offset is in the device's zone. None for what is no time."""
    text = plain(value).replace("/", "-")
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    return _sane(found if found.tzinfo else found.replace(tzinfo=zone))


def epoch(value: Any, micro: Any = 0, *, unit_s: float = 1.0) -> datetime | None:
    """A time as seconds since 1970 in UTC; None for what is none."""
    found = number(value)
    if not found:
        return None
    try:
        return _sane(datetime.fromtimestamp(found * unit_s + (number(micro) or 0) / 1e6, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _sane(found: datetime) -> datetime | None:
    return found if found.year in YEARS else None


def picture(value: Any) -> bytes | None:
    """A JPEG in base64, the two web forms included; None for anything else."""
    if not isinstance(value, str) or len(value) < 16:
        return None
    text = value.rpartition("base64,")[2].translate(str.maketrans("-_.", "+/=", " \r\n"))
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return found if found.startswith(b"\xff\xd8\xff") else None


def picture_of(found: list[bytes]) -> bytes | None:
    """The largest of several pictures without names: the whole scene; crops are small."""
    return max(found, key=len, default=None)


#: What cameras call the colour of a plate, and what we do. The first that fits counts.
COLOURS = (
    ("yellow-green", "green"), ("yellowgreen", "green"), ("黄绿", "green"), ("渐变", "green"),
    ("green", "green"), ("newenergy", "green"), ("绿", "green"), ("blue", "blue"), ("蓝", "blue"),
    ("yellow", "yellow"), ("黄", "yellow"), ("white", "white"), ("白", "white"),
    ("black", "black"), ("黑", "black"),
)  # fmt: skip


def colour(value: Any) -> str:
    """One of our colours by a maker's word for it; empty where it is none."""
    text = plain(value).lower().replace(" ", "").replace("_", "")
    return next((ours for theirs, ours in COLOURS if theirs in text), "")


#: "No plate" in ways that a grammar of plates does not know.
NONE_SAID = frozenset({"", "-", "_无_", "0", "false"})


def plate(value: Any) -> str | None:
    """The plate as the camera wrote it; None where that says that there is none."""
    text = plain(value, 40)
    return None if text.lower() in NONE_SAID else text
