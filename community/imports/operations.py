"""Lists: checked whole into staging, then applied in short batches.

A write lock held for long stops the gate, so every transaction here is a few milliseconds; between
two of them the lock is left alone for as long as it was held. What can be made ready is so before
the lock. Each batch locks its import's row, marks the next waiting rows and writes them in the same
transaction: a crash loses a batch that had not been committed and nothing else, and two processes
at work share the rows between them.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, sheets
from community.imports.cells import Checked
from community.models import Compound, User
from community.models.imports import ListImport
from community.sheets import Row

State = ListImport.State
STAGED_AT_ONCE = 80
#: Seconds for which a batch means to hold the write lock: a slow machine takes fewer rows at once.
HOLD = 0.05
FIRST, FEWEST, MOST = 30, 20, 80
#: Pause after a batch as a share of the time that it held the lock, and at least this many seconds.
PAUSE_SHARE, PAUSE_LEAST = 1.0, 0.02
#: A check takes seconds; staged rows stay for looking up what a list brought.
CHECK_MOST, STAGED_KEPT = timedelta(hours=1), timedelta(days=30)


class _TakenMeanwhile(Exception):
    """Another process wrote rows that this one had made ready."""


def _as_they_are(_batch: Any, values: list[dict[str, Any]]) -> Any:
    return values


@dataclass(frozen=True)
class Importer:
    """One kind of list: its tables, what checks its rows, and what writes some of them.

    ``check_rows(batch, rows)`` raises ValidationError where the first row names no columns;
    ``write_rows(batch, ready)`` runs inside ``events.writing()``, and may raise IntegrityError
    when somebody wrote the same meanwhile: it is tried again. What it gets is what
    ``prepare(batch, values)`` makes of some rows before the lock is taken, without writing.
    ``app`` begins its kinds of events.
    """

    app: str
    batches: Any
    staged: Any
    check_rows: Callable[[Any, Sequence[Row]], Checked]
    write_rows: Callable[[Any, Any], None]
    fewest: int = FEWEST
    prepare: Callable[[Any, list[dict[str, Any]]], Any] = _as_they_are

    def check(
        self,
        file: IO[bytes],
        *,
        name: str,
        compound: Compound,
        actor: User | None = None,
        **values: Any,
    ) -> Any:
        """Check a list whole, and keep it for applying; one bad cell refuses all of it.

        The result is in state checked (its rows are staged) or refused (``faults`` names each bad
        row and column). Raises ValidationError for a file that is no list, and keeps nothing of it.
        """
        body = file.read(sheets.MOST_BYTES + 1)
        batch = self.batches(
            compound=compound,
            file_name=name[-120:],
            digest=hashlib.sha256(body).hexdigest(),
            state=State.CHECKING,
            created_by=actor,
            **values,
        )
        checked = self.check_rows(batch, list(sheets.read(io.BytesIO(body))))
        if not checked.rows:
            raise ValidationError(_("The list has no rows below its first."), "no_rows")
        batch.rows, batch.faults = len(checked.rows), checked.faults
        if not checked.faults:
            with transaction.atomic():
                batch.save()
            self._stage(batch, checked.rows)
        batch.state = State.REFUSED if checked.faults else State.CHECKED
        with events.writing():
            batch.save()
            self._record("import_checked", batch, actor, faults=len(checked.faults))
        return batch

    def _stage(self, batch: Any, rows: list[tuple[int, dict[str, Any]]]) -> None:
        for start in range(0, len(rows), STAGED_AT_ONCE):
            staged = [
                self.staged(batch=batch, number=number, values=_plain(values))
                for number, values in rows[start : start + STAGED_AT_ONCE]
            ]
            began = time.monotonic()
            self.staged.objects.bulk_create(staged)
            give_way(time.monotonic() - began)

    def start(self, batch_id: int, *, actor: User | None = None) -> Any:
        """Release a checked list for applying; what is on its way or done already stays as it is.

        Raises ValidationError for a list that was refused or is still being checked.
        """
        with events.writing():
            batch = self._locked(batch_id)
            if batch.state in (State.REFUSED, State.CHECKING):
                raise ValidationError(_("This list has faults. Correct it and check it again."))
            if batch.state == State.CHECKED:
                batch.state = State.APPLYING
                batch.save(update_fields=["state"])
                self._record("import_started", batch, actor)
        return batch

    def apply(
        self,
        batch_id: int,
        *,
        seconds: float | None = None,
        progress: Callable[[Any], None] | None = None,
    ) -> Any:
        """Apply a checked list, or go on with it, until it is done or ``seconds`` are over.

        What is on file already is changed where the list says something else; an empty cell changes
        nothing. Safe to call again, after a crash, and from several processes at once.
        """
        end = time.monotonic() + seconds if seconds is not None else None
        batch, count = self.start(batch_id), FIRST
        while batch.state == State.APPLYING and (end is None or time.monotonic() < end):
            batch, held = self._apply_batch(batch_id, count)
            give_way(held)
            count = max(self.fewest, min(MOST, int(count * HOLD / held), count * 2))
            if progress is not None:
                progress(batch)
        return batch

    def apply_waiting(self, seconds: float = 1.0) -> int:
        """Go on with every released list for a while; returns how many are not done yet."""
        waiting = self.batches.objects.filter(state=State.APPLYING).order_by("pk")
        for pk in list(waiting.values_list("pk", flat=True)):
            self.apply(pk, seconds=seconds)
        return int(waiting.count())

    def tidy(self, now: datetime | None = None) -> int:
        """Let go of staged rows that have served: they name people, and files keep no copies for
        ever. Faults, which quote cells, go with them.

        Lists whose check was cut short count as refused. Returns the rows erased.
        """
        now = now or timezone.now()
        batches = self.batches.objects
        cut_short = batches.filter(state=State.CHECKING, created_at__lt=now - CHECK_MOST)
        cut_short.update(state=State.REFUSED)
        batches.filter(state=State.REFUSED, created_at__lt=now - STAGED_KEPT).update(faults=[])
        over = Q(batch__state=State.REFUSED) | Q(batch__created_at__lt=now - STAGED_KEPT)
        # One that is going in is never cut short, however old it is.
        rows = self.staged.objects.filter(over).exclude(batch__state=State.APPLYING)
        erased = 0
        while some := list(rows.values_list("pk", flat=True)[:STAGED_AT_ONCE]):
            began = time.monotonic()
            erased += self.staged.objects.filter(pk__in=some).delete()[0]
            give_way(time.monotonic() - began)
        return erased

    def _locked(self, batch_id: int) -> Any:
        rows = self.batches.objects.select_for_update(of=("self",)).select_related("compound")
        return rows.get(pk=batch_id)

    def _apply_batch(self, batch_id: int, count: int) -> tuple[Any, float]:
        for _attempt in range(3):
            try:
                return self._apply_some(batch_id, count)
            except IntegrityError:
                # Somebody wrote one of these at this moment: it is changed next time.
                continue
            except _TakenMeanwhile:
                return self.batches.objects.get(pk=batch_id), HOLD
        return self._apply_some(batch_id, count)

    def _apply_some(self, batch_id: int, count: int) -> tuple[Any, float]:
        """Apply the next ``count`` rows; returns the seconds of work under the lock, too."""
        batch = self.batches.objects.select_related("compound").get(pk=batch_id)
        rows = list(batch.staged.filter(applied_at=None).order_by("number")[:count])
        ready = self.prepare(batch, [row.values for row in rows])
        with events.writing():
            batch = self._locked(batch_id)
            began = time.monotonic()
            if batch.state != State.APPLYING:
                return batch, HOLD
            waiting = batch.staged.filter(pk__in=[row.pk for row in rows], applied_at=None)
            if waiting.update(applied_at=timezone.now()) != len(rows):
                raise _TakenMeanwhile
            self.write_rows(batch, ready)
            batch.applied += len(rows)
            if batch.applied >= batch.rows:
                batch.state = State.APPLIED
                self._record("import_applied", batch, batch.created_by)
            batch.save(update_fields=["applied", "state"])
        return batch, time.monotonic() - began

    def _record(self, kind: str, batch: Any, actor: User | None, **facts: Any) -> None:
        facts |= {"batch": batch.pk, "rows": batch.rows}
        events.record(f"{self.app}.{kind}", compound=batch.compound_id, actor=actor, **facts)


def give_way(held: float) -> None:
    """Leave the write lock, held for some seconds, to others for longer than that.

    Waiting writers of SQLite only look again now and then: without a gap they starve. PostgreSQL
    lets whoever waits go first.
    """
    if connection.vendor == "sqlite":
        time.sleep(max(PAUSE_LEAST, held * PAUSE_SHARE))


def _plain(value: Any) -> Any:
    """Values as JSON keeps them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value
