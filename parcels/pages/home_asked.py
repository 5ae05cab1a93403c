"""A courier asks where a parcel is to be left, and the recipient answers from the phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from community.prepared import Prepared
from parcels import operations
from parcels.models import ParcelQuestion, Unanswered
from parcels.operations.telling import rule_of
from residents.models import Person
from residents.pages.who import acting, at_home

_open = Prepared(
    lambda person, now: ParcelQuestion.objects.filter(
        Q(settled="") | Q(settled=ParcelQuestion.Settled.DESK), person=person,
        answered_at=None, until__gt=now,
    ).select_related("carrier").order_by("until")[:5],
    person=int, now=datetime,
)  # fmt: skip


def open_questions(person: Person) -> list[ParcelQuestion]:
    """What is asked of somebody now, the shortest time first."""
    return _open(person=person.pk, now=timezone.now())


@at_home
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    rows = ParcelQuestion.objects.filter(person=person).select_related(
        "carrier", "unit", "parcel__shelf"
    )
    row = get_object_or_404(rows, pk=pk)
    given = {name: request.POST.get(name, "")[:32] for name in ("way", "neighbour")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            operations.answer_question(
                row, given["way"], neighbour=given["neighbour"], actor=acting(request)
            )
        except ValidationError as refusal:
            errors = {name: texts[0] for name, texts in refusal.message_dict.items()}
        else:
            return redirect("home-parcel-question", row.pk)
    facts: dict[str, Any] = {"row": row, "given": given, "errors": errors}
    facts["is_open"] = row.is_open(timezone.now())
    facts["ways"] = [(way.value, way.label) for way in operations.answers_for(row)]
    facts["to_desk"] = rule_of(row.compound_id).unanswered == Unanswered.DESK
    return render(request, "home/parcel_question.html", facts, status=422 if errors else 200)
