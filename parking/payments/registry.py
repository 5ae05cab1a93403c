"""Drivers of payment providers by name."""

from __future__ import annotations

from typing import Any

from parking.models import PaymentAccount
from parking.payments.base import NotTaken, PaymentProvider

WECHAT, SIMULATED = "wechat_pay", "simulated"
DRIVERS = (WECHAT, SIMULATED)


def provider_for(account: PaymentAccount) -> PaymentProvider:
    """Raises ``NotTaken``: ``driver_unknown``, ``settings_invalid``, ``credentials_missing``."""
    return build(account.driver, account.pk, account.settings, account.credentials)


def build(driver: str, key: int, settings: Any, credentials: Any) -> PaymentProvider:
    """The provider of a driver's name; ``key`` names the account to the simulated one."""
    if not isinstance(settings, dict) or not isinstance(credentials, dict):
        raise NotTaken("settings_invalid", ours=True)
    if driver == WECHAT:
        from parking.payments.wechat_pay import WeChatPay

        return WeChatPay(settings, credentials)
    if driver == SIMULATED:
        from parking.payments.simulated import Simulated

        return Simulated(settings | {"account": key}, credentials)
    raise NotTaken("driver_unknown", ours=True)
