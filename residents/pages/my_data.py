"""Everything that is held on me, who looked at it, and what I can ask for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from community import home_parts
from community.models import Look
from residents import operations
from residents.models import ConsentText, DataRequest, Person, Registration, RegistrationPhoto
from residents.operations.faces.standing import stands
from residents.pages.registrations import _by_field
from residents.pages.who import acting, at_home

SHORT = 5
#: What was looked at, in words; other columns by their own name.
LOOKED = {
    "document": _("document number"),
    "phone": _("phone"),
    "seal": _("photograph of a document"),
    "permit_number": _("residence permit number"),
    "workplace": _("workplace"),
    "hukou_address": _("hukou address"),
}


def looks_at(person: Person) -> Any:
    """Who looked at this person's file, forms and photographs: the latest first."""
    forms = Registration.objects.filter(person=person).values("pk")
    photos = RegistrationPhoto.objects.filter(registration__person=person).values("pk")
    mine = Q(subject="residents.person", subject_id=person.pk)
    mine |= Q(subject="residents.registration", subject_id__in=forms)
    mine |= Q(subject="residents.registrationphoto", subject_id__in=photos)
    return Look.objects.filter(mine, compound=person.compound_id).select_related("user")


def _shown(rows: Any) -> list[dict[str, Any]]:
    return [{"row": row, "what": LOOKED.get(row.field, row.field)} for row in rows]


@at_home
@require_GET
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    rows = looks_at(person).order_by("-pk")
    facts = {
        "person": person,
        "looks": _shown(rows[:SHORT]),
        "look_count": rows.count(),
        "apps": home_parts.data_apps(),
        "face_agreed": stands(person.pk, ConsentText.Purpose.FACE_ENTRY),
        "requests": list(DataRequest.objects.filter(person=person).order_by("-pk")[:SHORT]),
    }
    return render(request, "home/my_data.html", facts)


@at_home
@require_GET
def looks(request: HttpRequest, person: Person) -> HttpResponse:
    """All looks, a hundred at a time."""
    number = request.GET.get("page", "0")
    page = int(number) if number.isdecimal() and len(number) < 5 else 0
    rows = list(looks_at(person).order_by("-pk")[page * 100 : page * 100 + 101])
    facts = {"looks": _shown(rows[:100]), "next": page + 1 if len(rows) > 100 else None}
    return render(request, "home/looks.html", facts)


@at_home
@require_GET
def held(request: HttpRequest, person: Person, app: str, how: str) -> HttpResponse:
    """What one app holds, as a piece of a page: ``held`` is masked, ``whole`` is not.

    ``kept`` says only what can be erased and what the law keeps.
    """
    if app not in home_parts.data_apps():
        raise Http404
    line = _whole if how == "whole" else _masked
    sections = [
        {"part": part, "rows": [[(str(f.name), line(f)) for f in row] for row in part.rows if row]}
        for part in home_parts.sections(acting(request), person, app)
    ]
    return render(request, "home/my_data_part.html", {"sections": sections, "how": how})


def _masked(fact: home_parts.Fact) -> str:
    return str(fact.shown) or plain(fact.value)


def plain(value: Any) -> str:
    """A value as text: times in the compound's zone, days as they are written."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


@at_home
@require_GET
def download(request: HttpRequest, person: Person) -> HttpResponse:
    """All of it for another program: whole numbers, since they are the person's own."""
    parts = home_parts.sections(acting(request), person)
    facts = {
        "person": person.name,
        "compound": person.compound.name,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "parts": [
            {
                "code": part.code,
                "title": str(part.title),
                "kept": str(part.kept),
                "erasable": part.erasable,
                "rows": [{str(fact.name): plain(fact.value) for fact in row} for row in part.rows],
            }
            for part in parts
        ],
        "looks": [
            {"at": plain(row.at), "who": str(row.user), "what": row.field, "why": row.reason}
            for row in looks_at(person).order_by("-pk")[:5000]
        ],
    }
    answer = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="linli-my-data.json"'
    return answer


@at_home
@require_GET
def printed(request: HttpRequest, person: Person) -> HttpResponse:
    """All of it for people: to read, print, or keep as PDF; whole numbers too."""
    facts = {"person": person, "apps": home_parts.data_apps(), "now": timezone.now()}
    facts["looks"] = _shown(looks_at(person).order_by("-pk")[:500])
    return render(request, "home/my_data_print.html", facts)


def _whole(fact: home_parts.Fact) -> str:
    shown = str(fact.shown)
    return plain(fact.value) if not shown or "*" in shown else shown


@at_home
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """Ask the desk to correct, or to erase; what the law keeps is said before."""
    facts: dict[str, Any] = {"kind": kind, "errors": {}, "given": request.POST}
    if request.method == "POST":
        text = request.POST.get("text", "")[:600]
        try:
            operations.ask_about_data(person, kind, text=text, actor=acting(request))
        except ValidationError as error:
            facts["errors"] = _by_field(error)
        else:
            return redirect("home-my-data")
    if kind == "erase":
        facts["apps"] = home_parts.data_apps()
    return render(request, "home/data_ask.html", facts, status=422 if facts["errors"] else 200)
