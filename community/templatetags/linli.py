"""The pieces of the pages: icons, state marks, plates, seals, times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

#: Marks whose colour has another name than their shape.
COLOURS = {
    "hand": "info",
    "sev1": "deny",
    "sev2": "ask",
    "sev3": "info",
    "due": "ask",
}
#: Keys of the reasons, beside each other on the keyboard; digits open for a car.
REASON_KEYS = "QWTYUI"
#: The last character of these plates is printed in red.
RED_ENDINGS = frozenset("警学领港澳")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One outline icon of the sprite, always beside a word."""
    return _drawn(name, extra, static("icons.svg"))


@lru_cache(maxsize=512, typed=True)
def _drawn(name: str, extra: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="l-icon {}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        extra,
        sprite,
        name,
    )


@register.simple_tag
def mark(state: str, label: str = "", extra: str = "") -> SafeString:
    """A state's mark; with ``label`` it speaks for itself, without it a word stands beside it."""
    return _marked(str(state), str(label), extra, static("icons.svg"))


@lru_cache(maxsize=512)
def _marked(state: str, label: str, extra: str, sprite: str) -> SafeString:
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="l-mark is-{} {}" viewBox="0 0 24 24" {}><use href="{}#m-{}"/></svg>',
        colour(state),
        extra,
        spoken,
        sprite,
        state,
    )


@register.filter
def colour(state: str) -> str:
    """The colour class (after ``is-``) of a state."""
    return COLOURS.get(state, state)


@dataclass(frozen=True)
class Character:
    text: str
    style: str = ""  # "u" unsure, "mark" differing, "em" printed in red


@dataclass(frozen=True)
class Plate:
    """What the plate piece shows: the region, and the rest character by character."""

    text: str
    kind: str = "unknown"
    size: str = ""
    against: str = ""
    unsure: tuple[int, ...] = ()

    @property
    def classes(self) -> str:
        kind = self.kind.replace("_", "-") if self.text else "none"
        sizes = "".join(f" l-plate--{size}" for size in self.size.split())
        return f"l-plate--{kind}{sizes}"

    @property
    def region(self) -> str:
        return self.text[: 3 if self.text.startswith("WJ") else 2]

    @property
    def rest(self) -> list[Character]:
        start = len(self.region)
        return [
            Character(text, self._style(index, text))
            for index, text in enumerate(self.text[start:], start)
        ]

    def _style(self, index: int, text: str) -> str:
        if self.against and (index >= len(self.against) or self.against[index] != text):
            return "mark"
        if index in self.unsure:
            return "u"
        red = index == len(self.text) - 1 and text in RED_ENDINGS
        return "em" if red else ""


@register.inclusion_tag("pieces/plate.html")
def plate(
    text: str,
    kind: str = "unknown",
    size: str = "",
    against: str = "",
    unsure: tuple[int, ...] = (),
) -> dict[str, Any]:
    """A plate in its colours; ``against`` marks the characters that differ from what was read."""
    return {"plate": Plate(text, kind or "unknown", size, against, tuple(unsure))}


@register.inclusion_tag("pieces/tag.html")
def tag(state: str, text: str, solid: bool = False) -> dict[str, Any]:
    return {"state": state, "text": text, "solid": solid}


@register.inclusion_tag("pieces/chip.html")
def chip(name: str, unknown: bool = False) -> dict[str, Any]:
    """A person (or what stands for one): a seal with one character, and the name."""
    return {"seal": "?" if unknown else str(name)[:1], "name": name, "unknown": unknown}


@register.simple_tag
def key(name: str) -> SafeString:
    return format_html('<kbd class="l-kbd" aria-hidden="true">{}</kbd>', name)


@register.simple_tag
def letter(place: int) -> str:
    """The key of the reason at a place of the guard's card; none past the last letter."""
    return REASON_KEYS[place : place + 1]


@register.filter
def iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """The time of day, to the second."""
    return timezone.localtime(at).strftime("%H:%M:%S") if at else ""


@register.filter
def hour(at: datetime | None) -> str:
    """The time of day, to the minute; with the date when it is not today."""
    if not at:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return local.strftime("%H:%M")
    day = _("%(month)s-%(day)s") % {"month": local.month, "day": local.day}
    return f"{day} {local:%H:%M}"


@register.filter
def elapsed(since: datetime | None, now: datetime | None = None) -> str:
    """Minutes and seconds (hours from the first hour on) since a moment, as on a stopwatch."""
    if not since:
        return ""
    seconds = max(0, int(((now or timezone.now()) - since).total_seconds()))
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"


@register.filter
def percent(share: float | None) -> str:
    return f"{share:.0%}" if share else ""


@register.simple_tag
def other_language() -> dict[str, str]:
    """The language that the switch leads to: its code for the form, its tag, its own name."""
    if (get_language() or "").startswith("zh"):
        return {"code": "en", "tag": "en", "name": "English"}
    return {"code": "zh-hans", "tag": "zh-CN", "name": "中文"}


@register.simple_tag
def page_language() -> str:
    return "zh-CN" if (get_language() or "").startswith("zh") else "en"


@register.filter
def figure(number: int | str | None) -> str:
    """A number with its thousands apart; a text, such as an amount, as it is."""
    if isinstance(number, str):
        return number
    return "–" if number is None else f"{number:,}"


@register.filter
def threes(digits: str) -> str:
    """A code in threes, as it is said and remembered."""
    return " ".join(digits[place : place + 3] for place in range(0, len(digits), 3))


@register.filter
def coordinate(number: float) -> str:
    """A number for an SVG attribute, whatever the reader's language."""
    return f"{number:.1f}"


@lru_cache(maxsize=512)
def tag_html(state: str, text: str) -> SafeString:
    """The tag piece for places that draw no template: lists of the office."""
    return render_to_string("pieces/tag.html", {"state": state, "text": text})


def plate_html(text: str, kind: str) -> SafeString:
    """The plate piece, small, for lists of the office."""
    return _plate_html(text, kind, "" if text else str(get_language()))


@lru_cache(maxsize=2048)
def _plate_html(text: str, kind: str, _language: str) -> SafeString:
    return render_to_string("pieces/plate.html", {"plate": Plate(text, kind, "sm")})
