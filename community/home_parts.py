"""What the resident's home and "my data" are composed of: parts of the apps, found by name.

``<app>/home.py`` may name ``CARDS`` and ``TABS``; each card is loaded from its own URL, so a slow
or failing one holds nobody up. ``<app>/my_data.py`` has ``sections(user, person)``: what the app
holds on a person. The floor imports none of them by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Card:
    """A card of the home page: ``url`` is a URL name that answers with the card's HTML."""

    name: str
    url: str
    order: int
    title: Text


@dataclass(frozen=True)
class Tab:
    """A place in the bar at the foot: a URL name, an icon of the sprite, a word."""

    url: str
    icon: str
    title: Text
    order: int


@dataclass(frozen=True)
class Fact:
    """One thing held on a person. ``shown`` stands on the page; the download has ``value``."""

    name: Text
    value: Any
    shown: Text = ""


@dataclass(frozen=True)
class Section:
    """Things held together: for what, how long, and by which rule (``kept``)."""

    code: str
    title: Text
    kept: Text
    rows: list[list[Fact]] = field(default_factory=list)
    #: False where the law keeps it although the person asks for erasure.
    erasable: bool = True


def _modules(name: str) -> Iterator[Any]:
    yield from _found(name, tuple(settings.LINLI_APPS))


@cache
def _found(name: str, apps: tuple[str, ...]) -> list[Any]:
    """Looked for once: each page of a resident asks for the tabs."""
    return [import_module(f"{app}.{name}") for app in apps if find_spec(f"{app}.{name}")]


def cards() -> list[Card]:
    found = [card for module in _modules("home") for card in getattr(module, "CARDS", ())]
    return sorted(found, key=lambda card: card.order)


def tabs() -> list[Tab]:
    found = [tab for module in _modules("home") for tab in getattr(module, "TABS", ())]
    return sorted(found, key=lambda tab: tab.order)


def data_apps() -> list[str]:
    """The apps that hold something on people; each is asked by itself, for no page asks all."""
    return [module.__name__.partition(".")[0] for module in _modules("my_data")]


def sections(user: Any, person: Any, app: str = "") -> list[Section]:
    """What is held on a person (a row of ``residents``): all of it, or what one app holds."""
    parts: Iterable[Any] = _modules("my_data")
    asked = (part for part in parts if app in ("", part.__name__.partition(".")[0]))
    return [section for part in asked for section in part.sections(user, person)]
