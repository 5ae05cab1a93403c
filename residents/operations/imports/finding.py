"""Whose file a row of a list speaks of: by the document, else by name with phone or home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from community import keyring
from residents.models import Person, Residency


@dataclass
class Found:
    """``same`` has this document; ``alike`` bear the name, and have the phone or live there."""

    same: Person | None = None
    alike: list[Person] = field(default_factory=list)

    @property
    def file(self) -> Person | None:
        """The one file that it must be; of two alike, none is guessed."""
        return self.same or (self.alike[0] if len(self.alike) == 1 else None)


def find(compound: int, rows: Sequence[dict[str, Any]], *, lock: bool = False) -> list[Found]:
    """The files of some rows (``{"unit", "person"}``) in three questions, however many rows."""
    files = Person.objects.of(compound).whole()
    files = files.select_for_update(of=("self",)) if lock else files
    documents = _by_number(files, compound, "document", rows)
    phones = _by_number(files, compound, "phone", rows)
    homes = _by_home(files, rows)
    return [_one(row, documents, phones, homes) for row in rows]


def _one(
    row: dict[str, Any],
    documents: dict[str, list[Person]],
    phones: dict[str, list[Person]],
    homes: dict[tuple[int, str], list[Person]],
) -> Found:
    person = row["person"]
    number, name = person.get("document", ""), person.get("name", "")
    same = documents.get(number, []) if number else []
    if same:
        return Found(same[0])
    alike = {one.pk: one for one in homes.get((row["unit"], name), [])}
    alike |= {one.pk: one for one in phones.get(person.get("phone") or "", []) if one.name == name}
    # Whoever has another document is somebody else.
    return Found(None, [one for one in alike.values() if not (number and one.document)])


def _by_number(
    files: Any, compound: int, name: str, rows: Sequence[dict[str, Any]]
) -> dict[str, list[Person]]:
    """Number as it is kept -> the files that have it."""
    wanted = {row["person"].get(name) for row in rows} - {None, ""}
    indexes = {
        index: number
        for number in wanted
        for index in keyring.blind_indexes(str(number), compound, name)
    }
    found: dict[str, list[Person]] = {}
    if indexes:
        # Without an order, and with what the index leaves out said: else SQLite, whose planner
        # knows nothing of the tables here, looks at every file of the compound.
        files = files.filter(**{f"{name}_index__in": list(indexes)}).exclude(
            **{f"{name}_index": ""}
        )
        for one in sorted(files.order_by(), key=attrgetter("pk")):
            found.setdefault(str(indexes[getattr(one, f"{name}_index")]), []).append(one)
    return found


def _by_home(files: Any, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, str], list[Person]]:
    """Who bears which name in which home; every row of the list is asked, then told apart."""
    wanted = {(row["unit"], row["person"].get("name", "")) for row in rows}
    units, names = {unit for unit, _name in wanted}, {name for _unit, name in wanted}
    # Homes are of one compound: asked by them alone, their own index answers.
    here = Residency.objects.filter(unit__in=units, person__name__in=names).order_by()
    pairs = set(here.values_list("unit_id", "person_id"))
    files = files.filter(pk__in={person for _unit, person in pairs}).order_by()
    people = {one.pk: one for one in files} if pairs else {}
    found: dict[tuple[int, str], list[Person]] = {}
    for unit, key in sorted(pairs):
        if key in people:
            found.setdefault((unit, people[key].name), []).append(people[key])
    return found


def keys(row: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    """By what two rows of one list are known to speak of the same person."""
    person = row["person"]
    number, name, phone = (str(person.get(key) or "") for key in ("document", "name", "phone"))
    if number:
        yield ("document", number)
    if phone:
        yield ("phone", name, phone)
    yield ("home", name, str(row["unit"]))
