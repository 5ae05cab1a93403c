"""A splitter of multipart bodies that forgives what cameras do to them.

``;`` or ``,`` before the boundary, quoted or missing or another one than in the body; CRLF or LF;
parts without a name, without headers or without content; a wrong length; a cut end. What a part
is, its first bytes say, not its headers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: More parts than any camera sends.
MOST_PARTS = 32
LONGEST_HEAD = 4096
_NAMED = re.compile(r"boundary\s*=\s*\"?([^\";,\s]{1,200})", re.IGNORECASE)
_FIRST = re.compile(rb"\s{0,64}--([^\r\n]{1,200}?)[ \t]*\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(r"(?<![a-z])name\s*=\s*\"?([^\";]*)", re.IGNORECASE)
_FILE = re.compile(r"filename\*?\s*=\s*\"?([^\";]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """``kind``: jpeg, xml, json, empty or other. ``name``: lower case, of field and file."""

    name: str
    kind: str
    data: bytes


def split(data: bytes, content_type: str) -> list[Part]:
    """The parts of a body; one nameless part where it is not multipart."""
    boundary = _boundary(data, content_type)
    if boundary is None:
        return [Part("", kind_of(data), data)]
    mark = b"--" + boundary
    found: list[Part] = []
    start = data.find(mark)
    while start >= 0 and len(found) < MOST_PARTS:
        start += len(mark)
        if data[start : start + 2] == b"--":
            break
        head, begin = _head(data, start)
        if begin < 0:
            break
        end, start = _end(data, begin, head, mark)
        content = data[begin:end]
        found.append(Part(name_of(head), kind_of(content), content))
    return found


def _boundary(data: bytes, content_type: str) -> bytes | None:
    """The body's own word counts: header and body disagree in some firmware."""
    named = _NAMED.search(content_type[:1000])
    boundary = named[1].encode("latin-1", "replace") if named else None
    first = _FIRST.match(data, 0, 400)
    if first and (boundary is None or first[1] != boundary):
        is_cut = boundary is not None and b"\n--" + boundary in data
        return boundary if is_cut else first[1]
    return boundary if boundary and b"--" + boundary in data else None


def _head(data: bytes, start: int) -> tuple[str, int]:
    """Headers, and where the content begins; -1 where there is no end of headers."""
    line = data.find(b"\n", start, start + 80)
    if line < 0:
        return "", -1
    if data[line + 1 : line + 2] == b"\n" or data[line + 1 : line + 3] == b"\r\n":
        return "", data.index(b"\n", line + 1) + 1
    end = _HEAD_END.search(data, line, line + LONGEST_HEAD)
    return (data[line : end.start()].decode("latin-1"), end.end()) if end else ("", -1)


def _end(data: bytes, begin: int, head: str, mark: bytes) -> tuple[int, int]:
    """Where the content ends, and where the next mark stands (-1: nowhere).

    A right length counts before the next mark: a picture may hold the mark's bytes.
    """
    said = re.search(r"^content-length:\s*(\d{1,9})\s*$", head, re.IGNORECASE | re.MULTILINE)
    if said:
        end = begin + int(said[1])
        gap = data[end : end + 4]
        skip = len(gap) - len(gap.lstrip(b"\r\n"))
        if end <= len(data) and data.startswith(mark, end + skip):
            return end, end + skip
    at = data.find(b"\n" + mark, begin - 1)
    if at < 0:
        return len(data), -1
    end = at - 1 if at > begin and data[at - 1 : at] == b"\r" else at
    return max(end, begin), at + 1


def name_of(head: str) -> str:
    field, file = _NAME.search(head), _FILE.search(head)
    # A path in a file's name leads nowhere: nothing is ever written under it.
    named = [found[1].replace("\\", "/").rpartition("/")[2] for found in (field, file) if found]
    return " ".join(named).lower()[:200]


def kind_of(data: bytes) -> str:
    """What content is, by its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    first = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t\0")[:1]
    if not first:
        return "empty" if not data.strip(b"\0 \r\n\t") else "other"
    return {b"<": "xml", b"{": "json"}.get(first, "other")
