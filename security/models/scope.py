"""Who may read what the gates saw."""

from __future__ import annotations

from typing import Any

from community.querysets import CompoundQuerySet

GUARDS = frozenset({"guard", "manager"})


class GuardedQuerySet(CompoundQuerySet[Any]):
    """Passages and pictures are for those who watch the gates, not for the whole office."""

    roles = GUARDS
