"""Lists of vehicles: checked whole into staging, then applied in short batches.

A write lock held for long stops the gate, so every transaction here is a few milliseconds; between
two of them the lock is left alone for as long as it was held. Each batch locks its import's row,
takes the next waiting rows and marks them in the same transaction: a crash loses a batch that had
not been committed and nothing else, and two processes at work share the rows between them.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, sheets
from community.models import Compound, Unit, User
from parking.models import Vehicle, VehicleImport, VehicleImportRow
from parking.operations import rules, staging
from parking.operations.staging import KIND_IF_NEW
from residents.models import Person

State = VehicleImport.State
STAGED_AT_ONCE = 200
#: Seconds for which a batch means to hold the write lock: a slow machine takes fewer rows at once.
HOLD = 0.05
FIRST, FEWEST, MOST = 30, 20, 80
#: Pause after a batch as a share of the time that it held the lock, and at least this many seconds.
PAUSE_SHARE, PAUSE_LEAST = 1.0, 0.02
#: A check takes seconds; staged rows stay for looking up what a list brought.
CHECK_MOST, STAGED_KEPT = timedelta(hours=1), timedelta(days=30)
DATES = ("valid_from", "valid_until")


def check_import(
    file: IO[bytes], *, name: str, compound: Compound, actor: User | None = None
) -> VehicleImport:
    """Check a list whole, and keep it for applying; one bad cell refuses all of it.

    The result is in state checked (its rows are staged) or refused (``faults`` names each bad row
    and column). Raises ValidationError for a file that is no list, and keeps nothing of it.
    """
    body = file.read(sheets.MOST_BYTES + 1)
    checked = staging.check(compound, list(sheets.read(io.BytesIO(body))))
    if not checked.rows:
        raise ValidationError(_("The list has no rows below its first."), "no_rows")
    batch = VehicleImport(
        compound=compound,
        file_name=name[-120:],
        digest=hashlib.sha256(body).hexdigest(),
        state=State.CHECKING,
        rows=len(checked.rows),
        faults=checked.faults,
        created_by=actor,
    )
    if not checked.faults:
        with transaction.atomic():
            batch.save()
        _stage(batch, checked.rows)
    batch.state = State.REFUSED if checked.faults else State.CHECKED
    with events.writing():
        batch.save()
        _record("parking.import_checked", batch, actor, faults=len(checked.faults))
    return batch


def _stage(batch: VehicleImport, rows: list[tuple[int, dict[str, Any]]]) -> None:
    for start in range(0, len(rows), STAGED_AT_ONCE):
        staged = [
            VehicleImportRow(batch=batch, number=number, values=_plain(values))
            for number, values in rows[start : start + STAGED_AT_ONCE]
        ]
        began = time.monotonic()
        VehicleImportRow.objects.bulk_create(staged)
        _give_way(time.monotonic() - began)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }


def start_import(batch_id: int, *, actor: User | None = None) -> VehicleImport:
    """Release a checked list for applying; what is on its way or done already stays as it is.

    Raises ValidationError for a list that was refused or is still being checked.
    """
    with events.writing():
        batch = _locked(batch_id)
        if batch.state in (State.REFUSED, State.CHECKING):
            raise ValidationError(_("This list has faults. Correct it and check it again."))
        if batch.state == State.CHECKED:
            batch.state = State.APPLYING
            batch.save(update_fields=["state"])
            _record("parking.import_started", batch, actor)
    return batch


def apply_import(
    batch_id: int,
    *,
    seconds: float | None = None,
    progress: Callable[[VehicleImport], None] | None = None,
) -> VehicleImport:
    """Apply a checked list, or go on with it, until it is done or ``seconds`` are over.

    Cars registered already are changed where the list says something else; an empty cell changes
    nothing. Safe to call again, after a crash, and from several processes at once.
    """
    end = time.monotonic() + seconds if seconds is not None else None
    batch, count = start_import(batch_id), FIRST
    while batch.state == State.APPLYING and (end is None or time.monotonic() < end):
        batch, held = _apply_batch(batch_id, count)
        _give_way(held)
        count = max(FEWEST, min(MOST, int(count * HOLD / held), count * 2))
        if progress is not None:
            progress(batch)
    return batch


def apply_waiting(seconds: float = 1.0) -> int:
    """Go on with every released list for a while; returns how many are not done yet."""
    waiting = VehicleImport.objects.filter(state=State.APPLYING).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        apply_import(pk, seconds=seconds)
    return int(waiting.count())


def tidy_imports(now: datetime | None = None) -> int:
    """Let go of staged rows that have served: they name people, and files keep no copies for ever.

    Lists whose check was cut short count as refused. Returns the rows erased.
    """
    now = now or timezone.now()
    cut_short = VehicleImport.objects.filter(state=State.CHECKING, created_at__lt=now - CHECK_MOST)
    cut_short.update(state=State.REFUSED)
    over = Q(batch__state=State.REFUSED) | Q(batch__created_at__lt=now - STAGED_KEPT)
    # One that is going in is never cut short, however old it is.
    rows = VehicleImportRow.objects.filter(over).exclude(batch__state=State.APPLYING)
    erased = 0
    while batch := list(rows.values_list("pk", flat=True)[:STAGED_AT_ONCE]):
        began = time.monotonic()
        erased += VehicleImportRow.objects.filter(pk__in=batch).delete()[0]
        _give_way(time.monotonic() - began)
    return erased


def _give_way(held: float) -> None:
    """Leave the write lock, held for some seconds, to others for longer than that.

    Waiting writers of SQLite only look again now and then: without a gap they starve.
    """
    time.sleep(max(PAUSE_LEAST, held * PAUSE_SHARE))


def _locked(batch_id: int) -> VehicleImport:
    rows = VehicleImport.objects.select_for_update(of=("self",)).select_related("compound")
    return rows.get(pk=batch_id)


def _apply_batch(batch_id: int, count: int) -> tuple[VehicleImport, float]:
    for _attempt in range(3):
        try:
            return _apply_some(batch_id, count)
        except IntegrityError:
            # Somebody registered one of these plates at this moment: it is changed next time.
            continue
    return _apply_some(batch_id, count)


def _apply_some(batch_id: int, count: int) -> tuple[VehicleImport, float]:
    """Apply the next ``count`` rows; returns the seconds of work under the lock, too."""
    with events.writing():
        batch = _locked(batch_id)
        began = time.monotonic()
        if batch.state != State.APPLYING:
            return batch, HOLD
        waiting = batch.staged.filter(applied_at=None).order_by("number")
        rows = list(waiting[:count])
        _write(batch, [row.values for row in rows])
        batch.staged.filter(pk__in=[row.pk for row in rows]).update(applied_at=timezone.now())
        batch.applied += len(rows)
        if batch.applied >= batch.rows:
            batch.state = State.APPLIED
            _record("parking.import_applied", batch, batch.created_by)
        batch.save(update_fields=["applied", "state"])
    return batch, time.monotonic() - began


def _write(batch: VehicleImport, rows: list[dict[str, Any]]) -> None:
    rows = [_stored(row) for row in rows]
    for model, key in ((Unit, "unit_id"), (Person, "owner_id")):
        _drop_gone(model, key, rows)
    current = Vehicle.objects.of(batch.compound).registered().select_for_update(of=("self",))
    known = {car.plate: car for car in current.filter(plate__in=[row["plate"] for row in rows])}
    fresh = [_fresh(batch.compound, row) for row in rows if row["plate"] not in known]
    changed = {
        row["plate"]: _change(known[row["plate"]], row) for row in rows if row["plate"] in known
    }
    Vehicle.objects.bulk_create(fresh)
    moved = [known[plate] for plate, fields in changed.items() if fields]
    if moved:
        Vehicle.objects.bulk_update(moved, ["kind", "colour", "unit", "owner", *DATES])
    for car in fresh:
        _record_car("parking.vehicle_registered", batch, car, unit=car.unit_id)
    for car in moved:
        _record_car("parking.vehicle_changed", batch, car, fields=changed[car.plate])


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """Staged values as the columns of the table take them."""
    values = {f"{key}_id" if key in ("unit", "owner") else key: value for key, value in row.items()}
    for key in DATES:
        if key in values:
            values[key] = date.fromisoformat(values[key])
    return values


def _drop_gone(model: type[models.Model], key: str, rows: list[dict[str, Any]]) -> None:
    """A person whose file was erased since the check is no owner any more."""
    named = {row[key] for row in rows if row.get(key)}
    gone = named - set(model._default_manager.filter(pk__in=named).values_list("pk", flat=True))
    for row in rows:
        if row.get(key) in gone:
            del row[key]


def _fresh(compound: Compound, row: dict[str, Any]) -> Vehicle:
    values = {"valid_from": rules.today(compound), "kind": row.get(KIND_IF_NEW)} | row
    values.pop(KIND_IF_NEW, None)
    return Vehicle(compound=compound, **values)


def _change(car: Vehicle, row: dict[str, Any]) -> list[str]:
    row = {name: value for name, value in row.items() if name != KIND_IF_NEW}
    fields = [name for name, value in row.items() if getattr(car, name) != value]
    for name in fields:
        setattr(car, name, row[name])
    if car.valid_until is not None and car.valid_until < car.valid_from:
        # Somebody moved the first day since the check: the list's last day stands.
        car.valid_from = car.valid_until
    return [name.removesuffix("_id") for name in fields]


def _record(kind: str, batch: VehicleImport, actor: User | None, **facts: Any) -> None:
    facts |= {"batch": batch.pk, "rows": batch.rows}
    events.record(kind, compound=batch.compound_id, actor=actor, **facts)


def _record_car(kind: str, batch: VehicleImport, car: Vehicle, **facts: Any) -> None:
    facts |= {"batch": batch.pk, "vehicle": car.pk}
    events.record(kind, compound=batch.compound_id, actor=batch.created_by, **facts)
