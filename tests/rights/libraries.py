"""Addresses that packages bring into the office: for the operator alone, or for nobody."""

from __future__ import annotations

from tests.rights.rule import ADMITTED, ANYBODY, NOBODY, Rule

OPERATOR = Rule(NOBODY, {"object_id": 0}, operator=True, empty=True)
#: From a row's number to its page, whether there is such a row or not.
LEADS = Rule(ADMITTED, {"object_id": 1})
#: Beginnings of routes whose every address is the operator's.
PREFIXES = ("admin/auth/", "admin/django_celery_beat/", "admin/axes/")
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
    "admin:app_list": Rule(NOBODY, {"app_label": "auth"}, operator=True),
    "admin/(?P<url>.*)$": Rule(NOBODY, {"url": "nothing/"}),
}
