"""What is said: one thing, or several things as one message."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community import verdicts
from community.models import Notification
from community.notifications.base import Message
from community.notifications.kinds import kind_of

#: More sentences than these are not read: the rest stands on our pages.
MOST = 8


def sentence(row: Notification) -> str:
    """The message's sentence in the active language."""
    return verdicts.sentence(row.kind, row.facts | row.private)


def language_of(row: Notification) -> str:
    return row.user.language if row.user else "zh-hans"


def compose(rows: Sequence[Notification], key: str, to: str) -> Message:
    """One message about all rows, which have one reader; what would be said twice is said once."""
    first = rows[0]
    with translation.override(language_of(first)):
        said = list(dict.fromkeys(sentence(row) for row in rows))
        alone = len(said) == 1
        kind = kind_of(first.kind)
        title = str(kind.label) if alone else _("%(count)s messages") % {"count": len(said)}
        more = len(said) - MOST
        lines = said[:MOST] + ([_("and %(count)s more") % {"count": more}] if more > 0 else [])
        return Message(
            key=key,
            to=to,
            kind=first.kind if alone else "bundle",
            title=f"{first.compound.name} · {title}",
            text=lines[0] if alone else "\n".join(f"· {line}" for line in lines),
            facts=first.facts | first.private if alone else {},
            path=kind.path if alone else "/",
            language=language_of(first),
            sent_at=timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        )
