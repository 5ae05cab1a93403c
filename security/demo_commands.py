"""The order to open that a passage of the demo compound was obeyed by."""

from __future__ import annotations

from datetime import timedelta

from community.models import Command
from security.models import Passage


def obeyed(passage: Passage, key: str, answered_ms: int) -> Command:
    """An opening that was done ``answered_ms`` after it was sent; the passage points to it."""
    sent = passage.decided_at + timedelta(milliseconds=8)
    passage.command = Command(
        compound_id=passage.compound_id,
        device=passage.lane.barrier,
        lane=passage.lane,
        action=Command.Action.OPEN,
        key=key,
        state=Command.State.DONE,
        requested_by=passage.decided_by,
        created_at=passage.decided_at,
        expires_at=passage.decided_at + timedelta(seconds=10),
        sent_at=sent,
        finished_at=sent + timedelta(milliseconds=answered_ms),
    )
    return passage.command
