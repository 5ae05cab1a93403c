"""The trade bill of WeChat Pay: one line per payment or refund of a day, then a summary.

Each value has a back-tick before it, amounts are in yuan, the first line names the columns.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from parking.payments.base import BillRow

NUMBER, THEIRS, STATE = "商户订单号", "微信订单号", "交易状态"
PAID, RETURN_NUMBER, RETURNED = "订单金额", "商户退款单号", "申请退款金额"
SUMMARY = "总交易单数"


def has_hash(body: bytes, told: Mapping[str, Any]) -> bool:
    """Whether the file is the one that the provider announced."""
    wanted = str(told.get("hash_value", "")).lower()
    found = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return told.get("hash_type") == "SHA1" and hmac.compare_digest(found, wanted)


def rows_of(body: bytes) -> list[BillRow]:
    """Raises ValueError for what is no bill."""
    text = body.decode("utf-8-sig")
    table = csv.reader(line for line in text.splitlines() if line.strip())
    head = [name.strip("` ") for name in next(table, [])]
    if not {NUMBER, THEIRS, STATE, PAID} <= set(head):
        raise ValueError("no bill: a column is missing")
    found = []
    for cells in table:
        values = [cell.strip("` ") for cell in cells]
        if values[0] == SUMMARY:
            break
        found.append(_row(dict(zip(head, values, strict=False))))
    return found


def _row(row: Mapping[str, str]) -> BillRow:
    is_refund = row.get(STATE) == "REFUND"
    number = row.get(RETURN_NUMBER, "") if is_refund else row[NUMBER]
    yuan = row.get(RETURNED, "0") if is_refund else row[PAID]
    return BillRow(number, row[THEIRS], fen_of(yuan), is_refund)


def fen_of(yuan: str) -> int:
    """``"12.50"`` as 1250. Raises ValueError."""
    try:
        fen = Decimal(yuan) * 100
    except InvalidOperation as error:
        raise ValueError("no amount") from error
    if fen != int(fen):
        raise ValueError("no whole fen")
    return int(fen)
