"""The desk: a person or a home at a glance, their deeds done for them, their papers printed.

What there is to see and to do comes from each app's ``desk.py``, found by name in the order of
dependency. Such a module may define

``SUBJECTS``  ``{kind: Subject}``: whom the desk can open (the floor itself: ``home``);
``cards(case)``  what to show of the case, as :class:`Card` rows;
``DEEDS``  what can be done for it, as :class:`Deed` rows;
``PAPERS``  what can be printed for it, as :class:`Paper` rows.

A deed calls its app's ordinary operation with ``case.user`` as the actor. The desk adds one line
to the ledger in the same transaction: who acted, for which person or home, by which deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from community import events, looks
from community.models import Compound, Unit
from community.querysets import OFFICE

REASON = gettext_noop("Opened at the desk")


@dataclass(frozen=True)
class Case:
    """Whom the clerk (``user``) serves now: ``kind`` and ``row`` are the person or home.

    ``brief``: the cards stand beside a file of the office, without what waits for the desk.
    """

    user: Any
    compound: Compound
    kind: str
    row: Any
    brief: bool = False

    @property
    def is_home(self) -> bool:
        return self.kind == "home"


@dataclass(frozen=True)
class Subject:
    """A kind of row that the desk opens. ``personal`` ones are noted as looked at."""

    name: Any
    icon: str
    rows: Callable[[Any, Compound], Any]
    facts: Callable[[Case], list[str]]
    personal: bool = False


@dataclass(frozen=True)
class Line:
    """One row of a card. ``deeds`` are keys of deeds that this row can be chosen for."""

    title: str
    about: str = ""
    key: int = 0
    url: str = ""
    plate: str = ""
    kind: str = "unknown"
    mark: str = ""
    state: str = ""
    deeds: Sequence[str] = ()


@dataclass(frozen=True)
class Card:
    """What an app knows of the case; ``empty`` says so where there is nothing."""

    title: Any
    icon: str
    lines: list[Line] = field(default_factory=list)
    empty: Any = ""
    deeds: Sequence[str] = ()


class DeskForm(forms.Form):
    """The form of a deed: it knows its case, and the row of a card if one was chosen."""

    def __init__(self, case: Case, key: int, *args: Any, **kwargs: Any) -> None:
        self.case, self.key = case, key
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and first values from the case. Raises Http404 for a foreign row."""


@dataclass(frozen=True)
class Deed:
    """Something done for the person or home.

    ``run(form)`` does it after the form was found good and returns what to say; ValidationError
    says what is wrong. ``on`` names the kinds of case; a deed ``of_line`` needs a card's row.
    """

    key: str
    title: Any
    icon: str
    form: type[DeskForm]
    run: Callable[[Any], Any]
    about: Any = ""
    on: frozenset[str] = frozenset({"person", "home"})
    of_line: bool = False
    roles: frozenset[str] = OFFICE


@dataclass(frozen=True)
class Paper:
    """A page to print: its template, what it needs, and a form where it has words to fill in."""

    key: str
    title: Any
    template: str
    facts: Callable[[Any, Case, dict[str, Any]], dict[str, Any]]
    form: type[DeskForm] | None = None
    on: frozenset[str] = frozenset({"person", "home"})
    offered: Callable[[], bool] = lambda: True


@lru_cache(maxsize=1)
def modules() -> list[Any]:
    """The apps' parts, in the order of dependency."""
    names = [f"{app}.desk" for app in settings.LINLI_APPS[1:] if find_spec(f"{app}.desk")]
    return [import_module(name) for name in names]


def subjects() -> dict[str, Subject]:
    found = {"home": HOME}
    for module in modules():
        found |= getattr(module, "SUBJECTS", {})
    return found


def cards(case: Case) -> list[Card]:
    return [card for module in modules() if hasattr(module, "cards") for card in module.cards(case)]


def deeds(case: Case) -> dict[str, Deed]:
    """What this clerk can do for the case."""
    roles = case.user.roles_in(case.compound)
    return {deed.key: deed for deed in _all("DEEDS") if case.kind in deed.on and deed.roles & roles}


def papers(case: Case) -> dict[str, Paper]:
    return {
        paper.key: paper
        for paper in [*PAPERS, *_all("PAPERS")]
        if case.kind in paper.on and paper.offered()
    }


def cards_of_others(case: Case, app: str) -> list[Card]:
    """What the other apps know, for a page of ``app`` that shows the case in its own way."""
    others = [module for module in modules() if module.__name__ != f"{app}.desk"]
    return [card for module in others if hasattr(module, "cards") for card in module.cards(case)]


def _all(name: str) -> Iterator[Any]:
    for module in modules():
        yield from getattr(module, name, ())


def do(deed: Deed, form: Any) -> Any:
    """Run a deed on behalf of the case, with the desk's own line in the ledger.

    Returns what to say. Raises ValidationError, and then nothing has happened.
    """
    case = form.case
    with events.writing():
        said = deed.run(form)
        events.record(
            "desk.done",
            compound=case.compound,
            actor=case.user,
            deed=deed.key,
            subject=case.kind,
            subject_id=case.row.pk,
        )
    return said


def opened(case: Case) -> None:
    """Note that a person's file was opened here."""
    if subjects()[case.kind].personal:
        looks.looked_up(case.user, [case.row], REASON)


def _homes(user: Any, compound: Compound) -> models.QuerySet[Any]:
    rows: Any = Unit.objects.visible_to(user).of(compound)
    return rows.select_related("building")


def _home_facts(case: Case) -> list[str]:
    return [str(case.row.building), str(_("floor %(floor)s")) % {"floor": case.row.floor}]


HOME = Subject(_("Home"), "door", _homes, _home_facts)


class NoticeForm(DeskForm):
    """Words of a notice; nothing of it is kept."""

    heading = forms.CharField(label=_("Heading"), max_length=60, initial=_("Notice"))
    text = forms.CharField(
        label=_("Text"), max_length=1500, widget=forms.Textarea(attrs={"rows": 8})
    )


def _notice(_request: Any, _case: Case, values: dict[str, Any]) -> dict[str, Any]:
    return {"heading": values["heading"], "text": values["text"]}


PAPERS = (Paper("notice", _("Notice"), "desk/notice.html", _notice, NoticeForm),)
