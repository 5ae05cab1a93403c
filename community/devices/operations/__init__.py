"""Every change of a device's state: its commands, its health, its clock, its keys to our door."""

from community.devices.operations.clock import (
    OUTLIER,
    TimeSource,
    corrected,
    is_fresh,
    learn_clock,
)
from community.devices.operations.commands import deliver, order, settle, sweep
from community.devices.operations.couriers import drain, hand_over, inline
from community.devices.operations.health import check_all, record_health
from community.devices.operations.tokens import authenticate, issue_token, revoke_token

__all__ = [
    "OUTLIER",
    "TimeSource",
    "authenticate",
    "check_all",
    "corrected",
    "deliver",
    "drain",
    "hand_over",
    "inline",
    "is_fresh",
    "issue_token",
    "learn_clock",
    "order",
    "record_health",
    "revoke_token",
    "settle",
    "sweep",
]
