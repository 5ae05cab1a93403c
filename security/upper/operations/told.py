"""What became of what was told: the place in the ledger moves on, or time has run over it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from community import events
from community.devices.viid.speaker import Said
from security.alerts import raise_alert
from security.models import Alert, UpperPlatform
from security.upper import queue
from security.upper.operations.platforms import locked, silent_key
from security.upper.operations.refused import refuse_rows
from security.upper.operations.turns import SAVED, calm
from security.upper.queue import Batch, Item

#: Passages that waited for so long are dropped, with an alert: the platform has no use for them.
KEPT_DAYS = 30


def settle(
    platform: UpperPlatform, batch: Batch, said: Sequence[Said | None], now: datetime | None = None
) -> Item | None:
    """Move the place behind what was taken or refused; the first that was neither, if any.

    Nothing changes where another process was quicker, or where it was switched off meanwhile.
    """
    now = now or timezone.now()
    with events.writing():
        row = locked(platform.pk)
        if row.cursor != batch.start or not row.is_active:
            return None
        pairs = list(zip(batch.items, said, strict=True))
        waits = next((item for item, one in pairs if one is None or one.is_for_later), None)
        over = [(item, one) for item, one in pairs if one is not None and not one.is_for_later]
        if refused := [(item, one) for item, one in over if not one.is_taken]:
            refuse_rows(row, refused, now)
        row.cursor = batch.end if waits is None else waits.sequence - 1
        if pairs:
            row.heard_at, row.missed = now, 0
        if any(one.is_taken for _item, one in over):
            row.accepted_at = now
        if over and waits is None:
            row.failures = row.tries = row.stuck = 0
            calm(row)
        row.save(update_fields=[*SAVED, "cursor", "accepted_at"])
        if batch.lost and waits is None:
            _drop(row, batch.lost)
    return waits


def drop_old(key: int, now: datetime | None = None) -> int:
    """Give up what waited for KEPT_DAYS, with an alert and a line in the ledger; how many cars."""
    now = now or timezone.now()
    cut = now - timedelta(days=KEPT_DAYS)
    with events.writing():
        row = locked(key)
        low = queue.low(row.compound_id)
        if row.is_active and low > row.cursor:
            # The compound keeps its ledger for less: nobody knows any more how many those were.
            row.cursor = low
            row.save(update_fields=["cursor"])
            _drop(row, 0)
        first = queue.behind(row).values_list("recorded_at", flat=True).first()
        if not row.is_active or first is None or first >= cut:
            return 0
        old = queue.behind(row).filter(recorded_at__lt=cut)
        count = _cars_in(row, old)
        row.cursor = old.order_by("-sequence").values_list("sequence", flat=True)[0]
        row.stuck = row.tries = 0
        row.save(update_fields=["cursor", "stuck", "tries"])
        if count:
            _drop(row, count)
    return count


def _cars_in(row: UpperPlatform, rows: object) -> int:
    """How many passages of cars at the platform's gates these events tell of."""
    known = queue.roads(row)
    found: list[tuple[int, dict[str, int]]] = list(rows.values_list("sequence", "payload"))  # type: ignore[attr-defined]
    keys = [
        payload["passage"]
        for sequence, payload in found
        if (road := known.get(payload.get("lane", 0))) and sequence > road.gate.since
    ]
    slices = (keys[at : at + queue.LOOK] for at in range(0, len(keys), queue.LOOK))
    return sum(len(queue.cars(piece)) for piece in slices)


def _drop(row: UpperPlatform, count: int) -> None:
    row.dropped += count
    row.save(update_fields=["dropped"])
    events.record("upper.dropped", compound=row.compound_id, platform=row.pk, count=count)
    raise_alert(
        compound=row.compound_id,
        kind="upper_dropped",
        key=f"upper_dropped-{row.pk}",
        severity=Alert.Severity.IMPORTANT,
        facts={"name": row.name},
    )


def watch(platform: UpperPlatform, now: datetime | None = None) -> bool:
    """Raise the alert, once, where nothing has got through for as long as the office allows."""
    now = now or timezone.now()
    since, limit = platform.silent_since, timedelta(hours=platform.alert_after_h)
    if not platform.is_active or since is None or platform.alerted_at or now - since < limit:
        return False
    with events.writing():
        row = locked(platform.pk)
        if row.alerted_at or row.silent_since is None:
            return False
        row.alerted_at = now
        row.save(update_fields=["alerted_at"])
        raise_alert(
            compound=row.compound_id,
            kind="upper_silent",
            key=silent_key(row),
            severity=Alert.Severity.IMPORTANT,
            facts={"name": row.name, "hours": row.alert_after_h},
        )
    return True
