"""Database triggers that keep the ledger append-only.

Installed after each migrate: SQLite rebuilds a table to alter it, and drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

SQLITE = (
    "DROP TRIGGER IF EXISTS event_no_update",
    "DROP TRIGGER IF EXISTS event_no_delete",
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON community_event
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON community_event
       WHEN OLD.sequence > COALESCE((SELECT low_water FROM community_ledgerhead
                                     WHERE compound_id = OLD.compound_id), 0)
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION linli_event_guard() RETURNS trigger AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND OLD.sequence <= COALESCE(
             (SELECT low_water FROM community_ledgerhead
              WHERE compound_id = OLD.compound_id), 0) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'the ledger is append-only';
       END $$ LANGUAGE plpgsql""",
    "DROP TRIGGER IF EXISTS event_guard ON community_event",
    """CREATE TRIGGER event_guard BEFORE UPDATE OR DELETE ON community_event
       FOR EACH ROW EXECUTE FUNCTION linli_event_guard()""",
)


def install(sender: Any = None, using: str = "default", **_: Any) -> None:
    """Put the triggers in place on this database; safe to run again."""
    connection = connections[using]
    if "community_event" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
