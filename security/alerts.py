"""Alerts as pages and handlers know them: the verbs, and the sentence of one."""

from __future__ import annotations

from parcels.models import LockerBank
from security.models import Alert
from security.operations.alerting import (
    AlertMoved,
    acknowledge,
    assign,
    close,
    close_by_key,
    close_with,
    open_alert,
    raise_alert,
)

__all__ = [
    "AlertMoved",
    "acknowledge",
    "assign",
    "close",
    "close_by_key",
    "close_with",
    "open_alert",
    "raise_alert",
    "said",
]


def bank_of(alert: Alert) -> LockerBank | None:
    """The locker bank that an alert is about, for who sees to it on the bank's page."""
    rows = LockerBank.objects.filter(device=alert.device_id, device__isnull=False)
    found: LockerBank | None = rows.first() if alert.device_id else None
    return found


def said(alert: Alert) -> str:
    """The alert's sentence in the active language."""
    return str(alert)
