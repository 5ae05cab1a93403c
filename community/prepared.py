"""Questions whose SQL is written once.

Django writes the SQL of a queryset anew each time it is asked, and for the short questions of a
gate that takes several times as long as the answer. Here it is written at the first call, and
asked again with other values::

    @prepared(device=int, key=str)
    def _of_key(device: int, key: str) -> QuerySet[Reading, Reading]:
        return Reading.objects.filter(device_id=device, key=key)

    _of_key(device=3, key="a")         # a list of readings
    _of_key.first(device=3, key="a")   # the first of them, or None

Only values that stand in the SQL just as they are given can be named: whole numbers, texts, days
and moments; never None, a truth, a list, or the text of a ``startswith``. The rest of the queryset
must be the same whenever it is built. Both are proven when it is written, by building it twice
with values that nobody else has; ``NotPrepared`` says what does not hold.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
KINDS = (int, str, datetime, date)
#: No database takes a larger number.
MOST = 2**63 - 1


class NotPrepared(TypeError):
    """The queryset, or a value it is asked with, is none whose SQL can be kept."""


def prepared(**kinds: type) -> Callable[[Callable[..., QuerySet[Any, Row]]], Prepared[Row]]:
    """Keep the SQL of the queryset that a function builds from values of these kinds."""
    return lambda build: Prepared(build, **kinds)


@dataclass(frozen=True)
class _Written:
    """A queryset as it was compiled; ``slots``: a name for each parameter, or None: ``given``."""

    rows: Any
    compiler: Any
    sql: str
    slots: tuple[str | None, ...]
    given: tuple[Any, ...]
    #: For each column that is converted: its place, how, and the column.
    converters: tuple[tuple[int, list[Any], Any], ...]
    #: What a row becomes; None where Django's own iterable is asked.
    make: Callable[[list[Any]], Any] | None


class Prepared(Generic[Row]):
    """Called with its values by name, it gives the rows as a list."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], /, **kinds: type) -> None:
        if not set(kinds.values()) <= set(KINDS):
            raise NotPrepared(f"one of {KINDS} each: {kinds}")
        self.build, self.kinds = build, kinds
        self.__doc__, self.__name__ = build.__doc__, build.__name__
        self._known: dict[str, _Written] = {}
        self._lock = threading.Lock()

    def __call__(self, **values: Any) -> list[Row]:
        """The rows; none for a number that no column holds.

        Raises NotPrepared for a value of another kind, or one too few or too many.
        """
        if values.keys() != self.kinds.keys():
            raise NotPrepared(f"{self.__name__} is asked by {sorted(self.kinds)}")
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._known.get(connection.vendor) or self._write(connection)
        if any(isinstance(value, int) and abs(value) > MOST for value in values.values()):
            return []
        parameters = self._parameters(written, connection, values)
        if written.make is None:
            return list(_bound(written, connection, parameters))
        _check_locks(written, connection)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, parameters)
            found = cursor.fetchall()
        return [written.make(row) for row in _converted(found, written.converters, connection)]

    def first(self, **values: Any) -> Row | None:
        """The first row, None where there is none. The queryset itself says ``[:1]``."""
        rows = self(**values)
        return rows[0] if rows else None

    def _parameters(self, written: _Written, connection: Any, values: dict[str, Any]) -> Any:
        ready = {
            name: adapted(connection, kind, values[name], name) for name, kind in self.kinds.items()
        }
        pairs = zip(written.slots, written.given, strict=True)
        return tuple(given if name is None else ready[name] for name, given in pairs)

    def _write(self, connection: Any) -> _Written:
        with self._lock:
            one, other = self._compiled(connection, 0), self._compiled(connection, 1)
            if one.sql != other.sql or one.slots != other.slots or one.given != other.given:
                raise NotPrepared(f"{self.__name__} is not the same each time it is built")
            missing = self.kinds.keys() - set(one.slots)
            if missing:
                raise NotPrepared(f"{self.__name__}: {sorted(missing)} do not stand in the SQL")
            return self._known.setdefault(connection.vendor, one)

    def _compiled(self, connection: Any, turn: int) -> _Written:
        """The queryset built with values that nobody else has, and where they stand."""
        samples = {
            name: sample(kind, place, turn) for place, (name, kind) in enumerate(self.kinds.items())
        }
        rows = self.build(**samples)
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        ready = {
            name: adapted(connection, self.kinds[name], value, name)
            for name, value in samples.items()
        }
        slots = slots_of(ready, parameters)
        pairs = zip(slots, parameters, strict=True)
        given = tuple(None if name else value for name, value in pairs)
        columns = [one[0] for one in compiler.select[: compiler.col_count]]
        converters = tuple(
            (place, list(each), column)
            for place, (each, column) in compiler.get_converters(columns).items()
        )
        return _Written(rows, compiler, sql, slots, given, converters, _maker(rows, compiler))


def sample(kind: type, place: int, turn: int) -> Any:
    """A value that nobody else has, another one in each turn."""
    number = 7_919 * (place + 1) + 104_729 * turn
    if kind is int:
        return 1_900_000_000 + number
    if kind is str:
        return f"prepared-{number}"
    moment = datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=number % 9_973, microseconds=number)
    return moment if kind is datetime else moment.date()


def slots_of(ready: dict[str, Any], parameters: Iterable[Any]) -> tuple[str | None, ...]:
    """Which of the named values each parameter is; None for what was given otherwise."""
    names = {(type(value), value): name for name, value in ready.items()}
    return tuple(names.get((type(value), value)) for value in map(hashable, parameters))


def hashable(value: Any) -> Any:
    """A value as it can be looked up."""
    return value if isinstance(value, (*KINDS, float, bytes, type(None))) else repr(value)


def adapted(connection: Any, kind: type, value: Any, name: str) -> Any:
    """The value as this database takes it. Raises NotPrepared for one of another kind."""
    is_one = isinstance(value, kind) and not isinstance(value, bool)
    if not is_one or (kind is date and isinstance(value, datetime)):
        raise NotPrepared(f"{name} is {type(value).__name__}, not {kind.__name__}")
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is date:
        return connection.ops.adapt_datefield_value(value)
    # Members of enumerations are numbers and texts; drivers write some of them otherwise.
    return int(value) if kind is int else str.__str__(value)


def _check_locks(written: _Written, connection: Any) -> None:
    locks = written.rows.query.select_for_update and connection.features.has_select_for_update
    if locks and not connection.in_atomic_block:
        raise TransactionManagementError("select_for_update cannot be used outside a transaction.")


def _converted(found: Any, converters: Any, connection: Any) -> Iterator[list[Any]]:
    """Rows with each column as its field reads it."""
    for row in map(list, found):
        for place, each, column in converters:
            value = row[place]
            for convert in each:
                value = convert(value, column, connection)
            row[place] = value
        yield row


def _maker(rows: Any, compiler: Any) -> Callable[[list[Any]], Any] | None:
    """What Django's iterable makes of a row, found out once instead of for each question."""
    if rows._iterable_class is ValuesListIterable:
        return tuple
    beyond = rows._prefetch_related_lookups or rows._known_related_objects
    if rows._iterable_class is not ModelIterable or beyond:
        return None
    told, select = compiler.klass_info, compiler.select
    model, using = told["model"], rows.db
    first, last = told["select_fields"][0], told["select_fields"][-1] + 1
    names = [one[0].target.attname for one in select[first:last]]
    joined = get_related_populators(told, select, using)  # type: ignore[call-arg]
    beside = list((compiler.annotation_col_map or {}).items())

    def make(row: list[Any]) -> Any:
        made = model.from_db(using, names, row[first:last])
        for one in joined:
            one.populate(row, made)
        for name, place in beside:
            setattr(made, name, row[place])
        return made

    return make


def _bound(written: _Written, connection: Any, parameters: tuple[Any, ...]) -> Any:
    """A queryset that asks this connection with these parameters. It is only iterated."""
    _check_locks(written, connection)
    compiler = _twin(written.compiler)
    compiler.connection = connection
    compiler.as_sql = lambda *_given, **_named: (written.sql, parameters)
    rows = _twin(written.rows)
    rows._query = _twin(written.rows.query)
    rows._query.get_compiler = lambda *_given, **_named: compiler
    rows._result_cache, rows._prefetch_done = None, False
    return rows


def _twin(thing: Any) -> Any:
    """Another with the same fields: ``copy`` would evaluate a queryset, and clone a query."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin
