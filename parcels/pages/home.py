"""A resident's parcels: opened at the locker, fetched by somebody else, reported, chosen where."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.pages import url_of
from community.prepared import Prepared
from parcels import operations
from parcels.models import Carrier, Kind, Parcel, ParcelPicture, ParcelReport, ProxyCode, Way
from parcels.operations import choices
from parcels.operations.codes import QR
from parcels.pages.home_asked import open_questions
from parcels.pages.home_near import asks_for, open_here
from parcels.shown import Shown, whole
from residents.models import Person
from residents.operations import request_pictures
from residents.pages.who import acting, at_home

PER_PAGE = 20
LIVE_MOST = 60


_one = Prepared(
    lambda person, parcel: whole(Parcel.objects.filter(person=person, pk=parcel)),
    person=int, parcel=int,
)  # fmt: skip
_at_its_door = Prepared(
    lambda person, parcel: Parcel.objects.filter(person=person, pk=parcel)
    .select_related("compartment__bank__device", "command"),
    person=int, parcel=int,
)  # fmt: skip
_live = Prepared(
    lambda person: whole(Parcel.objects.live().filter(person=person))
    .exclude(state=Parcel.State.OPENING).order_by("keep_until", "pk")[:LIVE_MOST],
    person=int,
)  # fmt: skip
_reports = Prepared(
    lambda parcel: ParcelReport.objects.filter(parcel=parcel).order_by("-pk")[:5], parcel=int
)
_pictures = Prepared(lambda parcel: ParcelPicture.objects.filter(parcel=parcel), parcel=int)
_proxies = Prepared(
    lambda parcel: ProxyCode.objects.filter(parcel=parcel, ended_at=None)[:1], parcel=int
)


def _own(person: Person, pk: int | str, question: Prepared = _one) -> Parcel:
    row: Parcel | None = question.first(person=person.pk, parcel=int(pk))
    if row is None:
        raise Http404
    return row


def _waiting(person: Person) -> list[Shown]:
    return [Shown(row) for row in _live(person=person.pk)]


@at_home
@require_GET
def parcels(request: HttpRequest, person: Person) -> HttpResponse:
    rows = whole(Parcel.objects.filter(person=person, ended_at__isnull=False))
    past = rows.exclude(state=Parcel.State.UNDONE)
    page = Paginator(past.order_by("-ended_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "waiting": _waiting(person),
        "asked": open_questions(person),
        "page": page,
        "past": [Shown(row) for row in page],
        "has_choice": choices.current(person).exists(),
    }
    return render(request, "home/parcels.html", facts)


@at_home
@require_GET
def card(request: HttpRequest, person: Person) -> HttpResponse:
    waiting = _waiting(person)
    facts = {"waiting": waiting[:3], "count": len(waiting), "asked": open_questions(person)}
    return render(request, "home/card_parcels.html", facts)


@at_home
@require_GET
def parcel(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    return _show(request, _own(person, pk))


def _show(
    request: HttpRequest, row: Parcel, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    shown = Shown(row)
    facts: dict[str, Any] = {
        "parcel": shown,
        "row": row,
        "errors": errors or {},
        "reports": _reports(parcel=row.pk),
        "whats": ParcelReport.What.choices,
        "pictures": _pictures(parcel=row.pk),
        "proxy": _proxies.first(parcel=row.pk) if row.is_live else None,
    }
    if shown.may_open:
        facts |= {"qr": f"{QR}:{row.secret}", "column": shown.column}
        bank = row.compartment.bank if row.compartment else None
        facts["others"] = operations.others_here(row, bank) if bank else []
        facts["asks_for"] = asks_for(request, bank)
    facts["own_address"] = url_of("home-parcel", row.pk)
    answer = render(request, "home/parcel.html", facts, status=status)
    answer["Content-Location"] = facts["own_address"]
    return answer


@at_home
@require_POST
def act(request: HttpRequest, person: Person, pk: int, deed: str) -> HttpResponse:
    """One deed of the recipient's own; what is refused stands on the page."""
    row, user = _own(person, pk), acting(request)
    try:
        if deed == "open":
            taken = open_here(request, row)
            taken.carrier = row.carrier
            return _show(request, taken)
        if deed == "again":
            operations.take_again(row, actor=user)
        elif deed == "shut":
            operations.say_shut(row, operations.door_of(row), actor=user)
        elif deed == "later":
            operations.prolong(row, actor=user)
        elif deed == "proxy":
            operations.let_fetch(row, name=request.POST.get("name", ""), actor=user)
        elif deed == "report":
            _report(request, row)
    except ValidationError as refusal:
        told = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
        errors = {name: texts[0] for name, texts in told.items()}
        return _show(request, _own(person, pk), errors, status=422)
    return redirect("home-parcel", row.pk)


def _report(request: HttpRequest, row: Parcel) -> None:
    given = request.FILES.get("picture")
    body = bytes(given.read(request_pictures.MOST_BYTES + 1)) if given else b""
    operations.report(
        row,
        what=request.POST.get("what", ""),
        text=request.POST.get("text", ""),
        picture=body,
        actor=acting(request),
    )


@at_home
@require_GET
def state(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """What the door said; with ``seen=0`` or ``1``, what the page shows, once that is news."""
    row = _own(person, pk, _at_its_door)
    seen = request.GET.get("seen", "")
    return JsonResponse(operations.state_as_shown(row, seen, actor=acting(request)))


@at_home
@require_http_methods(["GET", "POST"])
def ways(request: HttpRequest, person: Person) -> HttpResponse:
    """Consent: where things are left, by carrier and kind; the narrowest counts."""
    carriers = {str(one.pk): one for one in _carriers(person)}
    given = {name: request.POST.get(name, "")[:40] for name in ("carrier", "kind", "way")}
    given["neighbour"] = request.POST.get("neighbour", "")[:32]
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            operations.choose(
                person,
                given["way"],
                carrier=_carrier(carriers, given["carrier"]),
                kind=given["kind"],
                neighbour=given["neighbour"],
                actor=acting(request),
            )
        except ValidationError as refusal:
            told = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
            errors = {name: texts[0] for name, texts in told.items()}
        else:
            return redirect("home-parcel-ways")
    facts = {
        "given": given,
        "errors": errors,
        "choices": list(choices.current(person)),
        "carriers": carriers.values(),
        "kinds": [one for one in Kind.choices if one[0] != Kind.OUTGOING],
        "ways": Way.choices,
        "brought_home": operations.is_brought_home(person),
    }
    return render(request, "home/parcel_ways.html", facts, status=422 if errors else 200)


def _carriers(person: Person) -> Any:
    return Carrier.objects.filter(compound=person.compound_id, is_active=True).order_by("name")


def _carrier(carriers: dict[str, Carrier], key: str) -> Carrier | None:
    if not key:
        return None
    if key not in carriers:
        raise ValidationError({"carrier": _("Choose a carrier that delivers here.")})
    return carriers[key]
