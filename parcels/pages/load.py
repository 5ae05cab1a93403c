"""For desk and manager: how full the lockers are, what carriers brought, what is out of order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import events
from community.models import Compound
from community.office_export import TYPES
from community.querysets import OFFICE
from community.sheets import WRITERS
from parcels import load, operations
from parcels.models import Compartment, Parcel
from parcels.search import place_of

#: The chart, in its own units: hours every 30 from 40 on, bars 22 wide, foot at 165.
LEFT, STEP, FOOT, HEIGHT = 40, 30, 165, 132
MONTHS = 12
MOST_FAULTS = 200
CLASSES = {"small": "o-p", "medium": "o-c", "large": "o-l"}


def for_office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``view(request, compound, …)`` for desk and manager of the compound worked in."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        compound: Compound | None = getattr(request, "compound", None)
        if compound is None or not (user.is_staff and user.roles_in(compound.pk) & OFFICE):
            raise PermissionDenied
        return view(request, compound, *args, **kwargs)

    return guarded


@require_safe
@for_office
def month(request: HttpRequest, compound: Compound) -> HttpResponse:
    """A month: parcels put in by hour and size, and carriers' totals."""
    today = timezone.localdate()
    found = load.of_month(compound, load.month_of(request.GET.get("month", ""), today))
    months = [load.before(today.replace(day=1), n) for n in range(MONTHS)]
    context = {
        "load": found,
        "month": f"{found.first_day:%Y-%m}",
        "months": [f"{one:%Y-%m}" for one in months],
        "chart": chart(found),
        "sizes": [
            (CLASSES[size], Compartment.Size(size).label, found.taken[size], found.places[size])
            for size in load.SIZES
        ],
    }
    return render(request, "parcels/load.html", context)


def chart(found: load.Load) -> dict[str, Any]:
    """Bars of 24 hours, the sizes on one another; the same figures as a table."""
    top = max([*(sum(hour.values()) for hour in found.hours), 1])
    bars, table = [], []
    for number, hour in enumerate(found.hours):
        foot = float(FOOT)
        for size in load.SIZES:
            tall = hour[size] / top * HEIGHT
            foot -= tall
            if tall:
                bars.append((CLASSES[size], LEFT + number * STEP, foot, tall))
        table.append((f"{number:02}:00", [hour[size] for size in load.SIZES], sum(hour.values())))
    return {
        "bars": bars,
        "table": table,
        "ticks": [(LEFT + hour * STEP + 11, f"{hour:02}") for hour in range(0, 24, 3)],
        "top": top,
        "summary": _("%(n)s parcels put in, the most of them at %(hour)s") % {
            "n": found.put_in, "hour": max(table, key=lambda row: row[2])[0]
        },
    }  # fmt: skip


@require_safe
@for_office
def file(request: HttpRequest, compound: Compound, form: str) -> HttpResponse:
    """Carriers' totals as a table; it is recorded who took them."""
    user: Any = request.user
    if form not in WRITERS:
        raise Http404
    first = load.month_of(request.GET.get("month", ""), timezone.localdate())
    with events.writing():
        events.record(
            "list.exported", compound=compound, actor=user, table="parcels.load", form=form
        )
    rows = list(file_rows(load.of_month(compound, first)))
    name = f'attachment; filename="parcels-{first:%Y-%m}.{form}"'
    answer: Any = StreamingHttpResponse(
        WRITERS[form](rows), content_type=TYPES[form], headers={"Content-Disposition": name}
    )
    return answer


def file_rows(found: load.Load) -> Iterator[list[Any]]:
    yield [
        _("Carrier"), _("Came"), _("Fetched"), _("Brought home"), _("Given to the carrier"),
        _("Still here"),
    ]  # fmt: skip
    for one in found.carriers:
        yield [one.carrier, one.came, one.fetched, one.delivered, one.returned, one.here]


@require_http_methods(["GET", "POST"])
@for_office
def faults(request: HttpRequest, compound: Compound) -> HttpResponse:
    """Compartments out of order, forced or left open, and parcels that somebody has to look at."""
    places = Compartment.objects.filter(bank__compound=compound).select_related("bank")
    if request.method == "POST":
        key = request.POST.get("place", "")
        row = get_object_or_404(places, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        user: Any = request.user
        out = request.POST.get("deed") == "out"
        operations.mark_compartment(row, out_of_order=out, actor=user)
        said = _("%(place)s is out of order.") if out else _("%(place)s is in use again.")
        messages.success(request, said % {"place": row})
        return redirect("parcel-faults")
    rows = places.filter(Q(is_faulty=True) | ~Q(alarm="")).order_by("bank__name", "number")
    shown = list(rows[:MOST_FAULTS])
    here = Parcel.objects.filter(compound=compound, ended_at=None)
    doubts = here.exclude(doubt="").select_related("carrier", "compartment__bank", "shelf")
    inside = set(here.filter(compartment__in=shown).values_list("compartment", flat=True))
    context = {
        "places": [(row, row.pk in inside) for row in shown],
        "doubts": [(row, place_of(row)) for row in doubts.order_by("-pk")[:MOST_FAULTS]],
    }
    return render(request, "parcels/faults.html", context)
