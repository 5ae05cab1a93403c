"""`/desk/parking/report/`: how full the car park was and what it earned, by hour, day and month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from community import events
from community.dashboard import Stat
from community.office_export import TYPES
from community.querysets import OFFICE
from community.sheets import WRITERS
from parking import reports
from parking.models import Area, ParkedAs
from parking.office.charts import Series, bars
from parking.office.doors import for_roles
from parking.reports import Report, Slot
from parking.spans import DAY, MONTH, YEAR, Span
from parking.tariff_words import yuan

#: Months that the page offers to choose from.
MONTHS = 24
LISTS = {"stay": "entered_at", "left": "left_at", "payment": "paid_at"}
PARTS = {
    DAY: gettext_lazy("Hour"), MONTH: gettext_lazy("Day"), YEAR: gettext_lazy("Month")
}  # fmt: skip


class Asked:
    """What the reader chose: a span, and one area or the whole compound."""

    def __init__(self, request: Any) -> None:
        self.compound, self.today = request.compound, timezone.localdate()
        self.span = Span.parse(request.GET.get("when", "")[:10], self.today)
        self.areas = list(Area.objects.of(self.compound).order_by("order", "name"))
        chosen = request.GET.get("area", "")
        inner = [row for row in self.areas if not row.whole]
        self.area = next((row for row in inner if str(row.pk) == chosen), None)
        self.inner = inner

    @property
    def capacity(self) -> int:
        """Places of what is shown; 0 where nobody has said."""
        rows = [self.area] if self.area else [row for row in self.areas if row.whole]
        return int(rows[0].capacity) if rows else 0

    def report(self) -> Report:
        return reports.of(self.compound, self.span, self.area)

    def query(self, span: Span) -> str:
        more = {"area": self.area.pk} if self.area else {}
        return "?" + urlencode({"when": span.code} | more)

    def months(self) -> list[str]:
        month, found = Span(MONTH, self.today.replace(day=1)), []
        for _number in range(MONTHS):
            found.append(month.code)
            month = month.beside(-1)
        chosen = self.span if self.span.kind != DAY else self.span.wider
        code = chosen.code if chosen else ""
        return found if code in found else [code, *found]


class Links:
    """The lists that show exactly what was counted."""

    def __init__(self, asked: Asked) -> None:
        self.compound, self.area = asked.compound, asked.area

    def to(self, what: str, start: datetime, after: datetime, **more: Any) -> str:
        """``what`` is "stay" (came in), "left" or "payment"; until just before ``after``."""
        column, last = LISTS[what], after - timedelta(seconds=1)
        query: dict[str, Any] = {"compound__id__exact": self.compound.pk}
        query |= {f"{column}_from_0": start.date(), f"{column}_from_1": start.time()}
        query |= {f"{column}_to_0": last.date(), f"{column}_to_1": last.time()} | more
        if what == "payment":
            return f"{reverse('admin:parking_payment_changelist')}?{urlencode(query)}"
        here = {"area__id__exact": self.area.pk} if self.area else {"area__isnull": "True"}
        return f"{reverse('admin:parking_stay_changelist')}?{urlencode(query | here)}"

    def debts(self) -> str:
        query = {"compound__id__exact": self.compound.pk}
        query |= {"settled_at__isempty": 1, "waived_at__isempty": 1}
        return f"{reverse('admin:parking_debt_changelist')}?{urlencode(query)}"


@for_roles(OFFICE)
@require_GET
def report(request: Any) -> HttpResponse:
    asked = Asked(request)
    found, links, span = asked.report(), Links(asked), asked.span
    facts = {
        "asked": asked, "found": found, "span": span, "months": asked.months(),
        "stats": stats(asked, found, links), "charts": charts(asked, found),
        "rows": list(rows(asked, found, links)), "part": PARTS[span.kind],
        "rights": rights(found, links),
        "wider": _door(asked, span.wider), "before": _door(asked, span.beside(-1)),
        "next": _door(asked, span.beside(1)) if span.after <= asked.today else None,
        "query": asked.query(span),
    }  # fmt: skip
    return render(request, "parking/report.html", facts)


def _door(asked: Asked, span: Span | None) -> tuple[str, str] | None:
    return (span.code, asked.query(span)) if span else None


def _ends(span: Span) -> tuple[datetime, datetime]:
    start, after = (datetime(day.year, day.month, day.day) for day in (span.first, span.after))  # noqa: DTZ001 - a clock's reading
    return start, after


def stats(asked: Asked, found: Report, links: Links) -> list[Stat]:
    total, ends = found.total, _ends(asked.span)
    cars, of = pgettext("unit", "cars"), asked.capacity
    full = _("of %(n)s places") % {"n": of} if of else _("no number of places is set")
    came, went = links.to("stay", *ends), links.to("left", *ends)
    told = [
        Stat(_("Came in"), total.entered, cars, _("in this time"), came),
        Stat(_("Left"), total.left, cars, _("in this time"), went),
        Stat(_("Most at once"), total.most_inside, cars, full, came,
             "ask" if of and total.most_inside >= of else ""),
    ]  # fmt: skip
    if not found.has_income:
        return told
    owed = _("%(sum)s, of this time") % {"sum": yuan(found.owed_fen)}
    return [
        *told,
        Stat(_("Income"), yuan(total.earned_fen), "", _("paid, less what was given back"),
             links.to("payment", *ends, state__exact="paid")),
        Stat(_("Price of the stays that ended"), yuan(total.charged_fen), "",
             _("paid or not"), went),
        Stat(_("Owed still"), found.debts, pgettext("unit", "debts"), owed, links.debts(),
             "ask" if found.debts else ""),
    ]  # fmt: skip


def charts(asked: Asked, found: Report) -> list[dict[str, Any]]:
    """Occupancy, cars and income by the parts of the span; and by the hour of the day."""
    slots, words = list(found.parts.values()), [_short(asked.span, part) for part in found.parts]
    of = asked.capacity
    full = [Series("", "o-p", [slot.most_inside for slot in slots])]
    told = [(_("Most cars at once"), bars(words, full, str, of), of)]
    told.append((_("Cars in and out"), bars(words, _ways(slots), str), 0))
    if found.has_income:
        money = [Series("", "o-p", [max(0, slot.earned_fen) for slot in slots])]
        told.append((_("Income"), bars(words, money, _whole_yuan), 0))
    if asked.span.kind != DAY:
        hours = [f"{hour:02}" for hour in range(24)]
        told.append((_("Cars by the hour of the day"), bars(hours, _ways(found.hours), str), 0))
    return [{"title": title, "chart": one, "of": of} for title, one, of in told if one]


def _ways(slots: Sequence[Slot]) -> list[Series]:
    return [
        Series(_("in"), "o-p", [slot.entered for slot in slots]),
        Series(_("out"), "o-c", [slot.left for slot in slots]),
    ]


def _whole_yuan(fen: int) -> str:
    return f"{fen / 100:,g}"


def _short(span: Span, part: datetime) -> str:
    return {DAY: f"{part:%H}", MONTH: f"{part.day}", YEAR: f"{part:%m}"}[span.kind]


def _word(span: Span, part: datetime) -> str:
    return {DAY: f"{part:%H:%M}", MONTH: f"{part:%m-%d}", YEAR: f"{part:%Y-%m}"}[span.kind]


def rows(asked: Asked, found: Report, links: Links) -> Iterator[dict[str, Any]]:
    """Each part with the lists behind its numbers, and the way into it."""
    for part, slot in found.parts.items():
        ends = (part, asked.span.next_part(part))
        inner = asked.span.narrower(part)
        yield {
            "name": _word(asked.span, part),
            "url": asked.query(inner) if inner else "",
            "slot": slot,
            "came": links.to("stay", *ends),
            "went": links.to("left", *ends),
            "paid": links.to("payment", *ends, state__exact="paid"),
            "earned": yuan(slot.earned_fen),
            "charged": yuan(slot.charged_fen),
        }


def rights(found: Report, links: Links) -> dict[str, Any]:
    """By what right the cars came in, the most frequent first."""
    counted = sorted(found.by_right.items(), key=lambda each: -each[1])
    return {
        "most": max(found.by_right.values(), default=1),
        "rows": [
            {
                "name": ParkedAs(value).label,
                "n": number,
                "url": links.to("stay", *_ends(found.span), parked_as__exact=value),
            }
            for value, number in counted
        ],
    }


@for_roles(OFFICE)
@require_GET
def report_file(request: Any, form: str) -> Any:
    """The table as a file; it is recorded who took it."""
    if form not in WRITERS:
        raise Http404
    asked = Asked(request)
    with events.writing():
        events.record(
            "list.exported", compound=asked.compound, actor=request.user, table="parking.report",
            form=form,
        )  # fmt: skip
    name = f"parking-{asked.span.code}.{form}"
    return StreamingHttpResponse(
        WRITERS[form](file_rows(asked, asked.report())),
        content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def file_rows(asked: Asked, found: Report) -> Iterator[Sequence[Any]]:
    """Amounts in yuan as numbers, so that a sheet can add them."""
    yield [_("Car park report"), asked.span.code, str(asked.area or asked.compound.name)]
    head = [str(PARTS[asked.span.kind]), _("Came in"), _("Left"), _("Most at once")]
    money = [_("Income, yuan"), _("Price of the stays that ended, yuan")]
    yield head + (money if found.has_income else [])
    for part, slot in found.parts.items():
        yield _file_row(_word(asked.span, part), slot, found)
    yield _file_row(_("All"), found.total, found)


def _file_row(name: str, slot: Slot, found: Report) -> list[Any]:
    cells: list[Any] = [name, slot.entered, slot.left, slot.most_inside]
    money = [slot.earned_fen / 100, slot.charged_fen / 100]
    return cells + (money if found.has_income else [])


urlpatterns = [
    path("desk/parking/report/", report, name="parking-report"),
    path("desk/parking/report/<str:form>/", report_file, name="parking-report-file"),
]
