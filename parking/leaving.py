"""The exit's side of the gate: what is owed is asked for, and holds nobody who lives here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.verdicts import Outcome, Verdict, explain
from parking.models import Stay, Tariff, Vehicle
from parking.pricebook import RELATED, Due, book_of, due
from parking.tariff_words import yuan

UNPAID = "exit_unpaid"


def with_price(
    verdict: Verdict, stay: Stay | None, vehicle: Vehicle | None, at: datetime
) -> Verdict:
    """A verdict that would open, unless money is due for the stay: then the guard is asked.

    A registered car lives or works here and is never held for a debt (Civil Code 944): what it
    owes is recorded when it has left. One query where the compound has no tariff, three more
    where it has.
    """
    if not verdict.opens or stay is None or vehicle is not None or stay.area_id is not None:
        return verdict
    owed = owed_for(stay, at)
    if owed is None or not owed.due_fen:
        return verdict
    return Verdict(Outcome.ASK, UNPAID, verdict.facts | {"stay": stay.pk, "due": owed.due_fen})


def owed_for(stay: Stay, at: datetime) -> Due | None:
    """What is owed at a moment; None where nothing is charged in the compound."""
    rows = Tariff.objects.filter(compound_id=stay.compound_id, switched_on_at__isnull=False)
    if not rows.exists():
        return None
    row: Stay = Stay.objects.select_related("compound", *RELATED).get(pk=stay.pk)
    return due(row, at, book_of(row.compound))


def _unpaid(facts: dict[str, Any]) -> str:
    fen = facts.get("due")
    if not isinstance(fen, int):
        return gettext("This car has not paid yet. Let it pay, or decide.")
    text = gettext("%(amount)s is due. Let it pay by phone or in cash, or let it go with a debt.")
    return text % {"amount": yuan(fen)}


explain(UNPAID, _unpaid)
explain("exit_paid", _("Paid. The barrier opens."))
