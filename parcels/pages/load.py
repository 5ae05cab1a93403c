"""For desk and manager: how full the lockers are, what carriers brought, what is out of order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import events
from community.models import Compound
from community.office_export import TYPES
from community.querysets import OFFICE
from community.sheets import WRITERS
from parcels import load
from parcels.models import Compartment

#: The chart, in its own units: hours every 30 from 40 on, bars 22 wide, foot at 165.
LEFT, STEP, FOOT, HEIGHT = 40, 30, 165, 132
MONTHS = 12
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
    first = load.month_of(request.GET.get("month", ""), timezone.localdate())
    rows = file_rows(load.of_month(compound, first))
    return as_file(request, compound, form, rows, table="parcels.load", name=f"{first:%Y-%m}")


def as_file(
    request: HttpRequest,
    compound: Compound,
    form: str,
    rows: Iterable[list[Any]],
    *,
    table: str,
    name: str,
) -> HttpResponse:
    """Rows, the head first, as CSV or workbook. Raises Http404 for any other form."""
    user: Any = request.user
    if form not in WRITERS:
        raise Http404
    with events.writing():
        events.record("list.exported", compound=compound, actor=user, table=table, form=form)
    what = table.rpartition(".")[2]
    called = f'attachment; filename="{what}-{name}.{form}"'
    answer: Any = StreamingHttpResponse(
        WRITERS[form](list(rows)),
        content_type=TYPES[form],
        headers={"Content-Disposition": called},
    )
    return answer


def file_rows(found: load.Load) -> Iterator[list[Any]]:
    yield [
        _("Carrier"), _("Came"), _("Fetched"), _("Brought home"), _("Given to the carrier"),
        _("Still here"),
    ]  # fmt: skip
    for one in found.carriers:
        yield [one.carrier, one.came, one.fetched, one.delivered, one.returned, one.here]
