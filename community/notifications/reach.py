"""Where a person is reached now. Asked at each attempt, never remembered: numbers change hands.

The floor knows what people entered here (``ContactPoint``, browsers). Upper apps know more and
register it: ``phone_of`` for files of people, ``is_still_theirs`` for bare addresses.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from community.models import ContactPoint, Medium, Notification, PushSubscription, User

#: The desk as a reader: its messages go to the staff's group, then to the print queue.
DESK = "@desk"

Finder = Callable[[User, int], str]
Check = Callable[[int, str, dict[str, Any]], bool]
_finders: dict[str, list[Finder]] = {}
_checks: list[Check] = []


@dataclass(frozen=True)
class Changed(Exception):
    """The address that the message was for belongs to somebody else now."""

    code: str = "address_changed"


def finder(medium: str, find: Finder) -> None:
    """Register who knows an address of ``medium`` (``"name"`` for the line on a letter)."""
    if find not in _finders.setdefault(medium, []):
        _finders[medium].append(find)


def check(still_theirs: Check) -> None:
    """Register who knows whether a bare address still belongs to whom the message is about."""
    if still_theirs not in _checks:
        _checks.append(still_theirs)


def addresses(row: Notification, medium: str) -> list[str]:
    """Where ``medium`` reaches the reader; empty when it does not. Raises :class:`Changed`."""
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
    fits = "@" in row.address if medium == Medium.EMAIL else medium == Medium.SMS
    if not fits or "@" in row.address and medium == Medium.SMS:
        return []
    if not all(still(row.compound_id, row.address, row.facts) for still in _checks):
        raise Changed
    return [row.address]


def line(row: Notification) -> str:
    """Whom a letter is for: name and home, or the desk."""
    if row.user is None:
        return masked(row.address)
    return asked(row.user, row.compound_id, "name") or str(row.user)


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
