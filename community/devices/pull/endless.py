"""A multipart answer that never ends, split while it comes; bounded whatever the camera sends.

Lengths of parts may be missing, zero or wrong, lines may end in LF only, and every event may end
with the last mark of a whole body. A part whose length is right is given at once; of one without,
the end is known by the next mark or, when nothing more comes, by what it holds.
"""

from __future__ import annotations

import re

from community.devices.push.parts import Part, kind_of, name_of

#: No part is longer; the rest of one that is gets dropped.
MOST = 12 * 1024 * 1024
LONGEST_HEAD = 4096
_NAMED = re.compile(r"boundary\s*=\s*\"?([^\";,\s]{1,200})", re.IGNORECASE)
_FIRST = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n")
_HEAD_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,9})\s*$", re.IGNORECASE | re.MULTILINE)
#: An event without data.
_BARE = re.compile(rb";index=\d{1,4}\s*\n$")
_BLANK = b"\r\n \t\0"


class Splitter:
    """Feed it what comes. ``dropped`` counts parts that were too long."""

    def __init__(self, content_type: str, most: int = MOST) -> None:
        named = _NAMED.search(content_type[:1000])
        said = named[1].strip("-") if named else ""
        self._said = b"--" + said.encode("latin-1", "replace") if said else b""
        self._mark = b""
        self._most = most
        self._data = bytearray()
        self._head = ""
        self._length = 0
        self._is_in_part = False
        self._is_too_long = False
        #: Up to here there is no mark.
        self._seen = 0
        self.dropped = 0

    @property
    def held(self) -> int:
        """Bytes in memory."""
        return len(self._data)

    def feed(self, chunk: bytes) -> list[Part]:
        """The parts that are whole now."""
        self._data += chunk
        found: list[Part] = []
        while self._enter() and (part := self._leave()) is not None:
            found += part
        return found

    def pause(self) -> list[Part]:
        """Nothing more comes just now: the part without a right length, if it looks whole."""
        if not self._is_in_part or self._is_too_long or not _is_whole(bytes(self._data)):
            return []
        part = self._part(len(self._data))
        return [part]

    def _enter(self) -> bool:
        """Stand at the content of a part. False where more has to come."""
        while not self._is_in_part:
            at = self._find_mark()
            if at < 0:
                return False
            if self._data[at : at + 2] == b"--" and self._mark_was_last(at):
                continue
            head = _HEAD_END.search(self._data, at, at + LONGEST_HEAD)
            if head is None:
                if len(self._data) - at < LONGEST_HEAD:
                    return False
                self._cut(at)
                continue
            lines = bytes(self._data[at : head.start()]).replace(b"\r", b"")
            said = _LENGTH.search(lines)
            self._head, self._length = lines.decode("latin-1"), int(said[1]) if said else 0
            self._cut(head.end())
            self._is_in_part, self._is_too_long = True, False
        return True

    def _find_mark(self) -> int:
        """Where the headers behind the next mark begin; what stands before it is dropped."""
        self._mark = self._mark or self._learn_mark()
        at = self._data.find(self._mark) if self._mark else -1
        if at < 0:
            self._keep_last(LONGEST_HEAD)
            return -1
        self._cut(at)
        return len(self._mark)

    def _learn_mark(self) -> bytes:
        """The body's own word counts: some headers name another, or more dashes."""
        if self._said and self._said in self._data:
            return self._said
        first = _FIRST.search(self._data, 0, LONGEST_HEAD)
        return b"--" + bytes(first[1]).strip(b"-") if first and first[1].strip(b"-") else b""

    def _mark_was_last(self, at: int) -> bool:
        """Behind ``--mark--`` the next event begins, at some cameras; it holds nothing."""
        self._cut(at + 2)
        return True

    def _leave(self) -> list[Part] | None:
        """The part, once its end is known; an empty list for one that was dropped."""
        end = self._right_end()
        if end is None:
            end = self._end_by_mark()
        if end is not None:
            if self._is_too_long:
                self._is_in_part = False
                self._cut(end)
                return []
            return [self._part(end)]
        if len(self._data) > self._most:
            if not self._is_too_long:
                self.dropped += 1
            self._is_too_long = True
            self._keep_last(len(self._mark) + 2)
        return None

    def _right_end(self) -> int | None:
        """Where the length says, if a mark or nothing yet stands there and all looks whole."""
        end = self._length
        if not 0 < end <= len(self._data) or self._is_too_long:
            return None
        behind = bytes(self._data[end : end + len(self._mark) + 4]).lstrip(b"\r\n")
        if behind:
            is_mark = behind.startswith(self._mark) or self._mark.startswith(behind)
            return end if is_mark else None
        return end if _ends_well(bytes(self._data[max(0, end - 16) : end])) else None

    def _end_by_mark(self) -> int | None:
        if self._data.startswith(self._mark):
            return 0
        mark = b"\n" + self._mark
        is_picture = self._data[:3] == b"\xff\xd8\xff"
        at = self._data.find(mark, max(0, self._seen - len(mark)))
        while at >= 0:
            end = at - 1 if self._data[at - 1 : at] == b"\r" and at else at
            # A picture may hold the bytes of the mark; its own end tells.
            inside = is_picture and end < self._length and self._data[end - 2 : end] != b"\xff\xd9"
            if not inside or self._is_too_long:
                return end
            at = self._data.find(mark, at + 1)
        self._seen = len(self._data)
        return None

    def _part(self, end: int) -> Part:
        content = bytes(self._data[:end])
        kind = kind_of(content)
        part = Part(name_of(self._head), kind, content.strip(_BLANK) if kind != "jpeg" else content)
        self._is_in_part = False
        self._cut(end)
        return part

    def _cut(self, to: int) -> None:
        del self._data[:to]
        self._seen = 0

    def _keep_last(self, count: int) -> None:
        if len(self._data) > count:
            self._cut(len(self._data) - count)


def _ends_well(last: bytes) -> bool:
    return last.endswith(b"\xff\xd9") or last.rstrip(_BLANK).endswith((b">", b"}"))


def _is_whole(content: bytes) -> bool:
    """Whether this reads as a whole event: its last sign closes, or it is one word."""
    if len(content) > 256 * 1024 and not content.startswith(b"\xff\xd8\xff"):
        return False
    text = content.strip(_BLANK)
    if not text or text.startswith(b"--"):
        return False
    if kind_of(text) == "xml":
        return text.endswith(b">") and b"</" in text[-80:]
    if text.startswith(b"Code=") and b"{" not in text:
        return bool(_BARE.search(content))
    if b"{" in text:
        return text.endswith(b"}") and text.count(b"{") == text.count(b"}")
    return text.endswith(b"\xff\xd9") or not text.startswith(b"\xff\xd8\xff")
