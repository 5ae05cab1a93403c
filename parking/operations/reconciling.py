"""Once a day the provider's list is laid beside ours; each difference is named and explained."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from community import events
from community.models import User
from parking.models import Payment, PaymentAccount, Reconciliation, Refund
from parking.payments import BillRow, NotTaken, Unsure, provider_for

#: The calendar by which the providers' lists run.
CHINA = ZoneInfo("Asia/Shanghai")
ONLY_THEIRS, ONLY_OURS, AMOUNT = "only_theirs", "only_ours", "amount"


def reconcile(account: PaymentAccount, day: date, *, actor: User | None = None) -> Reconciliation:
    """Compare one day. Done again, it is compared anew. Raises ``NotTaken`` or ``Unsure``."""
    theirs = provider_for(account).bill(day)
    with events.writing():
        ours = _ours(account, day)
        found = differences(ours, theirs)
        values = {
            "compound_id": account.compound_id,
            "compared_at": timezone.now(),
            "ours_count": len(ours),
            "ours_fen": sum(_signed(row) for row in ours),
            "theirs_count": len(theirs),
            "theirs_fen": sum(_signed(row) for row in theirs),
            "differences": [_known(each, account) for each in found],
        }
        row, _made = Reconciliation.objects.update_or_create(
            account=account, day=day, defaults=values
        )
        PaymentAccount.objects.filter(pk=account.pk).exclude(trouble="").update(trouble="")
        events.record(
            "parking.reconciled", compound=account.compound_id, actor=actor, day=row.pk,
            differences=len(found),
        )  # fmt: skip
    return row


def _signed(row: BillRow) -> int:
    return -row.amount_fen if row.is_refund else row.amount_fen


def _ours(account: PaymentAccount, day: date) -> list[BillRow]:
    start = datetime.combine(day, time.min, CHINA)
    span = (start, start + timedelta(days=1))
    paid = Payment.objects.filter(
        account=account, state=Payment.State.PAID, paid_at__gte=span[0], paid_at__lt=span[1]
    )
    back = Refund.objects.filter(
        payment__account=account, state=Refund.State.DONE, done_at__gte=span[0], done_at__lt=span[1]
    )
    columns = ("number", "provider_number", "amount_fen")
    rows = [BillRow(*each) for each in paid.values_list(*columns)]
    gone = back.values_list("number", "payment__provider_number", "amount_fen")
    return rows + [BillRow(*each, is_refund=True) for each in gone]


def differences(ours: list[BillRow], theirs: list[BillRow]) -> list[dict[str, Any]]:
    """What stands in one list only, or with another amount; by number, payments and refunds apart.

    Each as ``{"what", "number", "is_refund", "ours_fen", "theirs_fen"}``.
    """
    mine = {(row.number, row.is_refund): row for row in ours}
    other = {(row.number, row.is_refund): row for row in theirs}
    found = []
    for key in sorted(mine.keys() | other.keys()):
        one, two = mine.get(key), other.get(key)
        if one and two and one.amount_fen == two.amount_fen:
            continue
        what = AMOUNT if one and two else ONLY_OURS if one else ONLY_THEIRS
        found.append(
            {
                "what": what,
                "number": key[0][:64],
                "is_refund": key[1],
                "ours_fen": one.amount_fen if one else None,
                "theirs_fen": two.amount_fen if two else None,
            }
        )
    return found


def _known(each: dict[str, Any], account: PaymentAccount) -> dict[str, Any]:
    """With the likeliest explanation, as a code; see ``parking.money_words.WHY``."""
    if each["is_refund"]:
        rows: Any = Refund.objects.filter(number=each["number"], payment__account=account)
    else:
        rows = Payment.objects.filter(number=each["number"], account=account)
    row = rows.first()
    why = "unknown_here"
    if row is not None and each["what"] == ONLY_THEIRS:
        why = "other_day" if str(row.state) in ("paid", "done") else "notice_missing"
    elif row is not None:
        why = "other_amount" if each["what"] == AMOUNT else "not_in_list"
    payment = row.pk if isinstance(row, Payment) else getattr(row, "payment_id", None)
    return each | {"why": why, "payment": payment}


def reconcile_yesterday() -> int:
    """Every account in use; returns how many days were compared. What fails is tried tomorrow."""
    yesterday = timezone.now().astimezone(CHINA).date() - timedelta(days=1)
    done = 0
    for account in PaymentAccount.objects.filter(is_active=True).order_by("pk"):
        try:
            reconcile(account, yesterday)
        except (NotTaken, Unsure) as fault:
            PaymentAccount.objects.filter(pk=account.pk).update(trouble=fault.code[:64])
            continue
        done += 1
    return done
