"""Who owes from before: by the plate, by the ticket, or by the phone that held it (ADR 84)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from community.models import Compound
from parking.models import Debt, Ticket

#: So many are shown at once, the oldest first.
MOST = 5


def of_plate(compound: Compound | int, plate: str) -> list[Debt]:
    """Open debts of a plate from stays that are over; none of a car that is registered here."""
    if not plate:
        return []
    return _open(compound, Q(plate=plate, stay__vehicle=None))


def of_ticket(compound: Compound | int, ticket: Ticket) -> list[Debt]:
    """Open debts of this very ticket, and of others that were on the same phone."""
    wanted = Q(stay__ticket=ticket.pk)
    if ticket.phone:
        wanted |= Q(stay__ticket__phone=ticket.phone)
    return _open(compound, wanted)


def of_phone(compound: Compound | int, phone: str) -> list[Debt]:
    """``phone`` is the digest that a ticket keeps."""
    return _open(compound, Q(stay__ticket__phone=phone)) if phone else []


def _open(compound: Compound | int, wanted: Q) -> list[Debt]:
    rows: Any = Debt.objects.of(compound).open().filter(wanted, stay__left_at__isnull=False)
    return list(rows.select_related("stay__ticket").order_by("pk")[:MOST])
