"""What the guard's own lists share: days from and to, pages, and a file to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.sheets import WRITERS

PER_PAGE = 25
#: Rows of one file; more are asked for by a shorter period.
MOST_ROWS = 20_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day.")},
    )


class PeriodForm(forms.Form):
    """Days from and to, both included; what is wrong in one field leaves the others in force."""

    since = day_field(_("From"))
    until = day_field(_("To"))

    def within(self, rows: Any, field: str) -> Any:
        """``rows`` of the chosen days, by their moment in ``field``."""
        values = self.values()
        if since := values.get("since"):
            rows = rows.filter(**{f"{field}__gte": midnight(since)})
        if until := values.get("until"):
            rows = rows.filter(**{f"{field}__lt": midnight(until + timedelta(days=1))})
        return rows

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The asked page; the nearest one there is for anything else."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """The filters of this request, for links to other pages and to the file."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("format", None)
    return query.urlencode()


def as_file(rows: Iterable[Sequence[Any]], name: str, form: str) -> HttpResponse:
    """A list to take away; ``form`` is csv or xlsx, csv for anything else."""
    form = form if form in WRITERS else "csv"
    # Made here and now: while a stream is sent, the reader's language is no longer active.
    answer = HttpResponse(b"".join(WRITERS[form](rows)), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def local(at: datetime | None) -> str:
    """A moment as a list shows it: the compound's day and minute."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
