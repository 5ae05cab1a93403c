"""Database triggers: a face is never the only way in.

A face that is awake (neither ended nor paused) needs another way in of the same person that has not
ended. Whoever would leave it alone is refused by the database; rows that are deleted put it to
sleep instead, so that a whole compound can go. Installed after each migrate, as the ledger's are:
SQLite rebuilds a table to alter it, and drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

ALONE = "a face is never the only way in"
_AWAKE = "kind = 'face' AND {0}.ended_at IS NULL AND {0}.paused_at IS NULL"
_OTHERS = """EXISTS (SELECT 1 FROM residents_wayin other WHERE other.person_id = {0}.person_id
             AND other.kind <> 'face' AND other.ended_at IS NULL)"""
# Built of constants alone.
_LONELY = f"""EXISTS (SELECT 1 FROM residents_wayin face
             WHERE face.person_id IN ({{0}}) AND face.{_AWAKE.format("face")}
             AND NOT {_OTHERS.format("face")})"""  # noqa: S608
_SLEEP = f"""UPDATE residents_wayin SET paused_at = {{0}} WHERE person_id = OLD.person_id
             AND {_AWAKE.format("residents_wayin")} AND NOT {_OTHERS.format("residents_wayin")}"""  # noqa: S608
_MOVED = "ended_at, paused_at, kind, person_id"
SQLITE = (
    "DROP TRIGGER IF EXISTS face_beside_insert",
    "DROP TRIGGER IF EXISTS face_beside_update",
    "DROP TRIGGER IF EXISTS face_beside_delete",
    f"""CREATE TRIGGER face_beside_insert AFTER INSERT ON residents_wayin
        WHEN NEW.kind = 'face' AND {_LONELY.format("NEW.person_id")}
        BEGIN SELECT RAISE(ABORT, '{ALONE}'); END""",
    f"""CREATE TRIGGER face_beside_update AFTER UPDATE OF {_MOVED} ON residents_wayin
        WHEN {_LONELY.format("OLD.person_id, NEW.person_id")}
        BEGIN SELECT RAISE(ABORT, '{ALONE}'); END""",
    f"""CREATE TRIGGER face_beside_delete AFTER DELETE ON residents_wayin
        WHEN OLD.kind <> 'face'
        BEGIN {_SLEEP.format("strftime('%Y-%m-%d %H:%M:%f', 'now')")}; END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION linli_face_beside() RETURNS trigger AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            {_SLEEP.format("now()")};
            RETURN OLD;
          END IF;
          IF TG_OP = 'UPDATE' AND {_LONELY.format("OLD.person_id")} THEN
            RAISE EXCEPTION '{ALONE}' USING ERRCODE = 'check_violation';
          END IF;
          IF {_LONELY.format("NEW.person_id")} THEN
            RAISE EXCEPTION '{ALONE}' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$ LANGUAGE plpgsql""",
    "DROP TRIGGER IF EXISTS face_beside_write ON residents_wayin",
    "DROP TRIGGER IF EXISTS face_beside_delete ON residents_wayin",
    f"""CREATE TRIGGER face_beside_write AFTER INSERT OR UPDATE OF {_MOVED} ON residents_wayin
        FOR EACH ROW EXECUTE FUNCTION linli_face_beside()""",
    """CREATE TRIGGER face_beside_delete AFTER DELETE ON residents_wayin
        FOR EACH ROW WHEN (OLD.kind <> 'face') EXECUTE FUNCTION linli_face_beside()""",
)


def install(sender: Any = None, using: str = "default", **_: Any) -> None:
    """Put the triggers in place on this database; safe to run again."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)
        if "residents_wayin" not in [table.name for table in tables]:
            return
        described = connection.introspection.get_table_description(cursor, "residents_wayin")
        if "paused_at" not in [column.name for column in described]:
            return  # an older state of the tables, on the way forward or back
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
