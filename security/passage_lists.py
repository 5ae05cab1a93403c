"""Which passages a list or a figure means; the first page counts what its lists then show."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from security.models import Passage

Outcome, State = Passage.Outcome, Passage.State
#: Keys of ``KEPT``, for addresses.
ACTED, HELD, PERSON, STORED = "acted", "held", "person", "stored"

BY_PERSON = Q(by_hand=True) | Q(outcome=Outcome.DENY)

KEPT: dict[str, Any] = {
    ACTED: _("Decided at the gate"),
    HELD: _("Not opened at once"),
    PERSON: _("Opened by hand or refused"),
    STORED: _("Only stored, came too late"),
}


def kept(rows: Any, which: str) -> Any:
    """Of these passages, those that a key of ``KEPT`` names; all for any other."""
    if which not in KEPT:
        return rows
    if which == STORED:
        return rows.filter(state=State.STORED)
    rows = rows.exclude(state=State.STORED)
    if which == PERSON:
        return rows.filter(BY_PERSON)
    if which == HELD:
        asked = Q(outcome__in=(Outcome.DENY, Outcome.ASK, Outcome.FAIL)) | Q(by_hand=True)
        return rows.filter(asked).exclude(code="opened_by_hand")
    return rows
