"""What a rule says, how an answer is judged, and which addresses there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from community.models import Role

ANYBODY = "anybody"  # signed in or not
EVERY_ROLE = frozenset(Role.Name.values)
NOBODY: frozenset[str] = frozenset()
MANAGERS = frozenset({"manager"})
OFFICE = frozenset({"desk", "manager"})
GUARDS = frozenset({"guard", "manager"})
INSTALLERS = frozenset({"installer", "manager"})
STAFF = frozenset({"guard", "desk", "cashier", "manager", "installer"})
#: Roles that come into the office at all: who is a guard only works at the desk of the guards.
ADMITTED = STAFF - {"guard"}


@dataclass(frozen=True)
class Rule:
    """Who gets through to one address, in their own compound; elsewhere nobody does.

    ``who`` is a set of roles, or ANYBODY. The operator gets through where a manager does, unless
    ``operator`` says otherwise.
    """

    who: frozenset[str] | str
    #: Parameter of the address -> row of the house (tests/rights/house.py), or a value.
    keys: dict[str, Any] = field(default_factory=dict)
    #: The address takes what is sent only; those whom it is not for may not send either.
    posts: bool = False
    #: In a test there is nothing behind it even for those whom it is for.
    empty: bool = False
    operator: bool | None = None
    #: The same for all: whoever is signed in sees their own things here.
    own: bool = False
    #: The row belongs to the whole installation: whoever reads it may come from any compound.
    shared: bool = False

    def lets(self, role: str) -> bool:
        if self.who == ANYBODY:
            return True
        if role == "operator":
            return "manager" in self.who if self.operator is None else self.operator
        return role in self.who


@dataclass(frozen=True)
class Table:
    """The rules of one table in the office: its list, its rows, its deeds."""

    row: str
    read: frozenset[str]
    write: frozenset[str] = NOBODY
    #: Who may add a row by a form; nobody where rows come from elsewhere.
    add: frozenset[str] = NOBODY
    deeds: dict[str, frozenset[str]] = field(default_factory=dict)
    operator_adds: bool | None = None
    #: Who may open the list, where it shows less to some: each one's own rows, or none.
    lists: frozenset[str] = NOBODY
    #: Rows of the whole installation, and of no compound.
    shared: bool = False

    def rules(self, table: str) -> Iterator[tuple[str, Rule]]:
        """Name or route of each address of the table -> its rule. Nothing is ever deleted."""
        app, model = table.split(".")
        name, row = f"admin:{app}_{model}", {"object_id": self.row}
        seen = (self.read | self.write) & ADMITTED
        lists = self.lists or seen
        yield f"{name}_changelist", Rule(lists)
        yield f"{name}_export", Rule(lists, {"form": "csv"})
        yield f"{name}_add", Rule(self.add & ADMITTED, operator=self.operator_adds)
        yield f"{name}_change", Rule(seen, row, shared=self.shared)
        yield f"{name}_history", Rule(seen, row, shared=self.shared)
        yield f"{name}_delete", Rule(NOBODY, row)
        # It leads to the row's page, whether there is such a row or not.
        yield f"admin/{app}/{model}/<path:object_id>/", Rule(ADMITTED, {"object_id": 1})
        for deed, who in self.deeds.items():
            yield f"{name}_{deed}", Rule(who & ADMITTED, row)


def tables(found: dict[str, Table]) -> dict[str, Rule]:
    return {name: rule for table, each in found.items() for name, rule in each.rules(table)}


@dataclass(frozen=True)
class Address:
    """One pattern of the project; known by its name, or by its route where it has none."""

    route: str
    name: str
    pattern: URLPattern

    @property
    def key(self) -> str:
        return self.name or self.route

    @property
    def app(self) -> str:
        module = getattr(self.pattern.callback, "__module__", "") or ""
        return module.split(".")[0]


def addresses(patterns: Any = None, route: str = "", space: str = "") -> Iterator[Address]:
    """Every address of the project, in the order in which it is looked up."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, whole, inner)
        else:
            name = f"{space}{pattern.name}" if pattern.name else ""
            yield Address(whole, name, pattern)


def is_barred(answer: Any, path: str = "") -> bool:
    """Whether somebody was kept out: refused, told of no such page, or led to sign in."""
    if answer.status_code in {401, 403, 404}:
        return True
    if answer.status_code not in {301, 302}:
        return False
    leads: str = answer["Location"]
    if leads.startswith(("/sign-in/", "/home/sign-in/", "/courier/sign-in/", "/admin/login/")):
        return True
    # Where the office leads from a row that one may not see.
    return leads == "/admin/" and path.startswith("/admin/")


def double(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
