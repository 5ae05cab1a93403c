"""The trade bill of WeChat Pay: one line per payment or refund of a day, then a summary.

Each value has a back-tick before it, amounts are in yuan, the first line names the columns. Values
are not quoted: a comma may stand inside one, so lines are cut where a comma and a back-tick meet.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from parking.payments.base import BillRow

NUMBER, THEIRS, STATE = "商户订单号", "微信订单号", "交易状态"
PAID, RETURN_NUMBER, RETURNED = "订单金额", "商户退款单号", "申请退款金额"
RETURN_STATE = "退款状态"
SUMMARY = "总交易单数"


def has_hash(body: bytes, told: Mapping[str, Any]) -> bool:
    """Whether the file is the one that the provider announced."""
    wanted = str(told.get("hash_value", "")).lower()
    found = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return told.get("hash_type") == "SHA1" and hmac.compare_digest(found, wanted)


def rows_of(body: bytes) -> list[BillRow]:
    """Raises ValueError for what is no bill."""
    text = body.decode("utf-8-sig")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    head = _cells(lines[0]) if lines else []
    if not {NUMBER, THEIRS, STATE, PAID} <= set(head):
        raise ValueError("no bill: a column is missing")
    found = []
    for line in lines[1:]:
        values = _cells(line)
        if values[0] == SUMMARY:
            break
        if len(values) != len(head):
            raise ValueError("no bill: a line of another length")
        row = dict(zip(head, values, strict=True))
        if row.get(RETURN_STATE) != "FAIL":
            found.append(_row(row))
    return found


def _cells(line: str) -> list[str]:
    parts = line[1:].split(",`") if line.startswith("`") else line.split(",")
    return [part.strip() for part in parts]


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
