"""How somebody wants to be told: what the compound offers, and what they chose of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community.models import Compound, Medium, Preference, User
from community.notifications import readers
from community.notifications.channels import media_in_use
from community.notifications.kinds import TOPICS

#: Ways that a person may choose. Paper from the desk is always behind them.
OWN = (Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH, Medium.SMS, Medium.EMAIL)
#: Sign-in codes and the like cannot be turned off.
FIXED = frozenset({"account"})


def offered(compound: Compound) -> list[str]:
    """Ways that are set up here, of those that a person may choose."""
    used = media_in_use(compound)
    return [medium for medium in OWN if medium in used]


def chosen(user: User, compound: Compound) -> list[dict[str, Any]]:
    """For each topic ``code``, ``label`` and ``ways``: each with ``code``, ``label``, ``on``."""
    rows = Preference.objects.filter(user=user, compound=compound)
    kept = {row.topic: row.media for row in rows}
    media = offered(compound)
    return [
        {"code": code, "label": label, "ways": [_way(code, medium, kept) for medium in media]}
        for code, label in TOPICS.items()
        if code not in FIXED
    ]


def choose(user: User, compound: Compound, topic: str, media: list[str]) -> None:
    """Be told of a topic these ways. Raises ValidationError for what is not offered here."""
    if topic in FIXED or topic not in TOPICS:
        raise ValidationError({"topic": _("There is no such topic or way of telling.")})
    held = offered(compound)
    if not set(media) <= set(held):
        raise ValidationError({"ways": _("There is no such topic or way of telling.")})
    readers.prefer(user, compound, topic, [way for way in held if way in media])


def _way(topic: str, medium: str, kept: dict[str, list[str]]) -> dict[str, Any]:
    """Without a choice, the usual ways; e-mail only for who chose it."""
    usual = medium != Medium.EMAIL
    on = medium in kept[topic] if topic in kept else usual
    return {"code": medium, "label": Medium(medium).label, "on": on}
