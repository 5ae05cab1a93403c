"""Messages about cars: to a person by their sign-in or file, and to the desk."""

from __future__ import annotations

from typing import Any

from community import notifications
from residents.models import Person
from residents.reaching import reader


def tell_person(person: Person | None, row: Any, kind: str, *, again: str = "") -> None:
    """Leave a message once for each ``again``; whose file is gone is told nothing."""
    if person is not None:
        _tell(reader(person), row, kind, again)


def tell_desk(row: Any, kind: str, *, again: str = "") -> None:
    _tell(notifications.DESK, row, kind, again)


def _tell(who: Any, row: Any, kind: str, again: str) -> None:
    """Facts name the row only: what it says is read from there, and goes with it."""
    key = f"{row._meta.model_name}:{row.pk}:{kind}:{again}"
    notifications.tell(who, kind, compound=row.compound, key=key, facts={"row": row.pk})
