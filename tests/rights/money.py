"""Who may open what of tariffs and payments."""

from __future__ import annotations

from tests.rights.rule import ANYBODY, GUARDS, MANAGERS, OFFICE, Rule, Table, tables

TILL = frozenset({"desk", "cashier", "manager"})
MONEY = TILL | {"guard"}
TABLES = {
    "parking.coupon": Table("coupons", TILL, add=TILL, deeds={"end": TILL}),
    "parking.payment": Table("payments", TILL, deeds={"refund": TILL, "receipt": TILL}),
    "parking.debt": Table("debts", TILL, deeds={"waive": TILL}),
    "parking.cashshift": Table("cash_shifts", MONEY),
    "parking.receipt": Table("receipts", TILL),
    "parking.paymentaccount": Table("payment_accounts", MANAGERS, add=MANAGERS),
}
#: Behind a printed code: whoever stands at the gate pays without an account.
PAGES = {
    "pay-plate": Rule(ANYBODY, {"code": "compound_code"}, shared=True),
    "pay-stay": Rule(ANYBODY, {"ticket": "pay_ticket"}, shared=True),
    "pay-ticket": Rule(ANYBODY, {"secret": "none"}, empty=True),
    # By a signed code, and in a test no car stands there (tests/security/test_self_tickets.py).
    "entry-ticket": Rule(ANYBODY, {"code": "none"}, empty=True),
    "entry-ticket-state": Rule(ANYBODY, {"code": "none"}, empty=True),
    "pay-state": Rule(ANYBODY, {"ticket": "pay_ticket"}, shared=True),
    "pay-receipt-issue": Rule(ANYBODY, {"ticket": "pay_ticket"}, posts=True, shared=True),
    "pay-receipt": Rule(ANYBODY, {"secret": "none"}, empty=True),
    "pay-simulated": Rule(ANYBODY, {"number": "none"}, empty=True),
    "payment-notice": Rule(ANYBODY, {"secret": "none"}, posts=True, empty=True),
}
OFFICE_PAGES = {
    "parking-report": Rule(OFFICE),
    "parking-report-file": Rule(OFFICE, {"form": "csv"}),
    "parking-tariffs": Rule(TILL),
    "parking-tariff-new": Rule(TILL),
    "parking-tariff": Rule(TILL, {"key": "tariffs"}),
    "parking-tariff-on": Rule(MANAGERS, {"key": "tariffs"}, posts=True),
    "parking-reconciliation": Rule(TILL),
    "parking-till": Rule(MONEY),
    "guard-cash": Rule(GUARDS, {"key": "passages"}, posts=True),
    "guard-debt": Rule(GUARDS, {"key": "passages"}, posts=True),
    "guard-old-debt": Rule(GUARDS, {"key": "passages"}, posts=True),
    "debt-picture": Rule(MONEY, {"pk": "debts", "way": "in"}, empty=True),
    "guard-pay-code": Rule(GUARDS, {"key": "unpaid"}),
}
RULES = tables(TABLES) | PAGES | OFFICE_PAGES
