"""Addresses that packages bring into the office."""

from __future__ import annotations

from tests.rights.rule import ADMITTED, ANYBODY, NOBODY, Rule

RULES = {
    "set_language": Rule(ANYBODY),
    "admin:index": Rule(ADMITTED),
    "admin:login": Rule(ANYBODY, empty=True),
    "admin:logout": Rule(ANYBODY, posts=True),
    "admin:password_change": Rule(ADMITTED),
    "admin:password_change_done": Rule(ADMITTED),
    # Asked without naming a field, it names none; each list of choices is its table's.
    "admin:autocomplete": Rule(NOBODY),
    "admin:jsi18n": Rule(ADMITTED),
    "admin:view_on_site": Rule(NOBODY, {"content_type_id": 1, "object_id": 1}),
    "admin:app_list": Rule(ADMITTED, {"app_label": "community"}),
    "admin/(?P<url>.*)$": Rule(NOBODY, {"url": "nothing/"}),
}
