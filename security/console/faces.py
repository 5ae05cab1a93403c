"""Faces at the guard's desk: whom somebody was taken for, and "this is not that person"."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from security import face_words
from security.console.access import for_guards
from security.console.deeds import chosen_passage, decided, say
from security.console.plates import any_passage
from security.operations.faces import not_that_person
from security.words import describe_picture, who_on_foot


@for_guards
@require_GET
def dialog(request: Any, key: int) -> HttpResponse:
    """Somebody who was known by face, with the picture to compare."""
    passage = any_passage(request, key)
    picture = passage.picture
    context = {
        "passage": passage,
        "who": who_on_foot(passage),
        "face": face_words.of_passage(passage),
        "picture": picture if picture and not picture.erased_at else None,
        "alt": describe_picture(passage),
    }
    return render(request, "guard/face.html", context)


@for_guards
@require_POST
def mistaken(request: Any, key: int) -> HttpResponse:
    """Whether they still wait or were let in already."""
    passage = any_passage(request, key)
    chosen_passage(request, key)
    try:
        not_that_person(passage, request.user)
    except ValidationError as refusal:
        return decided(request, say("ask", " ".join(refusal.messages)), 409)
    text = _("Kept: this is somebody else. From now on the door looks more closely.")
    answer = decided(request, say("info", text))
    answer["HX-Trigger"] = "close-dialog"
    return answer


urlpatterns = [
    path("guard/passages/<int:key>/face/", dialog, name="guard-face"),
    path("guard/passages/<int:key>/not-that-person/", mistaken, name="guard-not-that-person"),
]
