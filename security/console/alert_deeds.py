"""Alerts at the desk: the strip, the list in pages, and each step from hand to hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.models import User
from security import alert_board, alerts, duty
from security.console.access import for_guards, number
from security.console.deeds import Said, answer, say
from security.models import Alert, FireAlarm
from security.operations import fire
from security.operations.fire import burning

#: Who sets devices up, and so may see their pages.
SETTERS = frozenset({"manager", "installer"})

WITH = ("device", "lane", "taken_by", "assigned_to", "closed_by")


def own_alert(request: Any, key: int) -> Alert:
    rows = Alert.objects.visible_to(request.user).of(request.compound)
    return get_object_or_404(rows.select_related(*WITH), pk=key)


@for_guards
@require_GET
def strip(request: Any) -> HttpResponse:
    return render(request, "guard/alerts.html", strip_context(request))


def strip_context(request: Any) -> dict[str, Any]:
    return {
        "alerts": alert_board.strip(request.user, request.compound),
        "fire": burning(request.compound.pk),
    }


@for_guards
@require_GET
def listed(request: Any) -> HttpResponse:
    """A page of alerts, by state and severity; what was chosen comes with each refresh."""
    show = request.GET.get("show", "open")
    show = show if show in alert_board.FILTERS else "open"
    severity = number(request.GET.get("severity"))
    found, rows = alert_board.page(
        request.user,
        request.compound,
        show=show,
        severity=severity,
        number=number(request.GET.get("page")),
    )
    context = {
        "page": found,
        "rows": rows,
        "show": show,
        "severity": severity,
        "filters": alert_board.FILTERS.items(),
        "severities": Alert.Severity.choices,
    }
    return render(request, "guard/alert_list.html", context)


def _bank(request: Any, alert: Alert) -> Any:
    """The locker bank to see to, for those who may set one up."""
    may = request.user.is_staff and request.user.roles_in(alert.compound_id) & SETTERS
    return alerts.bank_of(alert) if may else None


def dialog_context(request: Any, alert: Alert, errors: Any = None) -> dict[str, Any]:
    endings = [pair for pair in Alert.Ending.choices if pair[0] != Alert.Ending.OVER]
    return {
        "alert": alert,
        "bank": _bank(request, alert),
        "row": alert_board.alert_row(alert),
        "on_duty": duty.on_duty(request.compound),
        "endings": endings,
        "errors": errors or {},
        "chosen": request.POST.get("ending", ""),
        "note": request.POST.get("note", "")[:200],
    }


@for_guards
@require_GET
def dialog(request: Any, key: int) -> HttpResponse:
    context = dialog_context(request, own_alert(request, key))
    return render(request, "guard/alert.html", context)


@for_guards
@require_POST
def take(request: Any, key: int) -> HttpResponse:
    taken = alerts.acknowledge(own_alert(request, key), request.user)
    if taken.taken_by_id == request.user.pk:
        return stepped(request, say("info", _("The alert is yours now.")))
    if taken.taken_by is None:
        return stepped(request, say("ask", str(alerts.AlertMoved(taken))))
    said = say("ask", _("%(who)s has already taken this alert.") % {"who": taken.taken_by})
    return stepped(request, said)


@for_guards
@require_POST
def assign(request: Any, key: int) -> HttpResponse:
    alert = own_alert(request, key)
    to = User.objects.filter(pk=number(request.POST.get("to"))).first()
    try:
        if to is None:
            raise ValidationError({"to": _("Choose somebody who is on duty here.")})
        alerts.assign(alert, request.user, to)
    except ValidationError as error:
        context = dialog_context(request, alert, error.message_dict)
        return render(request, "guard/alert.html", context, status=422)
    except alerts.AlertMoved as error:
        return stepped(request, say("ask", str(error)), 409)
    return stepped(request, say("info", _("The alert is now with %(who)s.") % {"who": to}))


@for_guards
@require_POST
def close(request: Any, key: int) -> HttpResponse:
    alert = own_alert(request, key)
    ending, note = request.POST.get("ending", ""), request.POST.get("note", "")
    try:
        closed = alerts.close_with(alert, request.user, ending, note)
    except ValidationError as error:
        context = dialog_context(request, alert, error.message_dict)
        return render(request, "guard/alert.html", context, status=422)
    except alerts.AlertMoved as error:
        return stepped(request, say("ask", str(error)), 409)
    facts = {"ending": closed.get_ending_display()}
    return stepped(request, say("allow", _("Alert closed: %(ending)s.") % facts))


@for_guards
@require_POST
def end_fire(request: Any, key: int) -> HttpResponse:
    """The danger is over: said on purpose, with a tick."""
    rows = FireAlarm.objects.visible_to(request.user).of(request.compound)
    alarm = get_object_or_404(rows, pk=key)
    try:
        fire.end_fire(alarm, request.user, sure=request.POST.get("sure") == "yes")
    except ValidationError as error:
        return stepped(request, say("ask", " ".join(error.messages)), 422)
    return stepped(request, say("allow", _("The fire alarm is ended. Exit doors close again.")))


def stepped(request: Any, said: Said, status: int = 200) -> HttpResponse:
    """The strip again, with what was done; the dialog that sent it closes."""
    found = answer(request, "guard/alerts.html", strip_context(request) | {"said": said}, status)
    if request.htmx:
        found["HX-Retarget"] = "#alerts"
        found["HX-Trigger"] = "close-dialog, alerts-changed"
    return found
