"""Kinds of messages: their topic, how they climb from one way to the next, and how urgent they are.

Each app declares its own in ``handlers.py`` and explains the sentence with ``verdicts.explain``. A
kind that nobody declared stands on our pages only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import Medium

#: From the cheapest that reaches a person to the desk, who prints it.
EVERYBODY = (Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH, Medium.SMS, Medium.PAPER)
#: For the staff, who share one group.
STAFF = (Medium.WECOM, Medium.PAPER)
NOBODY: tuple[str, ...] = ()

#: What people choose preferences for.
TOPICS: dict[str, Any] = {
    "registration": _("Residence registration"),
    "notice": _("Notices of the compound"),
    "request": _("Repairs and complaints"),
    "parcel": _("Parcels"),
    "visit": _("Visitors"),
    "parking": _("Parking"),
    "account": _("Sign-in and my data"),
    "general": _("Everything else"),
}


@dataclass(frozen=True)
class Kind:
    """How messages of one kind are told.

    ``urgent`` ones pass quiet hours, wait for no others, and cannot be turned off. ``secret`` ones
    (one-time codes) go alone, are wiped when sent, and never end on paper. ``read_within_s``: a
    browser message that nobody read by then climbs on, since nobody knows whether it was shown.
    """

    name: str
    label: str | Promise
    topic: str = "general"
    ladder: tuple[str, ...] = EVERYBODY
    urgent: bool = False
    secret: bool = False
    patience_s: int = 3600
    read_within_s: int = 6 * 3600
    path: str = "/"

    @property
    def rungs(self) -> tuple[str, ...]:
        """The ladder; a secret is never printed."""
        if not self.secret:
            return self.ladder
        return tuple(medium for medium in self.ladder if medium != Medium.PAPER)


_kinds: dict[str, Kind] = {}


def declare(name: str, label: str | Promise, **how: Any) -> None:
    """Declare a kind once. Raises ValueError for a topic or medium that does not exist."""
    kind = Kind(name, label, **how)
    if kind.topic not in TOPICS or not set(kind.ladder) <= set(Medium.values):
        raise ValueError(f"kind of message {name}: no such topic or medium")
    _kinds[name] = kind


def kind_of(name: str) -> Kind:
    """The declared kind; an unknown one is shown on our pages only."""
    return _kinds.get(name) or Kind(name, name, ladder=NOBODY)


def declared() -> dict[str, Kind]:
    return dict(_kinds)
