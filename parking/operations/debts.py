"""Debts: recorded where a car leaves without paying, let go with a reason. They hold nobody."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parking.models import Debt, Stay
from parking.operations.prices import charge_until, locked_stay
from parking.operations.rules import clean_text
from parking.pricebook import book_of, due


def let_go_unpaid(
    stay: Stay, reason: str, *, note: str = "", actor: User | None = None
) -> Debt | None:
    """A guard lets a car out that has not paid: a debt on its plate. None where nothing is due.

    The same again changes nothing. Raises ValidationError for a reason that is none.
    """
    if reason not in Debt.Reason.values:
        raise ValidationError({"reason": [_("Choose a reason.")]})
    note = clean_text("note", note, 200)
    with events.writing():
        row = locked_stay(stay)
        known = Debt.objects.filter(stay=row).first()
        if known is not None:
            return known
        at = row.left_at or timezone.now()
        owed = due(row, at, book_of(row.compound))
        if not owed.due_fen:
            return None
        charge_until(row, owed.until, owed.priced)
        debt = Debt.objects.create(
            compound_id=row.compound_id, stay=row, plate=row.plate, amount_fen=owed.due_fen,
            reason=reason, note=note, decided_by=actor, created_at=timezone.now(),
        )  # fmt: skip
        events.record(
            "parking.debt_recorded", compound=row.compound_id, actor=actor, debt=debt.pk,
            stay=row.pk, fen=debt.amount_fen, reason=str(reason),
        )  # fmt: skip
    return debt


def waive(debt: Debt, because: str, *, actor: User | None = None) -> Debt:
    """Nobody asks for it any more. Raises ValidationError without a reason, or once it is paid."""
    because = clean_text("reason", because, 120)
    if not because:
        raise ValidationError({"reason": [_("Say why. The reason is kept.")]})
    with events.writing():
        row: Debt = Debt.objects.select_for_update(of=("self",)).get(pk=debt.pk)
        if row.settled_at is not None:
            raise ValidationError(_("This debt is paid."))
        if row.waived_at is None:
            row.waived_at, row.waived_because = timezone.now(), because
            row.save(update_fields=["waived_at", "waived_because"])
            events.record("parking.debt_waived", compound=row.compound_id, actor=actor, debt=row.pk)
    return row
