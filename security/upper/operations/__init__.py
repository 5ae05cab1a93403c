"""Every change of upper platforms and of what they are told."""

from security.upper.operations.platforms import (
    add_platform,
    change_platform,
    try_out,
)
from security.upper.operations.refused import forget_refused, refuse, send_again, settle_again
from security.upper.operations.told import drop_old, settle, watch
from security.upper.operations.turns import (
    claim,
    due_platforms,
    held,
    note_heard,
    note_left,
    note_trouble,
    release,
)

__all__ = [
    "add_platform",
    "change_platform",
    "claim",
    "drop_old",
    "due_platforms",
    "forget_refused",
    "held",
    "note_heard",
    "note_left",
    "note_trouble",
    "refuse",
    "release",
    "send_again",
    "settle",
    "settle_again",
    "try_out",
    "watch",
]
