"""Runs the handlers of recorded events: at least once each, their effect exactly once.

The run's row is locked and marked in the transaction of the handler's effect, so both happen or
neither. What fails again and again is parked, and the office sees it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from community import events
from community.models import HandlerRun

log = logging.getLogger(__name__)
ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=2)


def run_due(now: datetime | None = None, limit: int = 100) -> int:
    """Run what is due, oldest event first; returns how many runs ended well."""
    now = now or timezone.now()
    due = (
        HandlerRun.objects.filter(state="pending", due_at__lte=now)
        .order_by("event_id", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(run_one(pk) for pk in due)


def run_one(pk: int) -> bool:
    """One run in one transaction. False when it failed, or another process has it."""
    try:
        with events.writing():
            run = (
                HandlerRun.objects.select_for_update(skip_locked=_can_skip(), of=("self",))
                .select_related("event")
                .filter(pk=pk, state="pending")
                .first()
            )
            if run is None:
                return False
            handler = events.handler(run.event.kind, run.handler)
            if handler is not None:
                handler(run.event)
            HandlerRun.objects.filter(pk=pk).update(
                state="done", finished_at=timezone.now(), attempts=run.attempts + 1
            )
    except Exception as error:
        log.exception("handler run %s failed", pk)
        _postpone(pk, error)
        return False
    return True


def _can_skip() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


def _postpone(pk: int, error: Exception) -> None:
    with transaction.atomic():
        run = HandlerRun.objects.select_for_update().get(pk=pk)
        if run.state != "pending":
            return
        run.attempts += 1
        run.error = f"{type(error).__name__}: {error}"[:200]
        if run.attempts >= ATTEMPTS:
            run.state = "parked"
        run.due_at = timezone.now() + FIRST_WAIT * 4 ** (run.attempts - 1)
        run.save(update_fields=["attempts", "error", "state", "due_at"])


def retry_parked(ids: list[int]) -> int:
    """Give parked runs a fresh set of attempts."""
    return int(
        HandlerRun.objects.filter(pk__in=ids, state="parked").update(
            state="pending", attempts=0, due_at=timezone.now()
        )
    )
