"""Pages work in an office without the internet, and under a strict content security policy."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import place, templates, tracked_files

REMOTE = re.compile(
    r"""(?:\b(?:src|srcset|poster|action)\s*=\s*["']?|<link[^>]+href\s*=\s*["']?|\burl\(\s*["']?|"""
    r"""@import\s+["']?|\bimport\s*\(?\s*["']|\bfetch\(\s*["'])(?:https?:|wss?:)?//""",
    re.IGNORECASE,
)
INLINE = {
    "an inline style": re.compile(r"""<style[\s>]|\sstyle\s*=\s*["']""", re.IGNORECASE),
    "an inline script": re.compile(
        r"""<script(?![^>]*\ssrc\s*=)(?![^>]*type\s*=\s*["']application/json)""", re.IGNORECASE
    ),
    "a handler attribute": re.compile(r"""<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=""", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}


def without_comments(source: str) -> str:
    source = re.sub(r"\{#.*?#\}|<!--.*?-->", "", source, flags=re.DOTALL)
    return re.sub(r"\{% comment .*?endcomment %\}", "", source, flags=re.DOTALL)


def test_nothing_is_loaded_from_elsewhere():
    kinds = {".html", ".css", ".js", ".svg", ".webmanifest"}
    files = [
        path
        for path in tracked_files()
        if path.suffix in kinds and {"templates", "static"} & set(path.parts)
    ]
    assert [place(path) for path in files if REMOTE.search(path.read_text())] == []


@pytest.mark.parametrize("name", INLINE)
def test_pages_hold_no_code_and_no_style(name: str):
    found = [
        place(path)
        for path in templates()
        if INLINE[name].search(without_comments(path.read_text()))
    ]
    assert found == [], f"{name} in a page"


@pytest.mark.parametrize(
    "source",
    [
        '<script src="https://cdn.example/x.js">',
        "<link rel=stylesheet href='//cdn.example/x.css'>",
        "background: url(https://cdn.example/x.png)",
        'import "https://cdn.example/x.js"',
    ],
)
def test_the_rule_sees_remote_addresses(source: str):
    assert REMOTE.search(source)


def test_the_rule_knows_a_data_island_from_a_script():
    rule = INLINE["an inline script"]
    assert rule.search("<script>go()</script>")
    assert not rule.search('<script id="lanes" type="application/json">{}</script>')
    assert not rule.search('<script defer src="/static/feed.js"></script>')
