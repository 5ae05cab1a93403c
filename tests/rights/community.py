"""Who may open what on the floor. One line for each address; the office's tables further down."""

from __future__ import annotations

from tests.rights.rule import (
    ADMITTED,
    ANYBODY,
    EVERY_ROLE,
    INSTALLERS,
    MANAGERS,
    NOBODY,
    OFFICE,
    STAFF,
    Rule,
    Table,
    tables,
)

PAGES = {
    "landing": Rule(EVERY_ROLE),
    "sign-in": Rule(ANYBODY),
    "sign-in-code": Rule(ANYBODY, empty=True),
    "sign-out": Rule(ANYBODY, posts=True),
    "language": Rule(ANYBODY, posts=True),
    "compound": Rule(EVERY_ROLE, posts=True, empty=True),
    "first-start": Rule(ANYBODY, empty=True),
    "healthz": Rule(ANYBODY),
    "readyz": Rule(ANYBODY, empty=True),
    "metrics": Rule(ANYBODY, empty=True),
    "trust": Rule(ANYBODY, empty=True),
    "trust-certificate": Rule(ANYBODY, empty=True),
    "account": Rule(EVERY_ROLE),
    "account-end": Rule(EVERY_ROLE, posts=True),
    "account-codes": Rule(EVERY_ROLE),
    "account-codes-off": Rule(EVERY_ROLE),
    "account-codes-renew": Rule(EVERY_ROLE),
    "account-new-token": Rule(EVERY_ROLE, posts=True),
    "account-revoke-token": Rule(NOBODY, {"key": "tokens"}, posts=True, own=True),
    "push": Rule(EVERY_ROLE),
    "letters": Rule(OFFICE),
    "letters-printed": Rule(OFFICE, posts=True),
    "letters-handed": Rule(OFFICE, posts=True),
    # Signed by the gateway that sends it: to everybody else it is no page.
    "message-report": Rule(NOBODY, {"channel_id": "channels"}, posts=True),
    "admin/login/": Rule(ANYBODY, empty=True),
    "admin/logout/": Rule(ANYBODY, posts=True),
    "admin:search": Rule(ADMITTED),
    # Whatever the API does not know.
    "^api/": Rule(NOBODY),
    "search": Rule(STAFF),
    "desk": Rule(OFFICE),
    "desk-case": Rule(OFFICE, {"kind": "home", "pk": "units"}),
    "desk-do": Rule(OFFICE, {"kind": "home", "pk": "units", "key": "none"}, empty=True),
    "desk-paper": Rule(OFFICE, {"kind": "home", "pk": "units", "key": "none"}, empty=True),
}
TABLES = {
    "community.compound": Table("compounds", STAFF, operator_adds=True),
    "community.building": Table("buildings", STAFF, add=MANAGERS),
    "community.unit": Table("units", STAFF, add=MANAGERS),
    "community.gate": Table("gates", STAFF, add=MANAGERS),
    "community.lane": Table("lanes", STAFF, add=INSTALLERS),
    "community.device": Table(
        "devices",
        STAFF,
        add=INSTALLERS,
        deeds={
            "condition": INSTALLERS,
            "issue_token": INSTALLERS,
            "revoke_token": INSTALLERS,
        },
    ),
    "community.command": Table("commands", STAFF),
    "community.user": Table(
        "users", MANAGERS, add=MANAGERS, deeds={"end_sessions": MANAGERS, "codes_off": MANAGERS}
    ),
    "community.role": Table("roles", MANAGERS, lists=OFFICE, add=OFFICE, deeds={"end": MANAGERS}),
    "community.event": Table("lines", INSTALLERS),
    "community.handlerrun": Table("runs", MANAGERS),
    "community.look": Table("looks", MANAGERS),
    "community.notification": Table("notifications", NOBODY, lists=ADMITTED),
    "community.retentionrule": Table("retention", MANAGERS, lists=STAFF - {"guard"}, add=MANAGERS),
    "community.datakey": Table("compounds", NOBODY),
    "community.apitoken": Table("tokens", MANAGERS, deeds={"revoke": MANAGERS}),
    "community.webhook": Table(
        "webhooks",
        MANAGERS,
        add=MANAGERS,
        deeds={"issue_secret": MANAGERS, "test": MANAGERS},
    ),
    "community.webhookdelivery": Table(
        "webhook-deliveries", MANAGERS, deeds={"send_again": MANAGERS}
    ),
    "community.channel": Table(
        "channels", INSTALLERS, add=INSTALLERS, deeds={"send_test": INSTALLERS}
    ),
    "community.tellingrule": Table("quiet", MANAGERS),
    "community.delivery": Table("deliveries", OFFICE),
}
LISTS = {
    "admin:community_delivery_letters": Rule(OFFICE),
    "admin:community_datakey_changelist": Rule(NOBODY, operator=True),
    "admin:community_datakey_export": Rule(NOBODY, {"form": "csv"}, operator=True),
}
RULES = PAGES | tables(TABLES) | LISTS
