"""The search over everything: people, homes, cars, passages, parcels, within one's own rights.

Each app's ``search.py`` answers for its tables through ``find(question)``, found by name in the
order of dependency. Every part is bounded, asks indexes or small tables, and gives only what
``visible_to`` shows. People whom the page shows are noted as looked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from community import looks
from community.models import Compound, Unit
from community.pages import url_of
from community.querysets import OFFICE, STAFF

#: Rows of one group on the page.
SHOWN = 8
LONGEST = 60
#: What people write between the parts of a home's number.
PARTS = re.compile(r"(?:号楼|单元|[栋幢楼室号门#/\\.\s_-])+")
REASON = gettext_noop("Found by the search")


@dataclass(frozen=True)
class Question:
    """Who asks, where, and for what; ``roles`` are theirs in this compound."""

    user: Any
    compound: Compound
    text: str

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.user.roles_in(self.compound))

    @property
    def keeps(self) -> bool:
        """Whether the reader works at the desk, so that rows lead there."""
        return bool(self.roles & OFFICE)

    @property
    def is_too_short(self) -> bool:
        """A single Latin letter or digit is in half of everything."""
        return len(self.text) < 2 and self.text.isascii()

    @cached_property
    def home(self) -> str:
        """The text as a home's code, such as 3-2-1202 for 3栋2单元1202; empty if it is none."""
        code = PARTS.sub("-", self.text.upper()).strip("-")
        return code if re.fullmatch(r"[0-9A-Z]{1,6}(-[0-9A-Z]{1,6}){0,3}", code) else ""


@dataclass(frozen=True)
class Hit:
    """One row: a plate or a title, a line about it, a state, and where it leads (or nowhere)."""

    title: str
    about: str = ""
    url: str = ""
    plate: str = ""
    kind: str = "unknown"
    mark: str = ""
    state: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one table. ``people`` are files that it shows: looking them up is noted."""

    name: Any
    icon: str
    hits: list[Hit]
    more: str = ""
    people: Sequence[models.Model] = field(default=())


def groups(question: Question) -> list[Group]:
    """What every app found, empty groups left out; notes whose files are shown."""
    if question.is_too_short:
        return []
    found = [group for part in _parts() for group in part(question) if group.hits]
    looked = [row for group in found for row in group.people]
    looks.looked_up(question.user, looked, REASON)
    return found


def _parts() -> Iterator[Callable[[Question], list[Group]]]:
    yield find
    for app in settings.LINLI_APPS[1:]:
        if find_spec(f"{app}.search"):
            yield import_module(f"{app}.search").find


def find(question: Question) -> list[Group]:
    """The floor's own part: homes by their number or the end of it."""
    if not question.home:
        return []
    rows = Unit.objects.visible_to(question.user).of(question.compound)
    code = question.home
    wanted = Q(code=code) | Q(code__startswith=f"{code}-") | Q(code__endswith=f"-{code}")
    hits = [
        Hit(
            unit.code,
            f"{unit.building} · " + _("floor %(floor)s") % {"floor": unit.floor},
            url_of("desk-case", "home", unit.pk) if question.keeps else "",
        )
        for unit in rows.filter(wanted).select_related("building").order_by("code")[:SHOWN]
    ]
    return [Group(_("Homes"), "door", hits, more_url(question, "community_unit", code))]


def more_url(question: Question, table: str, text: str) -> str:
    """The whole list of a table in the office, searched for ``text``; for its readers only."""
    from urllib.parse import urlencode

    url = url_of(f"admin:{table}_changelist") if question.user.is_staff else ""
    return f"{url}?{urlencode({'q': text})}" if url else ""


def ask(request: Any) -> Question:
    """The question of a page. Raises PermissionDenied for who works in no compound."""
    compound, user = request.compound, request.user
    if not compound or not user.roles_in(compound) & STAFF:
        raise PermissionDenied
    text = unicodedata.normalize("NFKC", request.GET.get("q", ""))
    return Question(user, compound, " ".join(text.replace("\x00", "").split())[:LONGEST])


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """``/search/?q=``: the grouped results."""
    question = ask(request)
    found = groups(question) if question.text else []
    context = {"question": question, "groups": found, "title": _("Search")}
    return render(request, "office/search.html", context)
