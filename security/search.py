"""Passages in the search: of a whole plate at any time, of a part of one in the last days."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from community.pages import url_of
from community.search import Group, Hit, Question, more_url
from community.templatetags.linli import hour
from community.verdicts import sentence
from community.vision import grammar
from security.models import GUARDS, Passage

SHOWN = 5
#: A part of a plate is looked for in so many days: an index finds whole plates only.
LATELY = timedelta(days=7)


def find(question: Question) -> list[Group]:
    """The newest passages, for those who watch the gates."""
    plate = grammar.normalise(question.text)
    if not question.roles & GUARDS or len(plate) < 3:
        return []
    rows = Passage.objects.visible_to(question.user).of(question.compound)
    if grammar.is_plate(plate):
        rows = rows.filter(plate=plate)
    else:
        rows = rows.filter(seen_at__gte=timezone.now() - LATELY, plate__contains=plate)
    newest = rows.select_related("lane").order_by("-seen_at")[:SHOWN]
    hits = [_hit(question, passage) for passage in newest]
    more = more_url(question, "security_passage", plate)
    return [Group(_("Passages"), "list", hits, more)]


def _hit(question: Question, passage: Passage) -> Hit:
    where = f"{hour(passage.seen_at)} · {passage.lane.name}"
    about = f"{where} · {sentence(passage.code, passage.facts)}"
    url = url_of("admin:security_passage_change", passage.pk) if question.user.is_staff else ""
    mark = "hand" if passage.by_hand and passage.outcome == "allow" else passage.outcome
    word = str(passage.get_outcome_display())
    return Hit(passage.plate, about, url, passage.plate, passage.kind, mark, word)
