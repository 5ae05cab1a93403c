"""Rotates the keys of personal data: resumable, in short batches, while the house goes on.

Each ciphertext is compared and swapped, so a row that somebody edits meanwhile is never set back.
Blind indexes stand in a column called ``<field>_index`` beside the encrypted ``<field>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from community import events, keyring
from community.fields import BlindTailField, EncryptedTextField
from community.models import Compound, DataKey

BATCH = 100
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Column:
    """An encrypted column, and the column of its blind index if it has one.

    With a ``tail`` the index is that of so many last characters only, bound to ``bound``.
    """

    table: str
    pk: str
    name: str
    index: str | None
    tail: int = 0
    bound: str = ""

    @property
    def label(self) -> str:
        return f"{self.table}.{self.index if self.tail else self.name}"


def columns() -> Iterator[Column]:
    """Every encrypted column of every app."""
    for model in apps.get_models():
        named = {field.name: field.column for field in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                index = named.get(f"{field.name}_index")
                pk = str(model._meta.pk.column)
                yield Column(model._meta.db_table, pk, str(field.column), index)
            elif isinstance(field, BlindTailField):
                pk, table = str(model._meta.pk.column), model._meta.db_table
                index = str(field.column)
                followed = str(named[field.of])
                yield Column(table, pk, followed, index, field.length, field.label)


def start(purpose: str) -> DataKey:
    """Put a fresh current key on the ring, or take up the rotation that was interrupted."""
    current = keyring.current(purpose)
    row = DataKey.objects.filter(key_id=current, purpose=purpose).first()
    if row and row.rotation.get("state") == "running":
        return row
    name = keyring.add_key(purpose)
    return DataKey.objects.create(
        key_id=name, purpose=purpose, rotation={"state": "running", "done": {}}
    )


def rotate(purpose: str, progress: Progress = lambda label, count: None) -> int:
    """Bring every row under the current key of ``data`` or ``index``; returns rows changed."""
    key = start(purpose)
    total = 0
    for column in columns():
        if column.tail if purpose == "data" else column.index is None:
            continue
        total += _rotate_column(key, column, progress)
    _finish(key, total)
    return total


def _rotate_column(key: DataKey, column: Column, progress: Progress) -> int:
    done = int(key.rotation["done"].get(column.label, 0))
    total = 0
    while batch := _batch(column, done):
        with transaction.atomic():
            for row in batch:
                total += _swap(key.purpose, column, row)
            done = batch[-1][0]
            key.rotation["done"][column.label] = done
            key.save(update_fields=["rotation"])
        progress(column.label, total)
    return total


def _batch(column: Column, after: int) -> list[tuple[int, str, str]]:
    """The next rows as ``(pk, ciphertext, compound or index)``, raw."""
    quote = connection.ops.quote_name
    index = quote(column.index) if column.index else "''"
    with connection.cursor() as cursor:
        # Names of tables and columns come from our own models.
        cursor.execute(
            f"SELECT {quote(column.pk)}, {quote(column.name)}, {index}"  # noqa: S608
            f" FROM {quote(column.table)} WHERE {quote(column.pk)} > %s"
            f" ORDER BY {quote(column.pk)} LIMIT {BATCH}",
            [after],
        )
        rows: list[tuple[int, str, str]] = cursor.fetchall()
    return rows


def _swap(purpose: str, column: Column, row: tuple[int, str, str]) -> int:
    pk, cipher, index = row
    if not cipher:
        return 0
    if purpose == "data":
        if keyring.key_of(cipher) == keyring.current("data"):
            return 0
        return _set(column, column.name, pk, cipher, keyring.encrypt(keyring.decrypt(cipher)))
    if not column.index or not index or index.partition(":")[0] == keyring.current("index"):
        return 0
    value = keyring.decrypt(cipher)[-column.tail :]
    fresh = keyring.blind_index(value, _compound_of(column, pk), column.bound or column.name)
    return _set(column, column.index, pk, index, fresh)


def _compound_of(column: Column, pk: int) -> int:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT compound_id FROM {quote(column.table)} WHERE {quote(column.pk)} = %s",  # noqa: S608
            [pk],
        )
        return int(cursor.fetchone()[0])


def _set(column: Column, name: str, pk: int, old: str, new: str) -> int:
    """Compare and swap one value; 0 when somebody else changed it first."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(column.table)} SET {quote(name)} = %s"  # noqa: S608
            f" WHERE {quote(column.pk)} = %s AND {quote(name)} = %s",
            [new, pk, old],
        )
        return int(cursor.rowcount)


def _finish(key: DataKey, total: int) -> None:
    with events.writing():
        key.rotation["state"] = "done"
        key.save(update_fields=["rotation"])
        for compound_id in Compound.objects.order_by("pk").values_list("pk", flat=True):
            events.record("keys.rotated", compound=compound_id, purpose=key.purpose, rows=total)


def in_use(purpose: str) -> set[str]:
    """Names of the keys that some row still needs."""
    names: set[str] = set()
    for column in columns():
        after = 0
        while batch := _batch(column, after):
            after = batch[-1][0]
            for _, cipher, index in batch:
                text = cipher if purpose == "data" else index
                names.add(text.partition("$" if purpose == "data" else ":")[0])
    return names - {""}


def drop_unused(purpose: str) -> list[str]:
    """Take keys off the ring that no row names; backups made before still need them."""
    keep = in_use(purpose) | {keyring.current(purpose)}
    gone = [name for name in keyring.ring()[purpose]["keys"] if name not in keep]
    for name in gone:
        keyring.drop_key(purpose, name)
        DataKey.objects.filter(key_id=name).update(retired_at=timezone.now())
    return gone
