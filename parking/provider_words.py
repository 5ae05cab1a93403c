"""What a provider of payments said, in one sentence for whoever keeps the account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

KEYS = _("The provider does not know our keys. Compare the account's settings with its page.")
LATER = _("The provider did not answer as it should. It is asked again by itself.")
BILL = _("The provider's list did not arrive whole. Compare the day once more.")
SENTENCES: dict[str, Any] = {
    **dict.fromkeys(("sign_error", "answered_401", "answer_not_signed"), KEYS),
    **dict.fromkeys(("appid_mchid_not_match", "mch_not_exists"), KEYS),
    **dict.fromkeys(("settings_invalid", "driver_unknown"), KEYS),
    **dict.fromkeys(("no_auth", "noauth", "answered_403", "request_blocked"), _(
        "The provider has not opened this service for us. Apply for it on the provider's page."
    )),
    **dict.fromkeys(("unreachable", "address_refused", "redirected"), _(
        "The provider cannot be reached. Check this computer's way to the internet."
    )),
    "certificate_refused": _(
        "The provider's certificate is not trusted. Check this computer's clock and network."
    ),
    "statement_creating": _("The provider is still making its list. Compare the day later."),
    **dict.fromkeys(("bill_not_whole", "bill_not_understood"), BILL),
    "not_enough": _("Our account there holds too little money. Pay in, then give back again."),
    "user_account_abnormal": _(
        "The payer's account is closed there. Give the money back another way."
    ),
    **dict.fromkeys(("frequency_limited", "frequency_limit_exceed", "rate_limit_exceeded"), _(
        "The provider was asked too often. Wait a minute, then try again."
    )),
}  # fmt: skip


def sentence(code: str) -> str:
    """One sentence for what ``NotTaken``, ``Unsure`` or a refund's ``code`` says; none for none."""
    if not code:
        return ""
    found = SENTENCES.get(code)
    if found is None and code.startswith(("answered_5", "answer", "no_answer", "system")):
        found = LATER
    if found is not None:
        return str(found)
    return gettext("The provider refused and says: %(code)s.") % {"code": code}
