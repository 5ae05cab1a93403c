"""Which browser on which system, in two words: enough to know one's own phone again."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: In this order: many browsers name the ones they descend from.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def describe(agent: str) -> str:
    """``Chrome · Windows``; what a browser says of itself is a hint, never proof."""
    named = [
        next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in named if name) or _("Unknown browser")
