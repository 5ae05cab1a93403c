"""What the card of a car that has not paid says: the price line by line, and how to pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from parking import leaving
from parking.models import Debt, Stay
from parking.pricebook import stored
from parking.tariff_words import Shown, shown, yuan
from security.models import Passage

#: What a guard says who lets a car go with a debt; the rest is found by rule.
REASONS = (Debt.Reason.NO_MONEY, Debt.Reason.DISPUTED, Debt.Reason.FAULT, Debt.Reason.EMERGENCY)


@dataclass(frozen=True)
class CardPay:
    """``due_fen`` at this moment: what the guard takes in cash."""

    stay: Stay
    due_fen: int
    lines: list[Shown] = field(default_factory=list)

    @property
    def amount(self) -> str:
        return yuan(self.due_fen)

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        return [(reason.value, reason.label) for reason in REASONS]


def of_card(passage: Passage) -> CardPay | None:
    """None where nothing was due, or the stay is gone."""
    if passage.code != leaving.UNPAID:
        return None
    rows = Stay.objects.of(passage.compound_id)
    stay = rows.filter(pk=passage.facts.get("stay") or 0).first()
    owed = leaving.owed_for(stay, timezone.now()) if stay else None
    if stay is None or owed is None:
        return None
    return CardPay(stay, owed.due_fen, shown(stored(owed.priced.price)))
