"""A multipart answer without end is split however badly it is written, and never fills memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.devices.pull.endless import LONGEST_HEAD, Splitter
from tests.community.devices.event_stream import HIKVISION_HEAD, dahua_event, heartbeat, part
from tests.community.devices.push.bodies import anpr_xml, jpeg

TEXT = b"<EventNotificationAlert><a>1</a></EventNotificationAlert>"
NEXT = heartbeat()


def split(*chunks: bytes, head: str = HIKVISION_HEAD, size: int = 0, pause: bool = True) -> list:
    """The kinds and contents of all parts of what comes in these chunks, or in some of a size."""
    splitter, found = Splitter(head), []
    whole = b"".join(chunks)
    pieces = [whole[i : i + size] for i in range(0, len(whole), size)] if size else chunks
    for piece in pieces:
        found += splitter.feed(piece)
    return [(one.kind, one.data) for one in found + (splitter.pause() if pause else [])]


SHAPES = {
    "as it should be": {},
    "line feeds only": {"newline": b"\n"},
    "no length": {"length": None},
    "length 0": {"length": 0},
    "too short a length": {"length": 9},
    "too long a length": {"length": 9999},
    "line feeds and no length": {"newline": b"\n", "length": None},
}


@pytest.mark.parametrize("size", [0, 1, 7, 64])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_part_is_found_however_it_is_written(shape, size):
    body = part(TEXT, **SHAPES[shape]) + NEXT
    assert split(body, size=size)[0] == ("xml", TEXT)
    assert len(split(body, size=size)) == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_the_last_part_does_not_wait_for_the_next(shape):
    assert split(part(TEXT, **SHAPES[shape])) == [("xml", TEXT)]


def test_a_right_length_is_believed_at_once():
    assert split(part(TEXT)[:-2], pause=False) == [("xml", TEXT)]


def test_half_an_event_is_waited_for():
    event = part(dahua_event(), "text/plain", length=None)
    for end in range(40, len(event) - 3, 11):
        assert split(event[:end]) == []
    assert [kind for kind, _ in split(event)] == ["other"]


@pytest.mark.parametrize(
    "head",
    ["multipart/mixed; boundary=boundary", 'multipart/mixed; boundary="boundary"',
     "multipart/mixed, boundary=boundary", "multipart/mixed; boundary=--boundary",
     "multipart/mixed; boundary=another", "multipart/mixed", ""],
)  # fmt: skip
def test_the_bodys_own_mark_counts(head):
    assert split(part(TEXT), NEXT, head=head)[0] == ("xml", TEXT)


def test_a_picture_that_holds_the_marks_bytes_is_whole():
    picture = jpeg(64, 48)[:200] + b"\r\n--boundary\r\n" + jpeg(64, 48)[200:]
    assert split(part(picture, "image/jpeg"), NEXT, size=50)[0] == ("jpeg", picture)


@pytest.mark.parametrize("length", [None, 0, 5, 99_999])
def test_a_picture_with_a_wrong_length_ends_at_the_next_mark(length):
    found = split(part(jpeg(64, 48), "image/jpeg", length=length), part(TEXT))
    assert [kind for kind, _ in found] == ["jpeg", "xml"]
    assert found[0][1] == jpeg(64, 48)


def test_empty_parts_and_last_marks_between_events_change_nothing():
    body = part(b"", "image/jpeg") + b"--boundary--\r\n" + part(TEXT) + b"--boundary--\r\n" + NEXT
    assert [kind for kind, _ in split(body)] == ["empty", "xml", "xml"]


def test_a_part_without_end_is_dropped_and_the_next_one_heard():
    splitter, most = Splitter(HIKVISION_HEAD, most=200_000), 0
    splitter.feed(part(b"<" + b"x" * 100, length=50_000_000)[:-2])
    for _ in range(800):
        splitter.feed(b"x" * 65_536)
        most = max(most, splitter.held)
    assert most < 400_000
    found = splitter.feed(b"\r\n" + part(TEXT) + NEXT)
    assert next((one.kind, one.data) for one in found) == ("xml", TEXT)
    assert splitter.dropped == 1


@pytest.mark.parametrize("rubbish", [b"\0" * 9000, b"--", b"\n" * 5000, b"--boundary" * 900])
def test_rubbish_holds_no_memory_and_hides_nothing_for_long(rubbish):
    splitter = Splitter(HIKVISION_HEAD)
    for _ in range(50):
        splitter.feed(rubbish)
    assert splitter.held <= LONGEST_HEAD + len(rubbish)
    found = splitter.feed(b"\r\n" + part(TEXT) + NEXT + NEXT)
    assert ("xml", TEXT) in [(one.kind, one.data) for one in found]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"--boundary", b"\r\n", b"\n\n", b"Content-Length: 5", b"--", part(TEXT),
                     b"\xff\xd8\xff", b"\xff\xd9", b"Code=A;", b"{", b"}"]),
), max_size=40))  # fmt: skip
def test_whatever_comes_is_bounded_and_breaks_nothing(chunks):
    splitter = Splitter(HIKVISION_HEAD, most=500)
    for chunk in chunks:
        assert all(len(one.data) <= 500 + 60 for one in splitter.feed(chunk))
        splitter.pause()
        assert splitter.held < 500 + 4096 + 120


def test_a_whole_event_with_its_namespace_is_left_as_it_came():
    xml = anpr_xml()
    assert split(part(xml))[0][1] == xml.strip()
