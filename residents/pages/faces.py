"""A resident's face: what it is for, agreeing and taking it back, enrolling, the proof it is gone.

A parent has the same pages for their children under 14.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from residents import face_state
from residents.face_words import CAMERA_WORDS
from residents.models import Consent, FaceErasure, FacePicture, Person
from residents.operations.faces import consents, taking
from residents.operations.faces.pictures import open_picture
from residents.pages.who import acting, at_home

PHONE = Consent.Way.PHONE


def _whose(person: Person, pk: int) -> tuple[Person, Person | None]:
    """Whose page it is, and who decides for them where it is a child. Raises Http404."""
    if pk == person.pk:
        return person, None
    for child in face_state.wards_of(person):
        if child.pk == pk:
            return child, person
    raise Http404


@at_home
@require_GET
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    return _page(request, person, None)


@at_home
@require_GET
def face(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    return _page(request, *_whose(person, pk))


def _page(
    request: HttpRequest, who: Person, guardian: Person | None, error: str = ""
) -> HttpResponse:
    state = face_state.of(who)
    # A child's own page has no button: who decides has it on theirs.
    may = state.lives and state.age is not None and bool(guardian or not state.is_child)
    facts: dict[str, Any] = {"state": state, "guardian": guardian, "error": error, "may": may}
    facts["wards"] = [] if guardian else face_state.wards_of(who)
    return render(request, "home/face.html", facts, status=422 if error else 200)


@at_home
@require_POST
def give(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Agree to the text that was shown; a child's own page has no such button."""
    who, guardian = _whose(person, pk)
    text = taking.text_shown(who, request.POST.get("text", ""))
    try:
        consents.give_consent(who, text, way=PHONE, guardian=guardian, actor=acting(request))
    except ValidationError as refused:
        return _page(request, who, guardian, " ".join(refused.messages))
    return redirect("home-face-of", who.pk)


@at_home
@require_POST
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Taken back at once; where a face went with it, the proof of that comes next."""
    who, _guardian = _whose(person, pk)
    rows = Consent.objects.standing().filter(person=who)
    row = rows.filter(purpose=request.POST.get("purpose", "")[:16]).first()
    if row is not None:
        consents.withdraw_consent(row, actor=acting(request))
        gone = FaceErasure.objects.filter(person=who, erased_at__gte=row.given_at).first()
        if gone is not None and row.purpose == face_state.ENTRY:
            return redirect("home-face-proof", who.pk, gone.pk)
    return redirect("home-face-of", who.pk)


@at_home
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The page with the camera; what it sends at the end, all pictures together."""
    who, guardian = _whose(person, pk)
    if request.method == "POST":
        keep = request.POST.get("keep", "")
        given = taking.Given(
            PHONE, guardian, keep_text=taking.text_shown(who, keep) if keep else None
        )
        try:
            taking.enrol(who, request.FILES.getlist("pictures"), given, actor=acting(request))
        except ValidationError as refused:
            return refusal(request, refused, lambda facts: _taking(request, who, guardian, facts))
        return done(request, reverse("home-face-of", args=[who.pk]))
    return _taking(request, who, guardian, {})


def _taking(
    request: HttpRequest, who: Person, guardian: Person | None, facts: dict[str, Any]
) -> HttpResponse:
    facts |= {"state": face_state.of(who), "guardian": guardian, "camera_words": CAMERA_WORDS}
    facts |= {"judge": reverse("home-face-judge", args=[who.pk])}
    facts |= {"send": reverse("home-face-enrol", args=[who.pk])}
    return render(request, "home/face_enrol.html", facts, status=422 if "error" in facts else 200)


def refusal(request: HttpRequest, refused: ValidationError, page: Any) -> HttpResponse:
    """Why nothing was enrolled: for the script as words, without it on the page itself."""
    said = " ".join(refused.messages)
    if request.headers.get("Accept") == "application/json":
        codes = [one.code for errors in refused.error_dict.values() for one in errors]
        return JsonResponse({"said": said, "codes": codes}, status=422)
    answer: HttpResponse = page({"error": said})
    return answer


def done(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": address})
    return redirect(address)


@at_home
@require_POST
def judge(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Is this one picture good enough? Nothing of it is kept."""
    who, _guardian = _whose(person, pk)
    return JsonResponse(taking.judged(who, request.FILES.get("picture")))


@at_home
@require_GET
def proof(request: HttpRequest, person: Person, pk: int, erasure: int) -> HttpResponse:
    """Who had a copy, and whether they have confirmed that it is gone."""
    who, guardian = _whose(person, pk)
    row = get_object_or_404(FaceErasure, pk=erasure, person=who)
    facts = {"row": row, "copies": face_state.copies(row), "who": who, "guardian": guardian}
    return render(request, "home/face_proof.html", facts)


@at_home
@require_GET
def picture(request: HttpRequest, person: Person, pk: int, picture: int) -> HttpResponse:
    """A picture that was kept on the person's wish, for them alone."""
    who, _guardian = _whose(person, pk)
    jpeg = open_picture(get_object_or_404(FacePicture, pk=picture, way__person=who))
    if jpeg is None:
        raise Http404
    return HttpResponse(jpeg, content_type="image/jpeg")
