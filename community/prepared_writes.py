"""Rows written by SQL that is put together once, as ``community.prepared`` does for questions.

Whoever writes holds up all other writers (ADR 89), and Django writes the SQL of an UPDATE anew for
longer than the database takes to do it::

    _claimed = Update(
        lambda command, now: (
            Command.objects.filter(pk=command, state="pending"), {"state": "sent", "sent_at": now}
        ),
        command=int, now=datetime,
    )
    _claimed(command=3, now=timezone.now())    # how many rows it changed
    insert(Event(...))                         # a row, as ``save(force_insert=True)`` would
    save(parcel, ["state", "moved_at"])        # of a row that is there, only these

No signals are sent: the house has none. What an expression is to work out, Django writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery

from community.prepared import NotPrepared, adapted, hashable, sample, slots_of

#: More rows than this go in one statement.
FEW = 3
Changes = tuple[QuerySet[Any, Any], dict[str, Any]]
#: What is proven of an UPDATE: its SQL, a name for each parameter or None, and what is given then.
Written = tuple[str, tuple[str | None, ...], tuple[Any, ...]]


class Update:
    """Called with its values by name, it gives the number of rows changed.

    ``build`` gives the queryset and what becomes of its rows, as ``update`` takes it; the values
    are of the kinds that ``prepared`` takes, and the rest is the same each time.
    """

    def __init__(self, build: Callable[..., Changes], /, **kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self._known: dict[str, Written] = {}

    def __call__(self, **values: Any) -> int:
        if values.keys() != self.kinds.keys():
            raise NotPrepared(f"changed by {sorted(self.kinds)}")
        sql, slots, given = self._known.get(connection.vendor) or self._write()
        ready = {name: adapted(connection, self.kinds[name], values[name], name) for name in values}
        pairs = zip(slots, given, strict=True)
        parameters = [value if name is None else ready[name] for name, value in pairs]
        with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    def _write(self) -> Written:
        one, other = self._compiled(0), self._compiled(1)
        if one != other:
            raise NotPrepared("the change is not the same each time it is built")
        missing = self.kinds.keys() - set(one[1])
        if missing:
            raise NotPrepared(f"{sorted(missing)} do not stand in the SQL")
        return self._known.setdefault(connection.vendor, one)

    def _compiled(self, turn: int) -> Written:
        samples = {
            name: sample(kind, place, turn) for place, (name, kind) in enumerate(self.kinds.items())
        }
        rows, changes = self.build(**samples)
        query: Any = rows.order_by().query.chain(UpdateQuery)
        query.add_update_values(changes)
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        if query.related_updates or not sql:
            raise NotPrepared("a change of one table")
        ready = {
            name: adapted(connection, self.kinds[name], samples[name], name) for name in samples
        }
        slots = slots_of(ready, parameters)
        pairs = zip(slots, map(hashable, parameters), strict=True)
        return sql, slots, tuple(None if name else value for name, value in pairs)


def insert(row: Model) -> None:
    """Write a new row; its key is set. Raises IntegrityError as ``save`` does."""
    sql = _insert_sql(type(row), connection.vendor) if row.pk is None else ""
    values = _values(row, _own_fields(type(row)), is_new=True) if sql else None
    if values is None:
        row.save(force_insert=True)
        return
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        ((row.pk,),) = cursor.fetchall()
    row._state.adding, row._state.db = False, connection.alias


def insert_all(rows: Sequence[Model]) -> None:
    """New rows of one kind: few of them one by one, many as ``bulk_create`` has them."""
    if len(rows) > FEW:
        type(rows[0])._default_manager.bulk_create(rows)
        return
    for row in rows:
        insert(row)


def save(row: Model, names: Collection[str]) -> None:
    """Write these columns of a row that is there. Raises as ``save(update_fields=…)`` does."""
    sql, fields = _update_sql(type(row), tuple(names), connection.vendor)
    values = _values(row, fields, is_new=False)
    if values is None:
        row.save(update_fields=names)
        return
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.label} {row.pk}: {cursor.rowcount} rows changed")


def _values(row: Model, fields: Collection[Any], *, is_new: bool) -> list[Any] | None:
    """What stands in the row's columns; None where the database is to work something out."""
    values = [one.get_db_prep_save(one.pre_save(row, is_new), connection) for one in fields]
    asked = any(hasattr(one, "as_sql") or hasattr(one, "resolve_expression") for one in values)
    return None if asked else values


@lru_cache(maxsize=256)
def _own_fields(model: type[Model]) -> tuple[Any, ...]:
    """All columns but the key, which the database gives."""
    return tuple(one for one in model._meta.concrete_fields if not one.primary_key)


@lru_cache(maxsize=256)
def _insert_sql(model: type[Model], _vendor: str) -> str:
    """Empty for a table that is not written in one plain statement."""
    fields, meta = _own_fields(model), model._meta
    if meta.parents or meta.auto_field is None or not _are_plain(fields):
        return ""
    query: Any = InsertQuery(model)
    query.insert_values(fields, [model(**dict.fromkeys(one.attname for one in fields))], raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk]
    ((sql, _parameters),) = compiler.as_sql()
    return str(sql)


@lru_cache(maxsize=512)
def _update_sql(
    model: type[Model], names: tuple[str, ...], _vendor: str
) -> tuple[str, tuple[Any, ...]]:
    meta, quoted = model._meta, connection.ops.quote_name
    fields: tuple[Any, ...] = tuple(meta.get_field(name) for name in names)
    if meta.parents or not _are_plain(fields):
        raise NotPrepared(f"{meta.label}: {names}")
    columns = ", ".join(f"{quoted(one.column)} = %s" for one in fields)
    table, key = quoted(meta.db_table), quoted(str(meta.pk.column))
    return f"UPDATE {table} SET {columns} WHERE {key} = %s", fields  # noqa: S608 - its own names


def _are_plain(fields: Collection[Any]) -> bool:
    """Whether each stands in the SQL as one value."""
    return not any(hasattr(one, "get_placeholder") or one.generated for one in fields)
