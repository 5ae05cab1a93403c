"""One row of everything about tariffs and payments."""

from __future__ import annotations

from typing import Any

from community.models import Compound
from parking.pay.tickets import ticket_of
from tests.parking import money


def paid(at: Compound) -> dict[str, Any]:
    """The keys of the rows."""
    stay = money.inside(at, plate="皖A77777")
    return {"compound_code": at.code, "pay_ticket": ticket_of(stay)}
