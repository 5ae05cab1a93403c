"""Somebody at a gate asks for a guard."""

from __future__ import annotations

from community.models import Device, Lane
from security.models import Alert
from security.operations.alerting import raise_alert


def call_guard(lane: Lane, device: Device | None = None) -> Alert:
    """Ring at the guards' desk; while the call is open, another press is the same call."""
    return raise_alert(
        compound=lane.compound_id,
        kind="kiosk_call",
        key=f"kiosk_call-{lane.pk}",
        severity=Alert.Severity.URGENT,
        device=device,
        lane=lane,
    )
