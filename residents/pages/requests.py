"""A resident's repairs and complaints: report, follow, answer, rate, reopen."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.admin_base import show_refusal
from community.models import Unit
from residents import operations
from residents.models import (
    Category,
    Person,
    RequestNote,
    RequestPicture,
    Residency,
    ServiceRequest,
)
from residents.operations import request_pictures
from residents.pages.notices import PER_PAGE
from residents.pages.who import acting

MARKS = {
    "reported": "due",
    "assigned": "info",
    "in_work": "info",
    "done": "allow",
    "rated": "allow",
    "refused": "deny",
    "withdrawn": "off",
}
STATES = ("reported", "assigned", "in_work", "done")
ELSEWHERE = "0"


class Pictures(forms.FileInput):
    allow_multiple_selected = True


class RequestForm(forms.Form):
    """What is wrong, and where."""

    kind = forms.ChoiceField(
        label=_("What would you like to report?"), choices=ServiceRequest.Kind.choices
    )
    category = forms.ChoiceField(label=_("What is it about?"), choices=Category.choices)
    unit = forms.ChoiceField(label=_("Where is it?"), required=False)
    place = forms.CharField(label=_("Which place?"), max_length=80, required=False)
    description = forms.CharField(label=_("What is wrong?"), max_length=2000)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, homes: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = {str(home.pk): home for home in homes}
        choices = [(pk, home.code) for pk, home in self.homes.items()]
        field: Any = self.fields["unit"]
        field.choices = [*choices, (ELSEWHERE, _("Somewhere else in the compound"))]
        self.initial.setdefault("unit", choices[0][0] if choices else ELSEWHERE)

    def home(self) -> Unit | None:
        return self.homes.get(self.cleaned_data.get("unit") or "")


def _person(request: HttpRequest) -> Person:
    """The reader's own file in the compound that they work in. Raises Http404."""
    compound = getattr(request, "compound", None)
    rows = Person.objects.filter(user=acting(request), merged_into=None)
    found = rows.filter(compound=compound).first() if compound else rows.first()
    if found is None:
        raise Http404
    return found


def _homes(person: Person) -> list[Unit]:
    current = Residency.objects.filter(person=person).current(timezone.localdate())
    return list(Unit.objects.filter(pk__in=current.values("unit")).order_by("code"))


def _own(request: HttpRequest, pk: int) -> ServiceRequest:
    mine = ServiceRequest.objects.filter(person__user=acting(request))
    row: ServiceRequest = get_object_or_404(
        mine.select_related("unit", "assigned_to", "person"), pk=pk
    )
    return row


@login_required(login_url="home-sign-in")
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    rows = ServiceRequest.objects.filter(person__user=acting(request)).select_related("unit")
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    shown = [(row, MARKS[row.state]) for row in page]
    return render(request, "home/requests.html", {"page": page, "requests": shown})


@login_required(login_url="home-sign-in")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent twice, it is one request."""
    person = _person(request)
    homes = _homes(person)
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        homes=homes,
        initial={"key": uuid.uuid4().hex, "kind": "repair"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = _report(request, person, form)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("home-request", row.pk)
    status = 422 if form.errors else 200
    return render(
        request,
        "home/report.html",
        {"form": form, "most": request_pictures.MOST},
        status=status,
    )


def _report(request: HttpRequest, person: Person, form: RequestForm) -> ServiceRequest:
    """Reads at most one picture more than may be, each no further than its bound."""
    given = request.FILES.getlist("pictures")[: request_pictures.MOST + 1]
    pictures = [bytes(one.read(request_pictures.MOST_BYTES + 1)) for one in given]
    values = form.cleaned_data
    home = form.home()
    return operations.report_request(
        person=person,
        kind=values["kind"],
        category=values["category"],
        description=values["description"],
        key=f"{person.pk}:{values['key']}",
        unit=home,
        place=values["place"],
        pictures=pictures,
        actor=acting(request),
    )


@login_required(login_url="home-sign-in")
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _own(request, pk))


def _show(
    request: HttpRequest, row: ServiceRequest, errors: Any = None, status: int = 200
) -> HttpResponse:
    notes = RequestNote.objects.filter(request=row, is_internal=False).select_related("author")
    steps = [(state, str(ServiceRequest.State(state).label)) for state in STATES]
    reached = STATES.index(row.state) if row.state in STATES else len(STATES) - 1
    return render(
        request,
        "home/request.html",
        {
            "row": row,
            "mark": MARKS[row.state],
            "steps": steps if row.state not in ("refused", "withdrawn") else [],
            "reached": reached,
            "notes": [(note, note.author_id == request.user.pk) for note in notes],
            "pictures": RequestPicture.objects.filter(request=row),
            "late": row.state in STATES[:3] and row.due_at < timezone.now(),
            "stars": range(1, 6),
            "errors": errors or {},
        },
        status=status,
    )


@login_required(login_url="home-sign-in")
@require_POST
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """One deed of the person's own; what is refused stands on the page."""
    row, user = _own(request, pk), acting(request)
    try:
        if deed == "rate":
            given = request.POST.get("rating", "")
            rating = int(given) if given.isdecimal() and len(given) == 1 else 0
            operations.rate_request(row, rating, request.POST.get("text", ""), actor=user)
        elif deed == "reopen":
            operations.reopen_request(row, request.POST.get("why", ""), actor=user)
        elif deed == "answer":
            operations.answer_request(row, request.POST.get("said", ""), actor=user)
        else:
            operations.withdraw_request(row, actor=user)
    except ValidationError as refusal:
        told = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
        return _show(request, _own(request, pk), told, status=422)
    return redirect("home-request", row.pk)


@login_required(login_url="home-sign-in")
@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture, for whoever may see its request."""
    rows = RequestPicture.objects.visible_to(acting(request))
    body = request_pictures.open_picture(get_object_or_404(rows, pk=pk))
    if body is None:
        raise Http404
    return HttpResponse(
        body, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
    )
