"""Every change of a device's state: its commands, its health, its clock, its keys to our door."""

from community.devices.operations.asking import Asked, ask_now, can_ask
from community.devices.operations.clock import (
    OUTLIER,
    TimeSource,
    corrected,
    is_fresh,
    learn_clock,
)
from community.devices.operations.commands import deliver, order, settle, sweep
from community.devices.operations.couriers import drain, hand_over, inline
from community.devices.operations.health import check_all, code_of, forget_word, record_health
from community.devices.operations.pushing import find_silent, note_heartbeat, note_push
from community.devices.operations.serials import bind_serial, same_serial
from community.devices.operations.tokens import (
    authenticate,
    device_of_push,
    issue_push_secret,
    issue_token,
    revoke_token,
)

__all__ = [
    "OUTLIER",
    "Asked",
    "TimeSource",
    "ask_now",
    "authenticate",
    "bind_serial",
    "can_ask",
    "check_all",
    "code_of",
    "corrected",
    "deliver",
    "device_of_push",
    "drain",
    "find_silent",
    "forget_word",
    "hand_over",
    "inline",
    "is_fresh",
    "issue_push_secret",
    "issue_token",
    "learn_clock",
    "note_heartbeat",
    "note_push",
    "order",
    "record_health",
    "revoke_token",
    "same_serial",
    "settle",
    "sweep",
]
