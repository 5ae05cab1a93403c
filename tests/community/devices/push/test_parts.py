"""The splitter of multipart bodies: every way in which cameras break the rules."""

from __future__ import annotations

import pytest

from community.devices.push.parts import MOST_PARTS, kind_of, split
from tests.community.devices.push.bodies import jpeg, multipart

pytestmark = pytest.mark.pure
TYPE = "multipart/form-data; boundary=boundary"
JPEG = jpeg()
XML = b"<a/>"
NAMED = 'Content-Disposition: form-data; name="anpr.xml"; filename="anpr.xml"'
BARE = 'Content-Disposition: form-data; name="picture"'
HEADERS = [
    TYPE,
    "multipart/form-data, boundary=boundary",
    'multipart/form-data; boundary="boundary"',
    "multipart/form-data",
    "multipart/form-data; boundary=another",
    "application/octet-stream",
]


@pytest.mark.parametrize("content_type", HEADERS)
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_header_boundary_and_line_ends(content_type, newline):
    body = multipart(
        (NAMED, XML), (BARE, JPEG), ("Content-Type: image/jpeg", JPEG), newline=newline
    )
    found = split(body, content_type)
    assert [part.kind for part in found] == ["xml", "jpeg", "jpeg"]
    assert [part.data for part in found] == [XML, JPEG, JPEG]
    assert [part.name for part in found] == ["anpr.xml anpr.xml", "picture", ""]


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_parts_without_content_and_without_headers(newline):
    body = multipart((NAMED, b""), (BARE, JPEG), newline=newline)
    assert [(part.kind, len(part.data)) for part in split(body, TYPE)] == [
        ("empty", 0),
        ("jpeg", len(JPEG)),
    ]
    bare = newline.join([b"--boundary", b"", JPEG, b"--boundary--"])
    assert [part.data for part in split(bare, TYPE)] == [JPEG]


def test_a_picture_that_holds_the_mark_when_its_length_is_said():
    picture = JPEG + b"\r\n--boundary\r\n" + JPEG
    said = f"{BARE}\nContent-Length: {len(picture)}"
    assert split(multipart((said, picture), (NAMED, XML)), TYPE)[0].data == picture


@pytest.mark.parametrize("length", ["0", "3", "99999999", "x"])
def test_a_wrong_length_does_not_count(length):
    body = multipart((f"{BARE}\nContent-Length: {length}", JPEG), (NAMED, XML))
    assert [part.data for part in split(body, TYPE)] == [JPEG, XML]


def test_a_cut_end_gives_what_came():
    whole = multipart((NAMED, XML), (BARE, JPEG))
    cut = split(whole[: -len(b"\r\n--boundary--\r\n") - 20], TYPE)
    assert [part.data for part in cut] == [XML, JPEG[:-20]]
    assert split(b"--boundary\r\nContent-Type: a", TYPE) == []


def test_what_is_not_multipart_is_one_part():
    assert [part.kind for part in split(b' {"a": 1}', "application/json")] == ["json"]
    assert [part.kind for part in split(XML, TYPE)] == ["xml"]


def test_a_path_in_a_files_name_is_no_path():
    head = 'Content-Disposition: form-data; name="a"; filename="..\\..\\/etc/passwd"'
    assert split(multipart((head, XML)), TYPE)[0].name == "a passwd"


def test_more_parts_than_any_camera_sends_are_left():
    body = multipart(*[(BARE, b"x")] * 500)
    assert len(split(body, TYPE)) == MOST_PARTS


def test_content_says_what_it_is():
    kinds = {b"\xff\xd8\xff\xe0": "jpeg", b"\xef\xbb\xbf<a": "xml", b"\n{": "json", b"": "empty"}
    assert {data: kind_of(data) for data in kinds} == kinds
    assert kind_of(b"GIF89a") == "other"
