"""Alerts as pages and handlers know them: the verbs, and the sentence of one."""

from __future__ import annotations

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


def said(alert: Alert) -> str:
    """The alert's sentence in the active language."""
    return str(alert)
