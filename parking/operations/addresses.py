"""Where providers of payments send their notices."""

from __future__ import annotations

from django.urls import reverse

from parking.models import PaymentAccount


def notify_url(account: PaymentAccount) -> str:
    """Our site's own address, said in the account; without one, only the path."""
    site = str(account.settings.get("site") or "").rstrip("/")
    return site + reverse("payment-notice", args=[account.secret])
