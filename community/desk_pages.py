"""`/desk/`: find somebody, see them at a glance, do and print what they need."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from community import desk, search
from community.admin_base import show_refusal
from community.models import Event
from community.querysets import OFFICE

#: Cases that a clerk had open last, on the desk's first page.
LAST = 8


def _case(request: Any, kind: str, pk: int) -> desk.Case:
    """The case of a page. Raises PermissionDenied for others than clerks, Http404."""
    _clerk(request)
    subject = desk.subjects().get(kind)
    if subject is None:
        raise Http404
    row = get_object_or_404(subject.rows(request.user, request.compound), pk=pk)
    return desk.Case(request.user, request.compound, kind, row)


def _clerk(request: Any) -> None:
    if not request.compound or not request.user.roles_in(request.compound) & OFFICE:
        raise PermissionDenied


@require_GET
@login_required
def first(request: HttpRequest) -> HttpResponse:
    """The big search, and whom this clerk served last."""
    _clerk(request)
    question = search.ask(request)
    found = search.groups(question) if question.text else []
    context = {"question": question, "groups": found, "last": _last(request)}
    return render(request, "desk/first.html", context)


def _last(request: Any) -> list[dict[str, Any]]:
    """The cases for which this clerk did something lately, the newest first."""
    done = Event.objects.of(request.compound).filter(kind="desk.done")
    payloads = done.order_by("-sequence")[:100].values_list("payload", "actor_id")
    keys: dict[tuple[str, int], None] = {}
    for payload, actor in payloads:
        if actor == request.user.pk:
            keys.setdefault((payload["subject"], payload["subject_id"]))
    found = []
    subjects = desk.subjects()
    for kind in {kind for kind, _pk in keys} & set(subjects):
        wanted = [pk for one, pk in keys if one == kind][:LAST]
        rows = subjects[kind].rows(request.user, request.compound).in_bulk(wanted)
        found += [{"kind": kind, "row": row, "subject": subjects[kind]} for row in rows.values()]
    order = list(keys)
    return sorted(found, key=lambda one: order.index((one["kind"], one["row"].pk)))[:LAST]


@require_GET
@login_required
def case(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One person or home at a glance."""
    here = _case(request, kind, pk)
    desk.opened(here)
    offered = desk.deeds(here)
    context = {
        "case": here,
        "subject": desk.subjects()[kind],
        "facts": desk.subjects()[kind].facts(here),
        "cards": [_drawn(card, offered) for card in desk.cards(here)],
        "papers": desk.papers(here).values(),
        "title": str(here.row),
    }
    return render(request, "desk/case.html", context)


def _drawn(card: desk.Card, offered: dict[str, desk.Deed]) -> dict[str, Any]:
    """A card with the deeds that this clerk may do, on the card and on its lines."""

    def pick(keys: Any) -> list[desk.Deed]:
        return [offered[key] for key in keys if key in offered]

    lines = [{"line": line, "deeds": pick(line.deeds)} for line in card.lines]
    return {"card": card, "deeds": pick(card.deeds), "lines": lines}


@require_http_methods(["GET", "POST"])
@login_required
def do(request: HttpRequest, kind: str, pk: int, key: str) -> HttpResponse:
    """The form of a deed, and the deed."""
    here = _case(request, kind, pk)
    deed = desk.deeds(here).get(key)
    if deed is None:
        raise Http404
    form = deed.form(here, _line(request, deed), _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            said = desk.do(deed, form)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, str(said))
            return redirect("desk-case", kind, pk)
    context = {"case": here, "deed": deed, "form": form, "title": deed.title}
    status = 422 if form.errors else 200
    return render(request, "desk/do.html", context, status=status)


def _sent(request: HttpRequest) -> Any:
    """What the form was sent with; None when it was only opened. An empty form counts as sent."""
    return request.POST if request.method == "POST" else None


def _line(request: HttpRequest, deed: desk.Deed) -> int:
    """The row of a card that the deed is about; 0 where it needs none. Raises Http404."""
    text = request.GET.get("row", "")
    if text.isdecimal() and len(text) < 19:
        return int(text)
    if deed.of_line:
        raise Http404
    return 0


@require_http_methods(["GET", "POST"])
@login_required
def paper(request: HttpRequest, kind: str, pk: int, key: str) -> HttpResponse:
    """A page to print; one with words to fill in asks for them first."""
    here = _case(request, kind, pk)
    wanted = desk.papers(here).get(key)
    if wanted is None:
        raise Http404
    desk.opened(here)
    values: dict[str, Any] = {}
    if wanted.form is not None:
        form = wanted.form(here, 0, _sent(request))
        if not (request.method == "POST" and form.is_valid()):
            context = {"case": here, "deed": wanted, "form": form, "is_paper": True}
            status = 422 if form.errors else 200
            return render(request, "desk/do.html", context | {"title": wanted.title}, status=status)
        values = form.cleaned_data
    facts = wanted.facts(request, here, values)
    context = {"case": here, "paper": wanted, "day": timezone.localdate(), **facts}
    return render(request, wanted.template, context)


urlpatterns: list[URLPattern] = [
    path("desk/", first, name="desk"),
    path("desk/<slug:kind>/<int:pk>/", case, name="desk-case"),
    path("desk/<slug:kind>/<int:pk>/do/<slug:key>/", do, name="desk-do"),
    path("desk/<slug:kind>/<int:pk>/print/<slug:key>/", paper, name="desk-paper"),
]
