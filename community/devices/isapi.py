"""What Hikvision's devices answer: a ResponseStatus in XML or JSON, in any namespace."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer
from community.devices.push.text import plain, read_json, read_xml
from community.devices.push.told import NotUnderstood
from community.devices.web_device import judge, refusal

#: A harmless question that every model answers.
INFO = "/ISAPI/System/deviceInfo"
#: OK; and OK once it has started anew.
YES = frozenset({"0", "1", "7"})


def values_of(answer: Answer) -> dict[str, Any]:
    """Names to values, of an answer in XML or JSON; empty where it is neither."""
    try:
        is_json = answer.body.lstrip()[:1] == b"{"
        return read_json(answer.body) if is_json else dict(read_xml(answer.body))
    except NotUnderstood:
        return {}


def obeyed(answer: Answer) -> None:
    """Return when the device said that it will do it. Raises DeviceFault, DeviceSilent.

    Its own word counts before the status of HTTP: a "not supported" comes with 200, 400 or 403.
    """
    told = values_of(answer)
    code, sub = plain(told.get("statusCode")), plain(told.get("subStatusCode")).lower()
    if answer.status == 401:
        raise DeviceFault(refusal(answer))
    if code and code not in YES:
        if sub in ("notsupport", "notsupported"):
            raise DeviceFault("refused_notsupport")
        if answer.status == 403:
            raise DeviceFault(refusal(answer))
        raise DeviceFault(f"refused_{sub or code}")
    judge(answer)
    if code not in YES:
        raise DeviceSilent("answer_not_understood")


def rows_of(answer: Answer, name: str) -> list[dict[str, str]]:
    """Each element of this name as its inner names and texts, whatever the namespace.

    Raises ``DeviceFault``, ``DeviceSilent("answer_not_understood")``.
    """
    judge(answer)
    root = _root(answer)
    found = [element for element in root.iter() if _local(element) == name]
    return [{_local(inner): (inner.text or "").strip() for inner in row} for row in found]


def total_of(answer: Answer) -> int:
    """How many there are in all, over all pages; 0 where it is not told."""
    said = values_of(answer).get("totalMatches", "")
    return int(said) if said.isdecimal() and len(said) < 9 else 0


def _root(answer: Answer) -> Any:
    try:
        return ElementTree.fromstring(answer.text.strip("\0\ufeff \r\n\t"), forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError) as error:
        raise DeviceSilent("answer_not_understood") from error


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
