"""What the card says of debts from before: of this plate, this ticket, or the ticket's phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parking import owing
from parking.models import Debt, Ticket
from parking.tariff_words import yuan
from security.models import Passage


@dataclass(frozen=True)
class CardDebt:
    pk: int
    fen: int
    #: The plate, or the number of the ticket.
    about: str
    by_ticket: bool
    since: datetime

    @property
    def amount(self) -> str:
        return yuan(self.fen)


def debts_of(passage: Passage) -> list[Debt]:
    """Open debts of the car that stands there; none of a registered car. At most two queries."""
    if passage.vehicle_id is not None or passage.way:
        return []
    if passage.plate:
        return owing.of_plate(passage.compound_id, passage.plate)
    key = passage.facts.get("ticket")
    rows = Ticket.objects.of(passage.compound_id)
    ticket = rows.filter(pk=key).first() if isinstance(key, int) else None
    return owing.of_ticket(passage.compound_id, ticket) if ticket is not None else []


def of_card(passage: Passage) -> list[CardDebt]:
    return [
        CardDebt(
            debt.pk, debt.amount_fen, str(debt.stay), debt.stay.ticket_id is not None,
            debt.created_at,
        )
        for debt in debts_of(passage)
    ]  # fmt: skip
