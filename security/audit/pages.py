"""The audit of the ways in, for managers: a page and a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from community.models import Gate
from security.audit.counting import GUARD, Line, count
from security.listing import PeriodForm, as_file, midnight, query_without_page
from security.words import way_word

DAYS = 30


class AuditForm(PeriodForm):
    """Days and one gate; without days the last thirty."""

    gate = forms.ModelChoiceField(
        label=gettext_lazy("Gate"), queryset=Gate.objects.none(), required=False
    )

    def __init__(self, rows: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["gate"]
        choice.queryset, choice.empty_label = rows, _("All")


@login_required
@require_GET
def page(request: Any) -> HttpResponse:
    """Waiting time and refusals by way in and gate, and in words whether one is worse."""
    if not request.compound or "manager" not in request.user.roles_in(request.compound):
        raise PermissionDenied
    gates = Gate.objects.of(request.compound).filter(kind=Gate.Kind.PEDESTRIAN)
    form = AuditForm(gates, request.GET)
    since, until, gate = _asked(form)
    lines = count(
        request.user,
        request.compound,
        since=midnight(since),
        until=midnight(until + timedelta(days=1)),
        gate=gate.pk if gate else 0,
    )
    if "format" in request.GET:
        return as_file(_rows(lines), "ways-in", request.GET["format"])
    context = {
        "form": form,
        "since": since,
        "until": until,
        "whole": [shown(line) for line in lines if not line.gate],
        "gates": [shown(line) for line in lines if line.gate],
        "said": in_words(lines),
        "worse": any(line.worse for line in lines),
        "query": query_without_page(request),
        "any": any(line.tally.shown for line in lines),
    }
    return render(request, "audit/page.html", context)


def _asked(form: AuditForm) -> tuple[date, date, Gate | None]:
    values = form.values()
    until = values.get("until") or timezone.localdate()
    since = values.get("since") or until - timedelta(days=DAYS - 1)
    return since, until, values.get("gate")


def name_of(way: str) -> str:
    words = {GUARD: _("By the guard"), "face": _("Face")}
    return words.get(way) or way_word(way)


def word(line: Line) -> str:
    """Whether this way is worse than the others together."""
    if line.way == GUARD:
        return _("Opened for those without another way; not compared.")
    if not line.enough:
        return _("Too few to say.")
    if line.more_refused and line.slower:
        return _("Worse: refused more often, and slower.")
    if line.more_refused:
        return _("Worse: refused more often than by the other ways.")
    if line.slower:
        return _("Worse: slower than the other ways.")
    return _("As good as the others.")


def in_words(lines: list[Line]) -> str:
    """The result in one or two sentences."""
    if not any(line.enough for line in lines if line.way != GUARD):
        return _("Too few people went through on foot in these days to compare the ways in.")
    worse = [line for line in lines if line.worse and line.way != GUARD]
    if not worse:
        return _("No way in was worse than the others: refusals and waiting are alike.")
    names = [" ".join([line.gate, name_of(line.way)]).strip() for line in worse]
    text = _("Worse than the others: %(ways)s. Look for the cause: reader, light or instructions.")
    return text % {"ways": "、".join(names)}


def shown(line: Line) -> dict[str, Any]:
    tally = line.tally
    return {
        "gate": line.gate,
        "way": name_of(line.way),
        "shown": tally.shown,
        "refused": tally.refused,
        "share": percent(tally.refusals),
        "asked": tally.asked,
        "wait": seconds(tally.wait),
        "long": tally.long,
        "word": word(line),
        "mark": "deny" if line.worse else "allow" if line.enough else "info",
    }


def percent(share: float | None) -> str:
    return f"{100 * share:.1f} %" if share is not None else "–"


def seconds(wait: float | None) -> str:
    return f"{wait:.2f}" if wait is not None else "–"


def _rows(lines: list[Line]) -> Iterator[tuple[Any, ...]]:
    yield (
        _("Gate"), _("Way in"), _("Shown"), _("Refused"), _("Refused, share"),
        _("Guard asked"), _("Mean wait in seconds"), _("Waited over 5 s"), _("In words"),
    )  # fmt: skip
    for line in lines:
        row = shown(line)
        yield (
            row["gate"] or _("All"), row["way"], row["shown"], row["refused"], row["share"],
            row["asked"], row["wait"], row["long"], row["word"],
        )  # fmt: skip


urlpatterns = [path("guard/audit/", page, name="way-audit")]
