"""The export for the police station: what is new or changed, with a receipt.

It is written in short batches, each of which locks its rows, keeps them as they go out, and counts
them as reported; cut off, the same receipt goes on. The file is made from the receipt, so it can be
made again at any time, and says the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import override

from community import events
from community.models import Compound, User
from community.sheets import WRITERS
from residents import obligations, report_columns
from residents.models import Deadline, ExportLine, ExportReceipt, Registration, RegistrationStep
from residents.obligations import Book
from residents.operations.deadlines import Changes, compare
from residents.querysets import LIVE

#: Rows at a time: few enough to hold the writer for some tens of milliseconds.
FEWEST, FIRST, MOST, HOLD, REST = 20, 60, 200, 0.05, 0.5
Change, State = ExportLine.Change, Registration.State
#: A registration, and how it goes out.
Ready = tuple[Registration, ExportLine]


def to_report(compound: Compound | int) -> Any:
    """Registrations that the police station does not know yet as they are now."""
    unknown = Q(reported_at=None) | Q(changed_at__gt=F("reported_at"))
    rows = Registration.objects.of(compound).filter(unknown, accepted_at__isnull=False)
    return rows.filter(state__in=[*LIVE, "ended"])


def start_export(compound: Compound, *, actor: User | None = None) -> ExportReceipt | None:
    """A receipt for all that is new or changed; None where there is nothing to report.

    The background job fills it, a few rows at a time. One that is being filled is given again.
    """
    return _begin(compound, actor)


def export_registrations(
    compound: Compound,
    *,
    actor: User | None = None,
    progress: Callable[[ExportReceipt], None] | None = None,
) -> ExportReceipt | None:
    """Put all that is new or changed on a receipt at once; None where there is nothing to report.

    A receipt that was cut off is completed first. Two at once share the rows, each on one receipt.
    """
    receipt = start_export(compound, actor=actor)
    if receipt is not None:
        fill_receipt(receipt, progress=progress)
    return receipt


def fill_receipt(
    receipt: ExportReceipt,
    *,
    seconds: float | None = None,
    progress: Callable[[ExportReceipt], None] | None = None,
) -> bool:
    """Go on with a receipt until it is complete (then True) or ``seconds`` are over."""
    end = time.monotonic() + seconds if seconds is not None else None
    book, count = Book(), FIRST
    while end is None or time.monotonic() < end:
        done, held = _batch(receipt, book, count)
        if not done:
            return True
        count = max(FEWEST, min(MOST, int(count * HOLD / held)))
        if progress is not None:
            progress(receipt)
        time.sleep(held * REST)
    return False


def export_waiting(seconds: float = 1.0) -> int:
    """Go on with every receipt that is not complete; returns how many are not done yet."""
    waiting = ExportReceipt.objects.filter(is_complete=False).order_by("pk")
    return sum(not fill_receipt(receipt, seconds=seconds) for receipt in list(waiting))


def file_of(receipt: ExportReceipt, form: str = "xlsx") -> Iterator[bytes]:
    """The file of a receipt in pieces; ``form`` is "csv" or "xlsx"."""
    return WRITERS[form](_rows(receipt))


def _rows(receipt: ExportReceipt) -> Iterator[tuple[str, ...]]:
    yield report_columns.header()
    lines: Any = receipt.lines.order_by("pk").values_list("change", "values")
    for change, values in lines.iterator(chunk_size=500):
        yield report_columns.cells(change, values)


def _begin(compound: Compound, actor: User | None) -> ExportReceipt | None:
    # Counted before the lock is taken: it looks at every registration.
    expected = to_report(compound).count()
    with events.writing():
        Compound.objects.select_for_update(of=("self",)).get(pk=compound.pk)
        open_: ExportReceipt | None = _unfinished(compound)
        if open_ is not None or not expected:
            return open_
        day = timezone.localdate()
        before = ExportReceipt.objects.of(compound).filter(number__startswith=f"{day:%Y%m%d}-")
        receipt: ExportReceipt = ExportReceipt.objects.create(
            compound=compound,
            number=f"{day:%Y%m%d}-{before.count() + 1:02d}",
            made_at=timezone.now(),
            made_by=actor,
            jurisdiction=compound.jurisdiction,
            expected=expected,
        )
    return receipt


def _unfinished(compound: Compound) -> ExportReceipt | None:
    found: ExportReceipt | None = (
        ExportReceipt.objects.of(compound).filter(is_complete=False).first()
    )
    return found


def _batch(receipt: ExportReceipt, book: Book, count: int) -> tuple[int, float]:
    """Take the next rows, 0 once the receipt is complete; and the seconds under the lock."""
    ready = _made_ready(receipt, count)
    with events.writing():
        receipt = ExportReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
        began = time.monotonic()
        held = _next(receipt).select_for_update().values_list("pk", "version")[:count]
        if list(held) != [(row.pk, row.version) for row, _line in ready]:
            # Somebody changed one of them meanwhile, or another process took them.
            ready = _made_ready(receipt, count)
        if ready:
            _report(receipt, ready, book)
        elif not receipt.is_complete:
            ExportReceipt.objects.filter(pk=receipt.pk).update(is_complete=True)
            _say("residents.exported", receipt, rows=receipt.rows)
    return len(ready), time.monotonic() - began


def _next(receipt: ExportReceipt) -> Any:
    """What changed after the receipt was begun goes on the next one: so no row comes twice."""
    last = receipt.lines.aggregate(last=Max("registration"))["last"] or 0
    unknown = to_report(receipt.compound_id).filter(pk__gt=last)
    return unknown.filter(changed_at__lte=receipt.made_at).order_by("pk")


def _made_ready(receipt: ExportReceipt, count: int) -> list[Ready]:
    """The next rows with their lines: most of the work, and none of it under the lock."""
    rows = _next(receipt).select_related("unit__address").defer("permit_number")[:count]
    with override(report_columns.LANGUAGE):
        return [(row, _line(receipt, row)) for row in rows]


def _line(receipt: ExportReceipt, row: Registration) -> ExportLine:
    row.compound = receipt.compound
    return ExportLine(
        compound_id=receipt.compound_id,
        receipt=receipt,
        registration=row,
        change=_change(row),
        values=report_columns.values(row),
    )


def _report(receipt: ExportReceipt, ready: list[Ready], book: Book) -> None:
    # Not before the receipt, even where a clock was set back: what is reported stays reported.
    now = max(timezone.now(), receipt.made_at)
    ExportLine.objects.bulk_create(line for _row, line in ready)
    rows = [row for row, _line in ready]
    fresh = [row for row in rows if row.state == "accepted"]
    for row in rows:
        row.reported_at = now
    for row in fresh:
        row.state = State.REPORTED
    reported = Registration.objects.filter(pk__in=[row.pk for row in rows])
    reported.update(reported_at=now, version=F("version") + 1)
    if fresh:
        Registration.objects.filter(pk__in=[row.pk for row in fresh]).update(state=State.REPORTED)
        _steps(receipt, fresh, now)
    _deadlines(rows, book)
    ExportReceipt.objects.filter(pk=receipt.pk).update(rows=F("rows") + len(rows))
    for row in fresh:
        _say("residents.registration_reported", receipt, registration=row.pk, unit=row.unit_id)


def _change(row: Registration) -> str:
    if row.state == "ended":
        return Change.ENDED
    return Change.CHANGED if row.reported_at else Change.ADDED


def _steps(receipt: ExportReceipt, rows: list[Registration], now: datetime) -> None:
    RegistrationStep.objects.bulk_create(
        RegistrationStep(
            compound_id=receipt.compound_id,
            registration=row,
            at=now,
            state=row.state,
            by_id=receipt.made_by_id,
            note=receipt.number,
        )
        for row in rows
    )


def _deadlines(rows: list[Registration], book: Book) -> None:
    today = timezone.localdate()
    changes = Changes()
    known: dict[Any, dict[str, Any]] = {row.pk: {} for row in rows}
    for one in Deadline.objects.filter(registration__in=list(known)).order_by():
        known[one.registration_id][one.key] = one
    for row in rows:
        about: dict[str, Any] = {"compound_id": row.compound_id, "unit_id": row.unit_id}
        about |= {"person_id": row.person_id, "letting_id": row.letting_id}
        wanted = list(obligations.of_registration(row, book, today))
        compare(wanted, known[row.pk], about | {"registration_id": row.pk}, today, changes)
    changes.write()


def _say(kind: str, receipt: ExportReceipt, **facts: Any) -> None:
    facts |= {"receipt": receipt.pk}
    events.record(kind, compound=receipt.compound_id, actor=receipt.made_by, **facts)
