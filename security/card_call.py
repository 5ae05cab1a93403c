"""What the card of who waits says of the home that was asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from community.models import Lane
from security.home_pages import MARKS
from security.models import HomeCall, Passage
from security.operations.home_calls import OPENS_WITHIN

State = HomeCall.State
#: What is read of the last call together with its passage: no question of its own.
READ = {
    "call_state": "state",
    "call_expires_at": "expires_at",
    "call_answered_at": "answered_at",
    "call_home": "unit__code",
    "call_who": "answered_by__name",
}


@dataclass(frozen=True)
class CardCall:
    """The last call, if there was one, and what can be done now; ``home`` stands in the field."""

    home: str
    state: str = ""
    expires_at: datetime | None = None
    answered_at: datetime | None = None
    who: str = ""

    @property
    def mark(self) -> str:
        return MARKS.get(self.state, "")

    @property
    def word(self) -> str:
        return str(State(self.state).label) if self.state else ""

    @property
    def left(self) -> int:
        """Seconds for which it still rings; 0 where it does not."""
        if self.state != State.RINGING or self.expires_at is None:
            return 0
        return max(0, round((self.expires_at - timezone.now()).total_seconds()))

    @property
    def opens(self) -> bool:
        if self.state != State.LET_IN or self.answered_at is None:
            return False
        return timezone.now() - self.answered_at <= OPENS_WITHIN


def with_calls(passages: Any) -> Any:
    """Passages, each with its last call to a home."""
    last = HomeCall.objects.filter(passage=OuterRef("pk")).order_by("-pk")
    return passages.annotate(**{name: Subquery(last.values(of)[:1]) for name, of in READ.items()})


def of_card(passage: Passage) -> CardCall | None:
    """The last call for who waits here; None where they go out, and nobody is asked."""
    if passage.direction != Lane.Direction.ENTRY:
        return None
    read: dict[str, Any] = {name: getattr(passage, name, None) or "" for name in READ}
    if not read["call_state"]:
        return CardCall(_home_of(passage))
    return CardCall(
        home=read["call_home"],
        state=read["call_state"],
        expires_at=read["call_expires_at"] or None,
        answered_at=read["call_answered_at"] or None,
        who=read["call_who"],
    )


def _home_of(passage: Passage) -> str:
    """The number of the home that the decision names: of an invitation, of a pass."""
    named = (passage.facts.get("home"), passage.facts.get("unit"))
    return next((home for home in named if isinstance(home, str)), "")
