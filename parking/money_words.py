"""Differences with the provider's list in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from parking.models import Reconciliation
from parking.tariff_words import yuan

WHAT: dict[str, Any] = {
    "only_theirs": _("Only in the provider's list"),
    "only_ours": _("Only in ours"),
    "amount": _("Another amount"),
}
WHY: dict[str, Any] = {
    "notice_missing": _("It was paid and we were not told. Ask the provider about this payment."),
    "other_day": _("We booked it on another day: it was paid around midnight."),
    "unknown_here": _("We know no such payment. Ask the provider whose it is."),
    "not_in_list": _("We booked it and the provider does not know it. Check it before tomorrow."),
    "other_amount": _("The amounts differ. Compare the payment with the provider's page."),
}


@dataclass(frozen=True)
class Difference:
    number: str
    what: Any
    why: Any
    ours: str
    theirs: str


def differences(row: Reconciliation) -> list[Difference]:
    return [
        Difference(
            number=each["number"],
            what=WHAT.get(each["what"], each["what"]),
            why=WHY.get(each.get("why", ""), ""),
            ours="" if each["ours_fen"] is None else yuan(each["ours_fen"]),
            theirs="" if each["theirs_fen"] is None else yuan(each["theirs_fen"]),
        )
        for each in row.differences
    ]
