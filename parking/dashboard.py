"""The car park on the office's first page: how full it is, what came in, which permits end soon."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from community.dashboard import Part, Stat
from community.querysets import OFFICE
from parking import occupancy
from parking.models import Payment, Permit
from parking.operations.permits import ending_soon
from parking.spans import DAY, Span
from parking.tariff_words import yuan


def part(request: Any) -> Part:
    """Three figures for the office; where no area is set up, how full it is is not told."""
    compound = request.compound
    if not request.user.roles_in(compound) & OFFICE:
        return Part()
    return Part(stats=[*_full(compound), _income(compound), _ending(request)])


def badges(request: Any) -> dict[str, Any]:
    """Permits about to end, for the sidebar to count."""
    return {"parking.permit": _soon(request)}


def _soon(request: Any) -> Any:
    seen = Permit.objects.visible_to(request.user).values("pk")
    return ending_soon(request.compound, timezone.localdate()).filter(pk__in=seen)


def _full(compound: Any) -> list[Stat]:
    whole = [level for level in occupancy.levels(compound) if level.area.whole]
    return [
        Stat(
            _("Cars inside"), level.inside, pgettext("unit", "cars"),
            _("of %(n)s places") % {"n": level.area.capacity}, _inside_url(compound),
            "ask" if level.free == 0 else "",
        )
        for level in whole
    ]  # fmt: skip


def _inside_url(compound: Any) -> str:
    query = {"compound__id__exact": compound.pk, "left_at__isempty": 1, "area__isnull": "True"}
    return f"{reverse('admin:parking_stay_changelist')}?{urlencode(query)}"


def _income(compound: Any) -> Stat:
    """What was paid today, before anything was given back."""
    today = Span(DAY, timezone.localdate())
    start, end = today.bounds(timezone.get_current_timezone())
    rows = Payment.objects.of(compound).settled().filter(paid_at__gte=start, paid_at__lt=end)
    fen = rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    url = f"{reverse('parking-report')}?when={today.code}"
    return Stat(_("Parking paid today"), yuan(fen), "", _("by phone and in cash"), url)


def _ending(request: Any) -> Stat:
    count = _soon(request).count()
    query = {"compound__id__exact": request.compound.pk, "state": "soon"}
    return Stat(
        _("Permits about to end"), count, pgettext("unit", "permits"), _("within 30 days"),
        f"{reverse('admin:parking_permit_changelist')}?{urlencode(query)}",
        "due" if count else "",
    )  # fmt: skip
