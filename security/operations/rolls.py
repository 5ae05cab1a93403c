"""That a roll was taken away: who holds a list of everybody inside is kept."""

from __future__ import annotations

from community import events
from community.models import Compound, User

HOW = frozenset({"paper", "file"})


def note_roll(compound: Compound, user: User, *, how: str) -> None:
    """Record that ``user`` printed the roll or took it as a file. Raises ValueError."""
    if how not in HOW:
        raise ValueError(f"no way to take a roll: {how}")
    with events.writing():
        events.record("security.roll_taken", compound=compound, actor=user, how=how)


def note_visitors(compound: Compound, user: User) -> None:
    """Record that ``user`` took the list of visitors as a file."""
    with events.writing():
        events.record("security.visitors_taken", compound=compound, actor=user)
