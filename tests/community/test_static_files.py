"""Static files reach the browser whole, in parts, or not at all when nothing changed."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.pure
SHEET = "unfold/css/styles.css"
URL = f"/static/{SHEET}"


def content() -> bytes:
    return Path(finders.find(SHEET)).read_bytes()


async def test_a_file_comes_whole_and_without_a_warning(async_client):
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="StreamingHttpResponse")
        answer = await async_client.get(URL)
    assert answer.status_code == 200
    assert not answer.streaming
    assert answer.content == content()
    assert answer["Content-Type"] == 'text/css; charset="utf-8"'


def test_what_the_browser_has_is_not_sent_again(client):
    first = client.get(URL)
    again = client.get(URL, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_part_of_a_file(client):
    answer = client.get(URL, headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == content()[10:20]


def test_only_its_head(client):
    answer = client.head(URL)
    assert answer.content == b""
    assert int(answer["Content-Length"]) == len(content())


@pytest.mark.parametrize("name", ["../manage.py", "nothing.css", "%2e%2e/manage.py"])
@pytest.mark.django_db
def test_nothing_else_is_served(client, name):
    assert client.get(f"/static/{name}").status_code in {302, 404}


def test_a_file_is_not_written_to(client):
    assert client.post(URL).status_code == 405


def test_a_large_file_is_streamed(client, monkeypatch):
    monkeypatch.setattr("community.static_files.WHOLE_BYTES", 1000)
    answer = client.get(URL)
    assert answer.streaming
    assert b"".join(answer.streaming_content) == content()
