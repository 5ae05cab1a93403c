"""All handovers: found by name, words and day; to print, and to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from security.console.access import for_guards
from security.listing import MOST_ROWS, as_file, local, page_of, query_without_page
from security.models import Handover
from security.shifts.forms import FindForm


def found(request: Any, form: FindForm) -> Any:
    rows = Handover.objects.visible_to(request.user).of(request.compound)
    rows = form.within(rows.select_related("outgoing", "incoming"), "prepared_at")
    values = form.values()
    if state := values.get("state"):
        rows = rows.filter(state=state)
    for word in values.get("q", "").split():
        rows = rows.filter(
            Q(outgoing__name__icontains=word)
            | Q(incoming__name__icontains=word)
            | Q(note__icontains=word)
            | Q(remark__icontains=word)
        )
    return rows.order_by("-prepared_at", "-pk")


@for_guards
@require_GET
def history(request: Any) -> HttpResponse:
    form = FindForm(request.GET)
    rows = found(request, form)
    if "format" in request.GET:
        return as_file(_lines(rows), "handovers", request.GET["format"])
    context = {
        "form": form,
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "nothing": _nothing(bool(query_without_page(request))),
    }
    return render(request, "shifts/history.html", context)


def _nothing(searched: bool) -> dict[str, str]:
    if searched:
        title, after = _("No handover like this"), _("Try another name, or more days.")
        return {"icon": "search", "title": title, "next": after}
    title, after = _("No shift was handed over yet"), _("Begin with “Hand over the shift”.")
    return {"icon": "history", "title": title, "next": after}


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    parts = {
        "alerts": _("Open alerts"),
        "waiting": _("Cars waiting"),
        "kept_open": _("Lanes that stand open"),
        "devices": _("Devices that do not work"),
        "commands": _("Orders without an answer"),
    }
    yield (
        _("State"), _("Prepared"), _("Handed over by"), _("Signed"), _("Taken over by"),
        _("Accepted"), *parts.values(), _("Notes"), _("Remark"),
    )  # fmt: skip
    for row in rows[:MOST_ROWS].iterator(chunk_size=500):
        totals = row.snapshot.get("totals", {})
        yield (
            str(row.get_state_display()), local(row.prepared_at), str(row.outgoing),
            local(row.signed_at), str(row.incoming or ""), local(row.accepted_at),
            *(totals.get(name, "") for name in parts), row.note, row.remark,
        )  # fmt: skip
