"""Charges: a stay's price is kept, closed when the car leaves, and found anew with a trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from community import events
from community.models import Compound, User
from parking.models import Charge, Debt, PriceChange, Stay
from parking.pricebook import RELATED, Book, Priced, book_of, due, priced, stored
from residents.clock import add_months

#: Stays priced in one transaction: it holds the writer for some tens of milliseconds.
BATCH = 400
Why = PriceChange.Why


def locked_stay(stay: Stay) -> Stay:
    """The stay with all that its price is made of, locked first: locks go stay → charge → rest."""
    Stay.objects.select_for_update(of=("self",)).get(pk=stay.pk)
    found: Stay = Stay.objects.select_related("compound", *RELATED).get(pk=stay.pk)
    return found


def charge_until(stay: Stay, until: datetime, found: Priced) -> Charge:
    """Keep the price of an open stay as it was asked. Call with the stay locked."""
    values = values_of(found, until)
    charge, _made = Charge.objects.update_or_create(
        stay=stay, defaults=values, create_defaults=values | {"compound_id": stay.compound_id}
    )
    return charge


def close_charge(stay: Stay) -> Charge | None:
    """The car has left: its price is final; what was not paid becomes a debt on the plate.

    None where nothing is charged. The same again changes nothing.
    """
    with events.writing():
        row = locked_stay(stay)
        if row.left_at is None or row.area_id is not None:
            return None
        book = book_of(row.compound)
        if not book.versions:
            return None
        charge = getattr(row, "charge", None)
        if charge is not None and charge.is_final:
            # Told again, or its exit was put where it belongs: a price that holds stays as it is.
            return reprice(row, Why.CORRECTED)
        owed = due(row, row.left_at, book)
        charge = _finish(row, charge, owed.priced, owed.until)
        if owed.due_fen:
            _owe(row, owed.due_fen)
        return charge


def _finish(row: Stay, charge: Charge | None, found: Priced, until: datetime) -> Charge:
    kept = charge_until(row, until, found)
    if charge is not None and charge.total_fen != kept.total_fen:
        _trace(kept, Why.LEFT, charge.total_fen, charge.lines)
    kept.is_final = True
    kept.save(update_fields=["is_final"])
    return kept


def _owe(row: Stay, fen: int) -> None:
    """Whoever decided has said why already; else the car left unseen, or it lives here."""
    if Debt.objects.filter(stay=row).exists():
        Debt.objects.filter(stay=row, settled_at=None, waived_at=None).update(amount_fen=fen)
        return
    lives_here = row.vehicle_id is not None
    reason = Debt.Reason.LIVES_HERE if lives_here else Debt.Reason.LEFT_UNSEEN
    debt = Debt.objects.create(
        compound_id=row.compound_id, stay=row, plate=row.plate, amount_fen=fen, reason=reason,
        created_at=timezone.now(),
    )  # fmt: skip
    events.record(
        "parking.debt_recorded", compound=row.compound_id, debt=debt.pk, stay=row.pk,
        fen=fen, reason=str(reason),
    )  # fmt: skip


def reprice(stay: Stay, why: str, *, actor: User | None = None) -> Charge | None:
    """Find the price of a stay anew, after it was put right; a change leaves a trace.

    ``why`` is a ``PriceChange.Why``. What is paid stays paid; an open debt follows the price.
    None where the compound has no tariff, or the stay is one in an area.
    """
    if why not in Why.values:
        raise ValueError(f"no reason for another price: {why}")
    with events.writing():
        row = locked_stay(stay)
        book = book_of(row.compound)
        if row.area_id is not None or not book.versions:
            return None
        charge = getattr(row, "charge", None)
        until = row.left_at or timezone.now()
        if charge is not None and charge.paid_until is not None and row.left_at is not None:
            until = due(row, row.left_at, book).until
        found = priced(row, until, book)
        if charge is None:
            charge = charge_until(row, until, found)
            return _final(charge, row)
        before, lines = charge.total_fen, charge.lines
        kept = charge_until(row, until, found)
        if before != kept.total_fen:
            _trace(kept, why, before, lines, actor)
            _follow(kept)
        return _final(kept, row)


def _final(charge: Charge, row: Stay) -> Charge:
    if row.left_at is not None and not charge.is_final:
        charge.is_final = True
        charge.save(update_fields=["is_final"])
    return charge


def _trace(
    charge: Charge, why: str, before: int, lines: list[Any], actor: User | None = None
) -> None:
    change = PriceChange.objects.create(
        compound_id=charge.compound_id, charge=charge, why=why, before_fen=before,
        after_fen=charge.total_fen, before_lines=lines, at=timezone.now(), by=actor,
    )  # fmt: skip
    events.record(
        "parking.price_changed", compound=charge.compound_id, actor=actor, stay=charge.stay_id,
        change=change.pk, before=before, after=charge.total_fen, why=str(why),
    )  # fmt: skip


def _follow(charge: Charge) -> None:
    """An open debt is what is still owed; where nothing is, it is settled."""
    rows = Debt.objects.open().filter(stay_id=charge.stay_id)
    owed = charge.due_fen
    if owed:
        rows.update(amount_fen=owed)
    else:
        rows.update(settled_at=timezone.now())


def reprice_month(compound: Compound, first_day: date) -> int:
    """Price every stay anew that ended in a month; returns how many prices came out otherwise.

    In short batches, each committed for itself: broken off, it may be begun again.
    """
    zone = ZoneInfo(compound.timezone)
    start = datetime.combine(first_day, time.min, zone)
    end = datetime.combine(add_months(first_day, 1), time.min, zone)
    book = book_of(compound)
    if not book.versions:
        return 0
    rows = Stay.objects.of(compound).filter(area=None, left_at__gte=start, left_at__lt=end)
    ended: Any = rows.order_by("pk").values_list("pk", flat=True)
    changed, last = 0, 0
    while keys := list(ended.filter(pk__gt=last)[:BATCH]):
        changed += _reprice_batch(compound, keys, book)
        last = keys[-1]
    return changed


def _reprice_batch(compound: Compound, keys: list[int], book: Book) -> int:
    found = _found(keys, book)
    with events.writing():
        charges = Charge.objects.select_for_update(of=("self",)).in_bulk(keys, field_name="stay_id")
        rows, traces, other = [], [], []
        for row, what, until in found:
            values = values_of(what, until) | {"is_final": True}
            charge = charges.get(row.pk)
            if charge is not None and charge.total_fen == values["total_fen"]:
                continue
            rows.append(Charge(compound=compound, stay=row, **values))
            if charge is not None:
                traces.append(_change(charge, values["total_fen"]))
                other.append(_set(charge, values))
        # One statement for new and known ones: what was paid of them is not touched.
        Charge.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["stay"], update_fields=FIELDS
        )
        PriceChange.objects.bulk_create(traces)
        owing = Debt.objects.open().filter(stay__in=[charge.stay_id for charge in other])
        indebted = set(owing.values_list("stay_id", flat=True))
        for charge in other:
            if charge.stay_id in indebted:
                _follow(charge)
        if traces:
            events.record("parking.month_repriced", compound=compound, count=len(traces))
    return len(traces)


def _found(keys: list[int], book: Book) -> Iterable[tuple[Stay, Priced, datetime]]:
    """Priced before the transaction begins: it only writes."""
    rows = Stay.objects.filter(pk__in=keys).select_related(*RELATED).defer("charge__lines")
    told = []
    for row in rows:
        if row.left_at is None:
            continue
        owed = due(row, row.left_at, book)
        told.append((row, owed.priced, owed.until))
    return told


def _change(charge: Charge, after: int) -> PriceChange:
    return PriceChange(
        compound_id=charge.compound_id, charge=charge, why=Why.MONTH, before_fen=charge.total_fen,
        after_fen=after, before_lines=charge.lines, at=timezone.now(),
    )  # fmt: skip


VALUES = ("tariff_id", "kind", "total_fen", "lines", "fault", "priced_until")
FIELDS = ["tariff", *VALUES[1:], "is_final"]


def values_of(found: Priced, until: datetime) -> dict[str, Any]:
    told = found.price
    made = (found.tariff, found.kind, told.total, stored(told), told.fault, until)
    return dict(zip(VALUES, made, strict=True))


def _set(charge: Charge, values: dict[str, Any]) -> Charge:
    for name, value in values.items():
        setattr(charge, name, value)
    return charge
