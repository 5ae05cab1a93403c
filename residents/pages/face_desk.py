"""Faces at the desk: consent on paper and enrolment for somebody, and the manager's overview."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community import events
from community.querysets import OFFICE
from residents import face_office, face_state
from residents.face_words import CAMERA_WORDS
from residents.models import Consent, FaceErasure, FaceTemplate, Person
from residents.operations.faces import consents, judging, taking
from residents.operations.faces.matching import calibrate_faces
from residents.pages.faces import done, refusal

DESK = Consent.Way.DESK
MANAGER = frozenset({"manager"})
#: A page answers within a second with so many; with more the command does it.
MOST_TO_CALIBRATE = 2000
View = Callable[..., HttpResponse]


def office(roles: frozenset[str] = OFFICE) -> Callable[[View], View]:
    """For whoever holds one of the roles in the compound worked in."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.compound or not request.user.roles_in(request.compound) & roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(inner)

    return wrap


def _person(request: Any, pk: int) -> Person:
    rows = Person.objects.visible_to(request.user).of(request.compound)
    found: Person = get_object_or_404(rows, pk=pk)
    return found


@office()
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: Any, pk: int) -> HttpResponse:
    """The consents on paper and the enrolment of one person, done for them."""
    who, error = _person(request, pk), ""
    if request.method == "POST":
        try:
            _deed(request, who)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return redirect("desk-face", who.pk)
    return _page(request, who, {"error": error} if error else {})


def _deed(request: Any, who: Person) -> None:
    """Agree or withdraw for somebody who stands at the desk."""
    if request.POST.get("deed") == "withdraw":
        rows = Consent.objects.standing().filter(person=who)
        row = rows.filter(purpose=request.POST.get("purpose", "")[:16]).first()
        if row is not None:
            with events.writing():
                consents.withdraw_consent(row, actor=request.user)
                _note(request, who, "face-withdraw")
            messages.success(request, _("Withdrawn. What it was for has ended."))
        return
    text = taking.text_shown(who, request.POST.get("text", ""))
    with events.writing():
        guardian = _guardian(request, who)
        consents.give_consent(who, text, way=DESK, guardian=guardian, actor=request.user)
        _note(request, who, "face-consent")
    messages.success(request, _("The consent is on file. Keep the signed paper."))


def _guardian(request: Any, who: Person) -> Person | None:
    """The adult named, of those who live with the child."""
    key = request.POST.get("guardian", "")
    return next((one for one in face_state.grown_ups_of(who) if str(one.pk) == key), None)


def _note(request: Any, who: Person, deed: str) -> None:
    """The desk's own line: who acted, for whom, by which deed."""
    events.record(
        "desk.done", compound=who.compound_id, actor=request.user, deed=deed, subject="person",
        subject_id=who.pk,
    )  # fmt: skip


def _page(request: Any, who: Person, more: dict[str, Any]) -> HttpResponse:
    state = face_state.of(who)
    facts = {
        "state": state,
        "grown_ups": face_state.grown_ups_of(who) if state.is_child else [],
        "may": state.lives and state.age is not None,
        "judge": reverse("desk-face-judge", args=[who.pk]),
        "send": reverse("desk-face-enrol", args=[who.pk]),
        "camera_words": CAMERA_WORDS,
        "desk": True,
    }
    status = 422 if "error" in more else 200
    return render(request, "desk/face.html", facts | more, status=status)


@office()
@require_POST
def judge(request: Any, pk: int) -> HttpResponse:
    return JsonResponse(taking.judged(_person(request, pk), request.FILES.get("picture")))


@office()
@require_POST
def enrol(request: Any, pk: int) -> HttpResponse:
    """All pictures together; a possible duplicate is said without a name."""
    who, keep = _person(request, pk), request.POST.get("keep", "")
    twin = request.POST.get("twin_known") == "yes"
    text = taking.text_shown(who, keep) if keep else None
    given = taking.Given(DESK, _guardian(request, who), text, twin)
    try:
        taking.enrol(who, request.FILES.getlist("pictures"), given, actor=request.user)
    except ValidationError as refused:
        codes = [one.code for errors in refused.error_dict.values() for one in errors]
        shown = {"twin": "possible_duplicate" in codes}
        return refusal(request, refused, lambda facts: _page(request, who, facts | shown))
    with events.writing():
        _note(request, who, "face-enrol")
    said = _("The face is enrolled. The pictures are discarded.")
    messages.success(request, said if text is None else _("The face is enrolled."))
    return done(request, reverse("desk-face", args=[who.pk]))


@office()
@require_GET
def proof(request: Any, pk: int) -> HttpResponse:
    rows = FaceErasure.objects.visible_to(request.user).of(request.compound)
    row = get_object_or_404(rows.select_related("person"), pk=pk)
    facts = {"row": row, "copies": face_state.copies(row), "desk": True}
    return render(request, "desk/face_proof.html", facts)


@office()
@require_GET
def overview(request: Any) -> HttpResponse:
    found = face_office.overview(request.compound, request.user)
    own = found.calibration.own if found.calibration else None
    facts = {
        "faces": found,
        "percent": f"{100 * found.share:.2f}",
        "own_percent": None if own is None else round(100 * own),
        "filing_from": face_office.FILING_FROM,
        "filing_within": face_office.FILING_WITHIN,
        "is_manager": bool(request.user.roles_in(request.compound) & MANAGER),
    }
    return render(request, "desk/faces.html", facts)


@office(MANAGER)
@require_POST
def publish(request: Any) -> HttpResponse:
    """The proposed texts, where there are none."""
    consents.publish_proposed_texts(request.compound, actor=request.user)
    messages.success(request, _("The proposed texts are published. Residents can read them now."))
    return redirect("desk-faces")


@office(MANAGER)
@require_POST
def calibrate(request: Any) -> HttpResponse:
    """Thresholds from the compound's own consenting residents."""
    compound = request.compound
    if FaceTemplate.objects.filter(compound=compound).count() > MOST_TO_CALIBRATE:
        words = _("So many faces take minutes. Run manage.py calibrate_faces on the server.")
        messages.error(request, words)
        return redirect("desk-faces")
    try:
        found = calibrate_faces(compound, judging.engine_version(), actor=request.user)
    except ValueError:
        messages.error(request, _("Nobody is enrolled here yet, so there is nothing to measure."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        few = _("Too few people for thresholds of your own: the usual ones go on counting.")
        good = _("Thresholds are measured and count from now on.")
        messages.success(request, good if found.measured else few)
    return redirect("desk-faces")
