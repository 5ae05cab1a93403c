"""The month's statistics in the office: figures with their lists, charts, a file to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from community import events
from community.admin_base import acting
from community.dashboard import Stat
from community.models import Compound
from community.office_export import TYPES
from community.sheets import WRITERS
from residents import statistics
from residents.statistics import GONE, MONTHS, TAKEN, Figures, Month

#: The chart: a plot of 722 x 140 units, its foot at 165.
LEFT, FOOT, STEP, HEIGHT = 37, 165, 60, 132
#: The same lying, for a phone: 340 units wide, a month every 32, bars from 52 on, 248 at most.
ROW, BEGIN, LENGTH = 32, 52, 248
TITLES: dict[str, Any] = {
    "hukou_province": gettext_lazy("Arrivals by origin"),
    "reason": gettext_lazy("Arrivals by reason for coming"),
    "unit__building__id": gettext_lazy("Arrivals by building"),
}


class InTimeFilter(admin.SimpleListFilter):
    """Registrations of people who moved in in a month, handed in by the first deadline or not."""

    title = gettext_lazy("Registered in time")
    parameter_name = "in_time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        month = statistics.month_of(self.value_of(request), timezone.localdate())
        return [
            (f"{month.code}:yes", f"{month.code} {_('Registered in time')}"),
            (f"{month.code}:late", f"{month.code} {_('Not in time')}"),
        ]

    def value_of(self, request: HttpRequest) -> str:
        return str(request.GET.get(self.parameter_name, "")).partition(":")[0]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        text, _colon, which = str(self.value() or "").partition(":")
        compound: Compound | None = getattr(request, "compound", None)
        if which not in ("yes", "late") or compound is None:
            return queryset
        kept, late = statistics.in_time(compound, statistics.month_of(text, timezone.localdate()))
        return queryset.filter(pk__in=kept if which == "yes" else late)


class Statistics:
    """For the page of registrations: ``statistics/`` and ``statistics/<csv|xlsx>/`` beside it."""

    def get_urls(self: Any) -> list[URLPattern]:
        view, file = (
            self.admin_site.admin_view(one) for one in (self.statistics_view, self.statistics_file)
        )
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            path("statistics/", view, name="residents_registration_statistics"),
            path("statistics/<str:form>/", file, name="residents_registration_statistics_file"),
            *urls,
        ]

    def _compound(self: Any, request: HttpRequest) -> Compound:
        """The compound worked in. Raises PermissionDenied."""
        compound: Compound | None = getattr(request, "compound", None)
        roles = acting(request).roles_in(compound) if compound else set()
        if compound is None or not roles & self.read_roles:
            raise PermissionDenied
        return compound

    def statistics_view(self: Any, request: HttpRequest) -> HttpResponse:
        compound, today = self._compound(request), timezone.localdate()
        month = statistics.month_of(request.GET.get("month", ""), today)
        figures = statistics.of_month(compound, month)
        context = self.admin_site.each_context(request) | {
            "title": _("Statistics of %(month)s") % {"month": month.code},
            "opts": self.model._meta,
            "compound": compound,
            "month": month.code,
            "months": [Month(today.replace(day=1)).back(n).code for n in range(24)],
            "figures": figures,
            "stats": stats(figures, compound),
            "chart": chart(statistics.year_before(compound, month), compound),
            "tables": tables(figures, compound),
            "printed_at": timezone.now(),
        }
        return TemplateResponse(request, "admin/residents/registration/statistics.html", context)

    def statistics_file(self: Any, request: HttpRequest, form: str) -> HttpResponse:
        """The figures as a table; it is recorded who took them."""
        compound = self._compound(request)
        if form not in WRITERS:
            raise Http404
        month = statistics.month_of(request.GET.get("month", ""), timezone.localdate())
        with events.writing():
            events.record(
                "list.exported", compound=compound, actor=acting(request),
                table="residents.statistics", form=form,
            )  # fmt: skip
        rows = list(file_rows(statistics.of_month(compound, month), compound))
        name = f"statistics-{month.code}.{form}"
        answer: Any = StreamingHttpResponse(
            WRITERS[form](rows),
            content_type=TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
        return answer


def url(compound: Compound, **filters: Any) -> str:
    """The list that shows exactly what was counted."""
    listed = reverse("admin:residents_registration_changelist")
    return f"{listed}?{urlencode({'compound__id__exact': compound.pk} | filters)}"


def came(month: Month) -> dict[str, Any]:
    days = {"moved_in_on__gte": month.first, "moved_in_on__lt": month.after}
    return days | {"state__in": ",".join(TAKEN)}


def went(month: Month) -> dict[str, Any]:
    days = {"ended_on__gte": month.first, "ended_on__lt": month.after}
    return days | {"end_reason__in": ",".join(GONE)}


def stats(figures: Figures, compound: Compound) -> list[Stat]:
    month, unit = figures.month, pgettext("unit", "people")
    late = url(compound, in_time=f"{month.code}:late")
    due = len(figures.in_time) + len(figures.late)
    return [
        Stat(_("Arrivals"), figures.arrivals, unit, _("moved in and accepted"),
             url(compound, **came(month))),
        Stat(_("Departures"), figures.departures, unit, _("moved out or ran out"),
             url(compound, **went(month))),
        Stat(_("Registered in time"), len(figures.in_time), unit,
             _("of %(n)s that were due") % {"n": due},
             url(compound, in_time=f"{month.code}:yes")),
        Stat(_("Not in time"), len(figures.late), unit, _("handed in late, or not yet"), late,
             "ask" if figures.late else ""),
    ]  # fmt: skip


def chart(year: list[tuple[Month, int, int]], compound: Compound) -> dict[str, Any]:
    """Bars of twelve months, two beside each other, each with its list."""
    top = max([*(n for _month, *both in year for n in both), 1])
    return {
        "bars": [
            {
                "x": LEFT + place * STEP + side * 23,
                "y": FOOT - n * HEIGHT / top,
                "h": n * HEIGHT / top,
                "n": n,
                "style": "o-c" if side else "o-p",
            }
            for place, (_month, *both) in enumerate(year)
            for side, n in enumerate(both)
            if n
        ],
        "ticks": [
            {"x": LEFT + 22 + place * STEP, "word": f"{month.first:%y-%m}"}
            for place, (month, *_both) in enumerate(year)
        ],
        "lying": lying(year, top),
        "table": [
            (month.code, a, url(compound, **came(month)), d, url(compound, **went(month)))
            for month, a, d in year
        ],
        "any": any(a or d for _month, a, d in year),
        "summary": _("Arrivals and departures of %(n)s months, at most %(top)s in a month")
        % {"n": MONTHS, "top": top},
    }


def lying(year: list[tuple[Month, int, int]], top: int) -> dict[str, Any]:
    """The bars from left to right, a month below the other: numbers and months stay readable."""
    bars = [
        {
            "y": place * ROW + side * 14,
            "w": n * LENGTH / top,
            "end": BEGIN + n * LENGTH / top + 5,
            "n": n,
            "style": "o-c" if side else "o-p",
        }
        for place, (_month, *both) in enumerate(year)
        for side, n in enumerate(both)
        if n
    ]
    ticks = [
        {"y": place * ROW + 18, "word": f"{month.first:%y-%m}"}
        for place, (month, *_both) in enumerate(year)
    ]
    return {"bars": bars, "ticks": ticks, "x": BEGIN, "height": len(year) * ROW}


def tables(figures: Figures, compound: Compound) -> list[dict[str, Any]]:
    return [
        {
            "title": TITLES[column],
            "most": max((n for *_word, n in rows), default=1),
            "rows": [
                {
                    "name": word or _("not given"),
                    "n": n,
                    "url": url(compound, **came(figures.month), **{_lookup(column): code}),
                }
                for code, word, n in rows
            ],
        }
        for column, rows in statistics.named(figures, compound)
    ]


def _lookup(column: str) -> str:
    return f"{column}__exact"


def file_rows(figures: Figures, compound: Compound) -> Iterator[Sequence[Any]]:
    yield [_("Statistics of %(month)s") % {"month": figures.month.code}, compound.name]
    yield [_("Figure"), _("Number")]
    yield [_("Arrivals"), figures.arrivals]
    yield [_("Departures"), figures.departures]
    yield [_("Registered at the end of the month"), figures.living]
    yield [_("Registered in time"), len(figures.in_time)]
    yield [_("Not in time"), len(figures.late)]
    share = figures.share
    yield [_("Registered in time, %"), "" if share is None else round(share, 1)]
    for column, rows in statistics.named(figures, compound):
        yield []
        yield [str(TITLES[column]), _("Number")]
        for _code, word, n in rows:
            yield [word or _("not given"), n]
