"""Who speaks with the platforms: one thread for each that has something to be told, none for two.

The same beat as webhooks' (ADR 18), in the job process of either way of running.
"""

from __future__ import annotations

import time

import structlog
from celery.signals import worker_shutdown
from django.utils import timezone

from community.devices.viid.speaker import Said, Trouble
from community.partners import Partners
from security.models import UpperPlatform
from security.upper import operations, queue
from security.upper.operations.platforms import speaker_of
from security.upper.operations.turns import is_quiet
from security.upper.queue import Batch, Item, Road

log = structlog.get_logger(__name__)
#: Platforms that one process speaks with at the same moment, and seconds until one gives way.
THREADS, TURN_S = 8, 20.0
#: A passage that was not taken so often alone is held against the ones behind it.
TRIES, PROBES = 3, 5
#: Seconds that a process which stops gives to saying so, for all platforms.
LEAVE_S = 3.0


def go() -> int:
    """Speak with every platform that has something to be told; with how many. Returns at once."""
    return _partners.go(
        lambda most, busy: operations.due_platforms(timezone.now(), set(busy))[:most]
    )


def _serve(key: int) -> None:
    if not operations.claim(key, timezone.now()):
        return
    try:
        Turn(key).run()
    finally:
        operations.release(key, timezone.now())


_partners = Partners("upper", THREADS, _serve)


@worker_shutdown.connect
def leave(**_: object) -> int:
    """The process stops: say so to every platform that nobody speaks with; how many were told."""
    end = time.monotonic() + LEAVE_S
    told = 0
    for key in UpperPlatform.objects.exclude(registered_at=None).values_list("pk", flat=True):
        if time.monotonic() < end and operations.claim(key, timezone.now()):
            told += Turn(key).leave()
            operations.release(key, timezone.now())
    return told


class Turn:
    """One conversation with one platform, which this process holds alone."""

    def __init__(self, key: int) -> None:
        self.key = key
        self.end = time.monotonic() + TURN_S
        self.registered = False

    def run(self) -> None:
        operations.drop_old(self.key)
        row = operations.held(self.key, timezone.now())
        if row is None:
            return
        if not row.is_active:
            self.leave()
            return
        operations.watch(row)
        try:
            self._connect(row)
        except Trouble as trouble:
            self._note(row, trouble)
            return
        while time.monotonic() < self.end and self._step():
            pass

    def leave(self) -> bool:
        """Unregister, whatever the platform says to it."""
        row = operations.held(self.key, timezone.now())
        if row is None or row.registered_at is None:
            return False
        try:
            speaker_of(row).unregister()
        except Trouble as trouble:
            log.info("upper_not_unregistered", platform=self.key, code=trouble.code)
        operations.note_left(self.key)
        return True

    def _connect(self, row: UpperPlatform) -> None:
        """Registered, and heard within 90 s. Raises Trouble."""
        if row.registered_at is None:
            self._register(row)
        elif is_quiet(row, timezone.now()):
            try:
                speaker_of(row).keep_alive()
                operations.note_heard(row.pk)
            except Trouble as trouble:
                if trouble.code != "not_registered":
                    raise
                self._register(row)

    def _register(self, row: UpperPlatform) -> None:
        speaker_of(row).register()
        self.registered = True
        operations.note_heard(row.pk, registered=True)

    def _step(self) -> bool:
        """Tell the next batch; whether to go on."""
        row = operations.held(self.key, timezone.now())
        if row is None or not row.is_active:
            return False
        known = queue.roads(row)
        if not row.failures and (items := queue.again(row, known)):
            return self._again(row, items)
        batch = queue.next_batch(row, known, 1 if row.failures else queue.MOST)
        if not batch.items:
            if batch.end != batch.start:
                operations.settle(row, batch, [])
            return batch.end != batch.start and batch.end < queue.high(row.compound_id)
        try:
            waits = operations.settle(row, batch, self._send(row, batch.items))
        except Trouble as trouble:
            return self._failed(row, batch, trouble, known)
        if waits is not None:
            self._note(row, Trouble("busy"), waits)
        return waits is None

    def _send(self, row: UpperPlatform, items: list[Item]) -> list[Said | None]:
        """What was said to each. Who was forgotten registers again, once. Raises Trouble."""
        told = [item.told for item in items]
        try:
            said = speaker_of(row).send(told)
        except Trouble as trouble:
            if trouble.code != "not_registered" or self.registered:
                raise
            self._register(row)
            said = speaker_of(row).send(told)
        if all(one is None or one.is_for_later for one in said):
            first = next((one for one in said if one is not None), None)
            raise Trouble("busy" if first else "not_answered", first.words if first else "")
        return said

    def _again(self, row: UpperPlatform, items: list[Item]) -> bool:
        try:
            operations.settle_again(row, items, self._send(row, items))
        except Trouble as trouble:
            if not trouble.answered:
                self._note(row, trouble)
                return False
            # One try each: what the platform cannot bear must not stand before the others.
            operations.settle_again(row, items, [Said(trouble.code, trouble.said)] * len(items))
        return True

    def _failed(
        self, row: UpperPlatform, batch: Batch, trouble: Trouble, known: dict[int, Road]
    ) -> bool:
        """A broken platform takes nothing; one bad passage is told by the one behind it."""
        head = batch.items[0]
        now = self._note(row, trouble, head)
        if not trouble.answered or len(batch.items) > 1 or now.tries < TRIES:
            return False
        behind = queue.next_batch(row, known, 1, 1 + (now.tries - TRIES) % PROBES)
        if not behind.items:
            return False
        try:
            self._send(row, behind.items)
        except Trouble:
            return False
        operations.refuse(row, head, trouble)
        return True

    def _note(
        self, row: UpperPlatform, trouble: Trouble, head: Item | None = None
    ) -> UpperPlatform:
        log.warning("upper_not_taken", platform=row.pk, code=trouble.code)
        return operations.note_trouble(
            row.pk, trouble, stuck=head.sequence if head is not None else None
        )
