"""What the floor holds on whoever signs in: where they are signed in, what they were told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from community import notifications
from community.account import agents
from community.account.operations import open_sessions
from community.home_parts import Fact, Section
from community.models import Notification

MESSAGES = 100


def sections(user: Any, person: Any) -> list[Section]:
    if user is None:
        return []
    return [
        Section("sign_ins", _("Where I am signed in"), _("Kept until you sign out."), _open(user)),
        Section(
            "messages",
            _("Messages to me"),
            _("Kept for as long as the compound's rule for messages says."),
            _messages(user),
        ),
    ]


def _open(user: Any) -> list[list[Fact]]:
    return [
        [
            Fact(_("Browser"), row.agent, agents.describe(row.agent)),
            Fact(_("Network address"), row.address or "", row.address or ""),
            Fact(_("Last seen"), row.seen_at, ""),
        ]
        for row in open_sessions(user)
    ]


def _messages(user: Any) -> list[list[Fact]]:
    rows = Notification.objects.visible_to(user).order_by("-pk")[:MESSAGES]
    return [
        [
            Fact(_("When"), row.created_at, ""),
            Fact(_("Message"), notifications.words(row), notifications.words(row)),
        ]
        for row in rows
    ]
