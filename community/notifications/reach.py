"""Where a person is reached now. Asked at each attempt, never remembered: numbers change hands.

The floor knows what people entered here (``ContactPoint``, browsers). Upper apps know more and
register it: ``finder`` for users, ``reference`` for readers that are rows of theirs without a
sign-in, such as ``person:7``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext

from community.models import ContactPoint, Medium, Notification, PushSubscription, User

#: The desk as a reader: its messages go to the staff's group, then to the print queue.
DESK = "@desk"

Finder = Callable[[User, int], str]
Lookup = Callable[[str, int], str]
REFERENCE = re.compile(r"^([a-z_]+):(.+)$")
_finders: dict[str, list[Finder]] = {}
_references: dict[tuple[str, str], Lookup] = {}
_names: dict[str, Callable[[set[str], int], dict[str, str]]] = {}


def finder(medium: str, find: Finder) -> None:
    """Register who knows an address of ``medium`` (``"name"`` for the line on a letter)."""
    if find not in _finders.setdefault(medium, []):
        _finders[medium].append(find)


def reference(table: str, what: str, look_up: Lookup) -> None:
    """Register who knows ``what`` (a medium, or ``"name"``) of readers such as ``person:7``."""
    _references[table, what] = look_up


def names(table: str, look_up: Callable[[set[str], int], dict[str, str]]) -> None:
    """Register who knows the names of many readers at once, for lists."""
    _names[table] = look_up


def names_of(rows: Iterable[Notification]) -> dict[str, str]:
    """Names for a list, by address, with one question per table and compound."""
    wanted: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        if not row.user_id and (found := REFERENCE.match(row.address)):
            wanted.setdefault((found[1], row.compound_id), set()).add(found[2])
    told: dict[str, str] = {}
    for (table, compound_id), keys in wanted.items():
        if look_up := _names.get(table):
            known = look_up(keys, compound_id)
            told |= {f"{table}:{key}": name for key, name in known.items()}
    return told


def addresses(row: Notification, medium: str) -> list[str]:
    """Where ``medium`` reaches the reader; empty when it does not."""
    if row.user is None:
        return _bare(row, medium)
    if medium == Medium.WEB_PUSH:
        return [json.dumps(browser.subscription) for browser in browsers(row.user)]
    own = ContactPoint.objects.filter(
        user=row.user, compound_id=row.compound_id, medium=medium
    ).first()
    found = own.address if own else asked(row.user, row.compound_id, medium)
    return [found] if found else []


def browsers(user: User) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(user=user).order_by("-id")[:5])


def asked(user: User, compound_id: int, what: str) -> str:
    """The first answer of those who know; empty when nobody does."""
    return next((found for ask in _finders.get(what, ()) if (found := ask(user, compound_id))), "")


def _bare(row: Notification, medium: str) -> list[str]:
    if row.address == DESK:
        return [DESK] if medium == Medium.WECOM else []
    if found := REFERENCE.match(row.address):
        look_up = _references.get((found[1], medium))
        told = look_up(found[2], row.compound_id) if look_up else ""
        return [told] if told else []
    fits = medium == (Medium.EMAIL if "@" in row.address else Medium.SMS)
    return [row.address] if fits else []


def line(row: Notification) -> str:
    """Whom a letter is for: name and home, or the desk."""
    if row.user is not None:
        return asked(row.user, row.compound_id, "name") or str(row.user)
    if row.address == DESK:
        return gettext("The desk")
    if found := REFERENCE.match(row.address):
        look_up = _references.get((found[1], "name"))
        return look_up(found[2], row.compound_id) if look_up else ""
    return masked(row.address)


def masked(address: str) -> str:
    """Enough to recognise, too little to use."""
    if address.startswith("{"):
        return "…"
    name, at, domain = address.partition("@")
    if at and name:
        return f"{name[:1]}***@{domain}"
    if len(address) < 8:
        return address if address == DESK else "*" * len(address)
    return f"{address[:3]}{'*' * (len(address) - 7)}{address[-4:]}"
