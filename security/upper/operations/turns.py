"""Whose turn it is: one process speaks with a platform at a time, and waits after a failure."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from community import events
from community.devices.viid.speaker import Trouble
from security.alerts import close_by_key
from security.models import UpperPlatform
from security.upper import queue
from security.upper.operations.platforms import locked, silent_key

#: The standard's: alive every 90 s; after three times without an answer, register again.
KEEP_ALIVE = timedelta(seconds=90)
MISSES = 3
#: Longer than the longest turn between two looks; who died holds a platform no longer.
LEASE = timedelta(seconds=180)
#: Seconds before the next try: at first; where nobody answers; where the platform answers and
#: takes nothing, so that it does not forget us; and where it refused the password, so that it
#: does not lock the account.
FIRST_S, LONGEST_S, LONGEST_ANSWERED_S, REFUSED_S = 10.0, 600.0, 80.0, 3600.0
#: Waits vary by this share, so that many do not come back together.
JITTER = 0.25
SAVED = (
    "registered_at", "heard_at", "silent_since", "alerted_at", "due_at", "missed", "failures",
    "code", "said", "stuck", "tries",
)  # fmt: skip


def due_platforms(now: datetime, but: set[int]) -> list[int]:
    """Platforms that nobody speaks with and that there is something to say to."""
    rows = _free(now).exclude(pk__in=but).filter(Q(due_at=None) | Q(due_at__lte=now))
    rows = rows.filter(Q(is_active=True) | Q(registered_at__isnull=False))
    return [row.pk for row in rows.order_by("pk") if _has_to_speak(row, now)]


def _has_to_speak(row: UpperPlatform, now: datetime) -> bool:
    if not row.is_active or row.registered_at is None or is_quiet(row, now):
        return True
    return queue.behind(row).exists() or row.refusals.filter(state="waiting").exists()


def is_quiet(row: UpperPlatform, now: datetime) -> bool:
    """Whether the platform has to hear that we live."""
    return row.heard_at is None or row.heard_at + KEEP_ALIVE <= now


def _free(now: datetime) -> Any:
    return UpperPlatform.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now))


def claim(key: int, now: datetime) -> bool:
    """Take a platform for this process alone; False where another was quicker."""
    return bool(_free(now).filter(pk=key).update(leased_until=now + LEASE))


def held(key: int, now: datetime) -> UpperPlatform | None:
    """The row as it is now, and a longer lease."""
    UpperPlatform.objects.filter(pk=key).update(leased_until=now + LEASE)
    found: UpperPlatform | None = UpperPlatform.objects.filter(pk=key).first()
    return found


def release(key: int, now: datetime) -> None:
    UpperPlatform.objects.filter(pk=key).update(leased_until=now)


def note_heard(key: int, *, registered: bool = False, now: datetime | None = None) -> None:
    """The platform answered as it should to Register or Keepalive."""
    now = now or timezone.now()
    with events.writing():
        row = locked(key)
        row.heard_at, row.missed = now, 0
        if registered:
            row.registered_at = now
        if not row.failures:
            calm(row)
        row.save(update_fields=SAVED)


def calm(row: UpperPlatform) -> None:
    """Nothing is wrong any more. The caller saves."""
    row.code = row.said = ""
    row.silent_since = row.due_at = None
    if row.alerted_at is not None:
        row.alerted_at = None
        close_by_key(row.compound_id, silent_key(row))


def note_left(key: int) -> None:
    """We are registered no more, by our own will."""
    UpperPlatform.objects.filter(pk=key).update(registered_at=None, due_at=None)


def note_trouble(
    key: int, trouble: Trouble, *, stuck: int | None = None, now: datetime | None = None
) -> UpperPlatform:
    """Write down that it went wrong, and when it is tried again.

    ``stuck``: the number in the ledger of the passage at the head, where it was told and not taken.
    """
    now = now or timezone.now()
    with events.writing():
        row = locked(key)
        row.code, row.said = trouble.code[:64], trouble.said[:120]
        row.silent_since = row.silent_since or now
        if trouble.code in ("not_registered", "not_authorised"):
            row.registered_at = None
        if stuck is None or not trouble.answered:
            row.missed += 1
            if row.missed >= MISSES:
                row.registered_at = None
            wait = _doubled(row.missed, LONGEST_S)
        else:
            row.failures += 1
            row.tries = row.tries + 1 if row.stuck == stuck else 1
            row.stuck = stuck
            wait = _doubled(row.failures, LONGEST_ANSWERED_S)
        wait = REFUSED_S if trouble.code == "not_authorised" else wait
        row.due_at = now + timedelta(seconds=wait * random.uniform(1 - JITTER, 1))  # noqa: S311
        row.save(update_fields=SAVED)
    return row


def _doubled(times: int, longest: float) -> float:
    return float(min(FIRST_S * 2.0 ** min(times - 1, 10), longest))
