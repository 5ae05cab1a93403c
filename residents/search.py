"""People in the search: by name, home, phone's end, or a whole phone or document number."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community import keyring
from community.pages import url_of
from community.search import SHOWN, Group, Hit, Question, more_url
from residents import masking
from residents.models import Person, Residency
from residents.querysets import READERS

#: So many digits are what people say of a phone.
END = 4


def find(question: Question) -> list[Group]:
    """Files of the compound, for the office and the guards."""
    if not question.roles & READERS:
        return []
    people = list(people_for(question)[:SHOWN])
    hits = [_hit(question, person) for person in people]
    more = more_url(question, "residents_person", question.text)
    return [Group(_("People"), "users", hits, more, people)]


def people_for(question: Question) -> Any:
    """Files that answer, those who live here now with their homes, by name."""
    rows = Person.objects.visible_to(question.user).of(question.compound)
    text, compound = question.text, question.compound
    if len(text) == END and text.isdecimal():
        ends = keyring.blind_indexes(text, compound.pk, "phone_tail")
        rows = rows.filter(phone_tail_index__in=ends)
    else:
        keys = rows.keys_for(text, [compound.pk])
        if question.home.count("-") >= 2:
            now = Residency.objects.of(compound).current(timezone.localdate()).order_by()
            keys.append(now.filter(unit__code=question.home).values("person"))
        rows = rows.among(keys)
    return rows.prefetch_related(homes_now()).order_by("name", "pk")


def homes_now() -> Prefetch[Any]:
    """For each person their homes of today, as ``here``."""
    today = timezone.localdate()
    now = Residency.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today), started_on__lte=today)
    return Prefetch("residencies", now.select_related("unit"), to_attr="here")


def _hit(question: Question, person: Any) -> Hit:
    homes = "、".join(sorted({row.unit.code for row in person.here}))
    facts = (homes or _("no home here now"), masking.phone(person.phone))
    url = url_of("desk-case", "person", person.pk) if question.keeps else ""
    return Hit(person.name, " · ".join(fact for fact in facts if fact), url)
