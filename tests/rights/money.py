"""Who may open what of tariffs and payments."""

from __future__ import annotations

from tests.rights.rule import ANYBODY, Rule

#: Behind a printed code: whoever stands at the gate pays without an account.
PAGES = {
    "pay-plate": Rule(ANYBODY, {"code": "compound_code"}, shared=True),
    "pay-stay": Rule(ANYBODY, {"ticket": "pay_ticket"}, shared=True),
    "pay-state": Rule(ANYBODY, {"ticket": "pay_ticket"}, shared=True),
    "pay-receipt-issue": Rule(ANYBODY, {"ticket": "pay_ticket"}, posts=True, shared=True),
    "pay-receipt": Rule(ANYBODY, {"secret": "none"}, empty=True),
    "pay-simulated": Rule(ANYBODY, {"number": "none"}, empty=True),
    "payment-notice": Rule(ANYBODY, {"secret": "none"}, posts=True, empty=True),
}
RULES = PAGES
